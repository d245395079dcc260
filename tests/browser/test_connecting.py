"""Connecting as a person does it: the button, Google's page in a popup, and what the settings page says then."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.crm_pages import consent, go, log_in
from tests.browser.waiting import wait_until
from tests.e2e.data_sets import DOMAIN
from tests.e2e.driver import Driver


def settings_of(stack: Driver, person: BrowserContext, user: str) -> Page:
    """The demo CRM's settings page, logged in as this user."""
    page = person.new_page()
    page.goto(f"{stack.url}/settings")
    # The page is drawn anew: until then it offers the same to the user before.
    with page.expect_navigation():
        page.get_by_label("Logged in as").select_option(user)
    expect(page.get_by_role("button", name="Authenticate")).to_be_visible()
    return page


@pytest.fixture
def user(stack: Driver) -> str:
    return stack.next_name()


def test_a_person_connects_in_a_popup(stack: Driver, person: BrowserContext, user: str) -> None:
    page = settings_of(stack, person, user)

    consent(page, person, user)

    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()
    assert stack.call("GET", "/oauth/mailbox", token=stack.token(user), expect=200)["status"] == "connected"


def test_connecting_works_when_the_browser_severs_the_popup(
    stack: Driver, person: BrowserContext, user: str
) -> None:
    def sever(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, headers={**answer.headers, "cross-origin-opener-policy": "same-origin"}
        )

    person.route(f"{stack.url}/settings", sever)
    page = settings_of(stack, person, user)
    # The control: a popup without opener has to take the way round.
    with person.expect_event("request", lambda request: "/settings/connected" in request.url):
        consent(page, person, user)

    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()


def test_an_attackers_link_connects_nothing_in_another_persons_browser(
    stack: Driver, chromium: Browser, user: str
) -> None:
    attacker_token = stack.token(user)
    link = stack.call("POST", "/oauth/connections", {}, token=attacker_token, expect=201)["authorization_url"]
    victim_name = stack.next_name()
    victim = chromium.new_context(locale="en-GB")
    page = victim.new_page()

    page.goto(link)
    page.get_by_text(f"{victim_name}@", exact=False).first.click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was connected")
    expect(page.get_by_role("status")).not_to_be_visible()

    assert stack.raw("GET", "/oauth/mailbox", token=attacker_token).status_code == 404
    assert stack.raw("GET", "/oauth/mailbox", token=stack.token(victim_name)).status_code == 404
    victim.close()


def test_an_attackers_code_is_refused_in_another_persons_browser(
    stack: Driver, chromium: Browser, user: str
) -> None:
    link = stack.call("POST", "/oauth/connections", {}, token=stack.token(user), expect=201)[
        "authorization_url"
    ]
    attacker, victim = chromium.new_context(locale="en-GB"), chromium.new_context(locale="en-GB")
    # The attacker stops the redirect on its way, and keeps the code that it carries.
    attacker.route("**/oauth/callback**", lambda route: route.abort())
    page = attacker.new_page()
    page.goto(link)
    page.get_by_text(f"{user}@", exact=False).first.click()
    with page.expect_request("**/oauth/callback**") as caught:
        page.get_by_role("button", name="Allow").click()

    shown = victim.new_page()
    shown.goto(caught.value.url)

    expect(shown.get_by_role("alert")).to_contain_text("another browser")
    attacker.close()
    victim.close()


def test_refusing_at_google_is_said_in_the_popup(stack: Driver, person: BrowserContext, user: str) -> None:
    page = settings_of(stack, person, user)
    with person.expect_page() as opened:
        page.get_by_role("button", name="Authenticate").click()

    opened.value.get_by_role("button", name="Deny").click()

    expect(opened.value.get_by_role("alert")).to_contain_text("did not allow")
    assert stack.raw("GET", "/oauth/mailbox", token=stack.token(user)).status_code == 404


def test_who_refused_may_change_their_mind(stack: Driver, person: BrowserContext, user: str) -> None:
    page = settings_of(stack, person, user)
    with person.expect_page() as opened:
        page.get_by_role("button", name="Authenticate").click()
    opened.value.get_by_role("button", name="Deny").click()
    expect(opened.value.get_by_role("alert")).to_contain_text("did not allow")
    opened.value.close()

    consent(page, person, user)

    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()


def test_a_reconnect_that_another_page_completes_ends_the_waiting_although_the_scopes_stay(
    stack: Driver, person: BrowserContext, user: str
) -> None:
    steps: dict[str, object] = {"features": ["notices", "read"]}
    before = stack.connect(stack.token(user), f"{user}@{DOMAIN}", **steps)
    ending = {"code": "testing_ends", "act": "user", "at": "2026-12-01T09:00:00Z", "detail": "Connect again."}
    person.route(
        "**/oauth/mailbox", lambda route: route.fulfill(json=route.fetch().json() | {"warnings": [ending]})
    )
    log_in(person, user)
    page = person.new_page()
    go(stack, page, "/settings")
    with person.expect_page() as opened:
        page.get_by_role("button", name="Connect again").click()
    waiting = page.get_by_text("Waiting for your consent in the other window")
    expect(waiting).to_be_visible()
    # The control: as long as nobody has consented, looking at the mailbox ends nothing.
    for _ in range(2):
        page.wait_for_event("response", lambda response: response.url.endswith("/oauth/mailbox"))
    expect(waiting).to_be_visible()

    after = stack.connect(stack.token(user), f"{user}@{DOMAIN}", **steps)

    expect(waiting).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    assert (after["scopes"], after["connected_at"]) == (before["scopes"], before["connected_at"])


POLL_MS = 2_000
"""The pause between two looks at the mailbox (web/src/consent.ts)."""


def with_googles_window(stack: Driver, person: BrowserContext, user: str) -> tuple[Page, Page]:
    """The settings, with the test's own clock and a token that `window.refusing` withholds, and Google's window."""
    log_in(person, user)
    page = person.new_page()
    page.clock.install()
    go(stack, page, "/settings")
    page.locator("gmail-settings").evaluate(
        "(settings) => { const { token } = settings;"
        " settings.token = () => (window.refusing ? Promise.reject(new Error('no token now')) : token()); }"
    )
    with person.expect_page() as opened, page.expect_response("**/oauth/connections"):
        page.get_by_role("button", name="Authenticate").click()
    expect(opened.value.get_by_role("heading").first).to_be_visible()
    return page, opened.value


@pytest.mark.parametrize("stays", [False, True])
def test_faults_that_may_pass_do_not_shut_googles_window_and_one_that_stays_does(
    stack: Driver, person: BrowserContext, user: str, stays: bool
) -> None:
    def answer(route: Route) -> None:
        # Time passes by itself too.
        status = faults.pop(0) if faults else 503
        route.fulfill(status=status, json={}) if status else route.abort()

    page, popup = with_googles_window(stack, person, user)
    waiting = page.get_by_text("Waiting for your consent in the other window")
    faults = [403] if stays else [503, 429, 0]
    page.route("**/oauth/mailbox", answer)
    while left := len(faults):
        page.clock.run_for(POLL_MS)
        wait_until(page, lambda left=left: len(faults) < left)  # type: ignore[misc]
    if stays:
        expect(page.get_by_role("alert")).to_be_visible()
        expect(waiting).to_have_count(0)
        if not popup.is_closed():
            popup.wait_for_event("close")
        return
    page.unroute("**/oauth/mailbox")
    page.evaluate("window.refusing = true")
    page.clock.run_for(POLL_MS)
    page.evaluate("window.refusing = false")
    expect(waiting).to_be_visible()
    assert not popup.is_closed()

    popup.get_by_text(f"{user}@", exact=False).first.click()
    popup.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()


def test_an_attempt_that_another_one_replaces_says_nothing_and_leaves_the_window(
    stack: Driver, person: BrowserContext, user: str
) -> None:
    page = settings_of(stack, person, user)
    with person.expect_page() as opened:
        page.get_by_role("button", name="Authenticate").click()
    popup = opened.value
    expect(popup.get_by_role("heading").first).to_be_visible()

    with page.expect_response("**/oauth/connections"):
        page.get_by_role("button", name="Authenticate").click()
    # The pause between two looks at the mailbox: by the second one the attempt before has woken.
    for _ in range(2):
        page.wait_for_event("response", lambda response: response.url.endswith("/oauth/mailbox"))
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Waiting for your consent in the other window")).to_be_visible()
    assert not popup.is_closed()

    popup.get_by_text(f"{user}@", exact=False).first.click()
    popup.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()
