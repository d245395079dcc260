"""Each state that a component can be in, on purpose: told in a sentence, without a violation, and pictured.

The pictures lie in build/states after the tests, for somebody to look at.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.accessibility import settle, violations
from tests.browser.crm_pages import go, log_in, mails, open_mail, user_of
from tests.e2e.driver import Driver, Seller

FOLDER = Path(__file__).resolve().parents[2] / "build" / "states"
CONTACT = "open-later"
RECORD = f"/contacts/{CONTACT}"
WIDE, NARROW = {"width": 1100, "height": 800}, {"width": 360, "height": 740}
SAID = """(() => {
  const within = (root) => [...root.querySelectorAll("*")].map(said).join("|");
  const said = (e) => (e.ariaLabel ?? "") + (e.shadowRoot ? e.shadowRoot.textContent + within(e.shadowRoot) : "");
  return within(document.querySelector("main"));
})()"""
"""What the components say, also those within others, and what only a screen reader says."""
ZOOMED = {"width": 640, "height": 480}
"""What 200 % zoom leaves of a window of 1280 by 960 pixels."""


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Seller:
    """A connected seller with four mails of one contact."""
    found = stack.connect_next(mailmagnet=True, sharing="custom")
    sender = f"Open Later <{CONTACT}@customers.example>"
    for subject in (
        "Delivery dates",
        "Your offer of Tuesday",
        "Lamps for the hall",
        "A very long subject " * 6,
    ):
        stack.deliver(
            found.email, sender, subject, "Could you tell us when the lamps will come? Many thanks."
        )
    return found


@pytest.fixture
def page(person: BrowserContext, seller: Seller) -> Page:
    person.set_default_timeout(20_000)
    log_in(person, user_of(seller))
    page = person.new_page()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return page


def seen(page: Page, axe: str, name: str) -> None:
    """No violation, nothing beyond the edge, and a picture."""
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    # In the picture the tools' bar lies over nothing.
    page.locator("#bar").evaluate("(bar) => { bar.style.position = 'static'; }")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", full_page=True)
    page.locator("#bar").evaluate("(bar) => { bar.style.position = ''; }")


def problem(status: int, code: str, act: str, detail: str) -> Callable[[Route], None]:
    body = json.dumps({"code": code, "act": act, "detail": detail})
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=body)


def with_source(status: str, *, you: bool = False) -> Callable[[Route], None]:
    """The true answer, and one mailbox more of which this is told."""

    def answer(route: Route) -> None:
        document = route.fetch().json()
        owner = {"id": "kim", "name": "Kim", "you": you}
        document["sources"].append({"mailbox": "m", "owner": owner, "status": status})
        route.fulfill(json=document)

    return answer


def empty(route: Route) -> None:
    route.fulfill(json=route.fetch().json() | {"items": [], "next_cursor": None})


OF_A_RECORD: dict[str, tuple[Callable[[Route], object], str]] = {
    "loading": (lambda _: None, "Reading Gmail …"),
    "empty": (empty, "No mail with this contact."),
    "late source": (with_source("late"), "The mailbox of Kim was late; mail may be missing."),
    "partly failed": (with_source("down"), "The mailbox of Kim did not answer; mail may be missing."),
    "throttled": (with_source("throttled"), "Gmail asks us to slow down for the mailbox of Kim"),
    "reconnect needed": (with_source("needs_reconnect", you=True), "must be connected again"),
    "error": (
        problem(503, "down", "retry", "The mail service is busy."),
        "The mail service is busy. Trying again later may help.",
    ),
    "unreachable": (lambda route: route.abort(), "The mail service does not answer."),
}


@pytest.mark.parametrize("state", OF_A_RECORD)
def test_each_state_of_a_record_is_told(stack: Driver, page: Page, axe: str, state: str) -> None:
    answer, sentence = OF_A_RECORD[state]
    page.route("**/proxy/contacts/**", answer)
    go(stack, page, RECORD)
    expect(page.get_by_text(sentence)).to_be_visible()
    seen(page, axe, f"record, {state}")


def test_offline_is_told_beside_what_was_read(
    stack: Driver, page: Page, person: BrowserContext, axe: str
) -> None:
    go(stack, page, RECORD)
    expect(mails(page)).to_have_count(4)
    person.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    seen(page, axe, "record, offline")


def test_a_draft_is_offered(stack: Driver, page: Page, axe: str, seller: Seller) -> None:
    body = {"to": [f"{CONTACT}@customers.example"], "subject": "An offer", "text": "Dear customer,"}
    draft = stack.call("POST", "/proxy/drafts", body, token=seller.token, expect=201)
    go(stack, page, RECORD)
    expect(page.get_by_role("region", name="Draft")).to_be_visible()
    seen(page, axe, "record, draft")
    stack.call("DELETE", f"/proxy/drafts/{draft['id']}", token=seller.token, expect=204)


LOOKS: dict[str, Callable[[Page], object]] = {
    "dark": lambda page: page.emulate_media(color_scheme="dark"),
    "compact": lambda page: page.locator("gmail-record").evaluate(
        "(e) => e.setAttribute('density', 'compact')"
    ),
    "right to left": lambda page: page.evaluate("document.documentElement.dir = 'rtl'"),
    "360 px": lambda page: page.set_viewport_size(NARROW),  # type: ignore[arg-type]
    "200 % zoom": lambda page: page.set_viewport_size(ZOOMED),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("look", LOOKS)
def test_an_opened_mail_and_an_answer_in_each_look(stack: Driver, page: Page, axe: str, look: str) -> None:
    go(stack, page, RECORD)
    expect(mails(page)).to_have_count(4)
    LOOKS[look](page)
    seen(page, axe, f"record, {look}")
    message = open_mail(page, "Delivery dates")
    message.get_by_role("button", name="Reply", exact=True).click()
    expect(message.get_by_label("Subject")).to_have_value("Re: Delivery dates")
    message.get_by_label("Subject").scroll_into_view_if_needed()
    seen(page, axe, f"answer, {look}")


@pytest.mark.parametrize("look", [look for look in LOOKS if look != "compact"])
@pytest.mark.parametrize("path", ["settings", "notices"])
def test_settings_and_notices_in_each_look(stack: Driver, page: Page, axe: str, path: str, look: str) -> None:
    go(stack, page, f"/{path}")
    settle(page)
    LOOKS[look](page)
    seen(page, axe, f"{path}, {look}")


OF_SETTINGS: dict[str, tuple[Callable[[Route], object], str]] = {
    "loading": (lambda _: None, "Loading …"),
    "none": (problem(404, "not_connected", "user", "No account."), "No Gmail account is connected."),
    "error": (problem(503, "down", "retry", "The mail service is busy."), "The mail service is busy."),
}


@pytest.mark.parametrize("state", OF_SETTINGS)
def test_each_state_of_the_settings_is_told(stack: Driver, page: Page, axe: str, state: str) -> None:
    answer, sentence = OF_SETTINGS[state]
    page.route("**/oauth/mailbox", answer)
    go(stack, page, "/settings")
    expect(page.locator("gmail-settings").get_by_text(sentence).first).to_be_visible()
    seen(page, axe, f"settings, {state}")


def test_the_settings_tell_that_the_consent_is_gone(stack: Driver, page: Page, axe: str) -> None:
    def gone(route: Route) -> None:
        health = {"code": "grant_revoked", "act": "user", "since": "2026-11-01T09:00:00Z",
                  "detail": "Google's consent was taken back. Connect again."}  # fmt: skip
        route.fulfill(json=route.fetch().json() | {"status": "needs_reconnect", "health": health})

    page.route("**/oauth/mailbox", gone)
    go(stack, page, "/settings")
    expect(page.get_by_role("button", name="Connect again")).to_be_visible()
    seen(page, axe, "settings, reconnect needed")


LACKING = {
    "code": "scope_partly_missing",
    "act": "user",
    "since": "2026-11-01T09:00:00Z",
    "detail": "Connect again.",
}
ENDING = {
    "code": "testing_ends",
    "act": "user",
    "at": "2026-12-01T09:00:00Z",
    "detail": "Connect again by then.",
}


@pytest.mark.parametrize("changed", [{"health": LACKING}, {"warnings": [ENDING]}, {}])
def test_where_a_new_consent_helps_the_settings_offer_it(
    stack: Driver, page: Page, changed: dict[str, object]
) -> None:
    page.route("**/oauth/mailbox", lambda route: route.fulfill(json=route.fetch().json() | changed))
    go(stack, page, "/settings")
    expect(page.get_by_role("button", name="Disconnect").first).to_be_visible()
    expect(page.get_by_role("button", name="Connect again")).to_have_count(1 if changed else 0)


OF_NOTICES: dict[str, tuple[Callable[[Route], object], str]] = {
    "loading": (lambda _: None, "Loading …"),
    "empty": (empty, "No customer has written yet."),
    "error": (problem(503, "down", "retry", "The mail service is busy."), "The mail service is busy."),
}


@pytest.mark.parametrize("state", OF_NOTICES)
def test_each_state_of_the_notices_is_told(stack: Driver, page: Page, axe: str, state: str) -> None:
    answer, sentence = OF_NOTICES[state]
    page.route("**/notify/notices**", answer)
    go(stack, page, "/notices")
    expect(page.locator("gmail-notices").get_by_text(sentence)).to_be_visible()
    seen(page, axe, f"notices, {state}")


def test_an_admin_is_not_told_that_nobody_is_connected_before_that_is_known(
    stack: Driver, person: BrowserContext, axe: str
) -> None:
    log_in(person, "admin")
    page = person.new_page()
    page.route("**/oauth/org/mailboxes**", lambda _: None)
    go(stack, page, "/admin")
    expect(page.locator("gmail-admin").get_by_text("Loading …").first).to_be_visible()
    expect(page.get_by_text("Nobody has connected a mailbox yet.")).to_have_count(0)
    seen(page, axe, "admin, loading")


@pytest.mark.parametrize("look", ["light", "dark", "360 px"])
def test_the_admins_page_in_each_look(
    stack: Driver, chromium: Browser, seller: Seller, axe: str, look: str
) -> None:
    context = chromium.new_context(locale="en-GB", viewport=WIDE)  # type: ignore[arg-type]
    log_in(context, "admin")
    page = context.new_page()
    go(stack, page, "/admin")
    settle(page)
    expect(page.get_by_role("rowheader", name=user_of(seller).title(), exact=True)).to_be_visible()
    if look != "light":
        LOOKS[look](page)
    seen(page, axe, f"admin, {look}")
    context.close()


@pytest.mark.parametrize("path", [RECORD, "/settings", "/notices", "/admin"])
def test_french_words_fit_a_narrow_screen(
    stack: Driver, chromium: Browser, seller: Seller, axe: str, path: str
) -> None:
    context = chromium.new_context(locale="fr-FR", viewport=NARROW)  # type: ignore[arg-type]
    log_in(context, "admin" if path == "/admin" else user_of(seller))
    page = context.new_page()
    go(stack, page, path)
    settle(page)
    if path == RECORD:
        expect(mails(page)).to_have_count(4)
        mails(page).last.get_by_role("button").first.click()
        page.get_by_role("button", name="Répondre", exact=True).click()
        expect(page.get_by_label("Objet")).not_to_have_value("")
    seen(page, axe, f"{path.split('/')[1]}, French, 360 px")
    said = page.evaluate(SAID)
    assert path != RECORD or "Objet" in said
    # A line may not end before these signs.
    assert not re.search("[ \\n][;:?!»]|« ", said)
    context.close()


def test_the_receipt_after_a_disconnect(stack: Driver, person: BrowserContext, axe: str) -> None:
    log_in(person, user_of(stack.connect_next()))
    page = person.new_page()
    go(stack, page, "/settings")
    page.get_by_role("button", name="Disconnect …").click()
    page.get_by_role("button", name="Disconnect, keep the labels").click()
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible(timeout=30_000)
    seen(page, axe, "settings, receipt")
