"""Each state that a component can be in, on purpose: told in a sentence, without a violation, and pictured."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.accessibility import settle
from tests.browser.crm_pages import UNDO_MS, go, log_in, mails, open_mail, user_of
from tests.browser.states import NARROW, WIDE, Answer, changed, empty, problem, seen, waits
from tests.browser.waiting import settled, wait_until
from tests.e2e.data_sets import DOMAIN
from tests.e2e.driver import Driver, Seller

CONTACT = "open-later"
RECORD = f"/contacts/{CONTACT}"
SAID = """(() => {
  const within = (root) => [...root.querySelectorAll("*")].map(said).join("|");
  const said = (e) => (e.ariaLabel ?? "") + (e.shadowRoot ? e.shadowRoot.textContent + within(e.shadowRoot) : "");
  return within(document.querySelector("main"));
})()"""
"""What the components say, also those within others, and what only a screen reader says."""
BUSY = problem(503, "down", "retry", "The mail service is busy.")


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Iterator[Seller]:
    """A connected seller with two mails of one contact."""
    found = stack.connect_next(mailmagnet=True, sharing="custom")
    sender = f"Open Later <{CONTACT}@customers.example>"
    for subject in ("Delivery dates", "A very long subject " * 6):
        stack.deliver(
            found.email, sender, subject, "Could you tell us when the lamps will come? Many thanks."
        )
    yield found
    stack.disconnect(found.mailbox)


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size(WIDE)
    return page


def with_source(status: str, *, you: bool = False) -> Answer:
    """The true answer, and one mailbox more of which this is told."""

    def answer(route: Route) -> None:
        document = route.fetch().json()
        owner = {"id": "kim", "name": "Kim", "you": you}
        document["sources"].append({"mailbox": "m", "owner": owner, "status": status})
        route.fulfill(json=document)

    return answer


OF_A_RECORD: dict[str, tuple[Answer, str]] = {
    "loading": (waits, "Reading Gmail …"),
    "empty": (empty, "No mail with this contact."),
    "late source": (with_source("late"), "The mailbox of Kim was late; mail may be missing."),
    "partly failed": (with_source("down"), "The mailbox of Kim did not answer; mail may be missing."),
    "throttled": (with_source("throttled"), "Gmail asks us to slow down for the mailbox of Kim"),
    "reconnect needed": (with_source("needs_reconnect", you=True), "must be connected again"),
    "error": (BUSY, "The mail service is busy. Trying again later may help."),
    "unreachable": (lambda route: route.abort(), "The mail service does not answer."),
}


@pytest.mark.parametrize("state", OF_A_RECORD)
def test_each_state_of_a_record_is_told(stack: Driver, page: Page, axe: str, state: str) -> None:
    answer, sentence = OF_A_RECORD[state]
    page.route("**/proxy/contacts/**", answer)
    go(stack, page, RECORD)
    expect(page.get_by_text(sentence)).to_be_visible()
    seen(page, axe, f"record, {state}")


def test_a_failed_record_is_read_again_by_its_button(stack: Driver, page: Page) -> None:
    page.route("**/proxy/contacts/**", BUSY, times=1)
    go(stack, page, RECORD)
    page.get_by_role("button", name="Try again").click()
    expect(mails(page)).to_have_count(2)


TOO_MANY = problem(429, "too_many_requests", "retry", "Too many requests.")


@pytest.mark.parametrize("asked", ["**/oauth/mailbox", "**/oauth/mailbox/shares?**"])
def test_buttons_that_cannot_be_offered_are_missing_with_a_word_until_they_are_asked_for_again(
    stack: Driver, page: Page, axe: str, asked: str
) -> None:
    page.route(asked, TOO_MANY)
    go(stack, page, RECORD)
    told = page.get_by_text("Writing and sharing cannot be offered now. Too many requests.")
    expect(told).to_be_visible()
    expect(mails(page)).to_have_count(2)
    seen(page, axe, "record, buttons missing")
    write, again = (page.get_by_role("button", name=name) for name in ("Write a mail", "Try again"))
    expect(write).to_have_count(0)
    with page.expect_response(asked):
        again.click()
    expect(again).to_be_focused()

    page.unroute(asked, TOO_MANY)
    again.click()
    expect(write).to_be_focused()
    expect(page.get_by_label("Share email")).to_be_visible()
    expect(told).to_have_count(0)


def test_buttons_that_come_late_leave_the_focus_to_who_went_on_elsewhere(stack: Driver, page: Page) -> None:
    page.route("**/oauth/mailbox", TOO_MANY)
    go(stack, page, RECORD)
    again, elsewhere = page.get_by_role("button", name="Try again"), mails(page).first.get_by_role("button")
    expect(mails(page)).to_have_count(2)
    held: list[Route] = []
    page.route("**/oauth/mailbox", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    again.click()
    wait_until(page, lambda: held != [])
    elsewhere.focus()
    held[0].continue_()
    expect(again).to_have_count(0)
    settled(page)
    expect(elsewhere).to_be_focused()


def test_offline_is_told_beside_what_was_read(
    stack: Driver, page: Page, person: BrowserContext, axe: str
) -> None:
    go(stack, page, RECORD)
    expect(mails(page)).to_have_count(2)
    person.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(mails(page)).to_have_count(2)
    seen(page, axe, "record, offline")
    person.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)


def test_a_draft_is_offered(stack: Driver, page: Page, axe: str, seller: Seller) -> None:
    body = {"to": [f"{CONTACT}@customers.example"], "subject": "An offer", "text": "Dear customer,"}
    draft = stack.call("POST", "/proxy/drafts", body, token=seller.token, expect=201)
    go(stack, page, RECORD)
    expect(page.get_by_role("region", name="Draft")).to_be_visible()
    seen(page, axe, "record, draft")
    stack.call("DELETE", f"/proxy/drafts/{draft['id']}", token=seller.token, expect=204)


def test_a_colleagues_mail_names_its_owner(stack: Driver, page: Page, axe: str, seller: Seller) -> None:
    colleague = stack.connect_next(sharing="custom")
    stack.deliver(colleague.email, f"Open Later <{CONTACT}@customers.example>", "To your colleague")
    stack.call("PUT", f"/oauth/mailbox/shares/{CONTACT}", token=colleague.token)
    go(stack, page, RECORD)
    shared = open_mail(page, "To your colleague")
    name = user_of(colleague).title()
    expect(mails(page).filter(has_text="To your colleague").get_by_text(f"mailbox of {name}")).to_be_visible()
    expect(shared.get_by_role("button", name="Reply", exact=True)).to_have_count(0)
    seen(page, axe, "record, a colleague's mail")


def written(page: Page) -> Locator:
    """A new mail that is about to go out."""
    page.get_by_role("button", name="Write a mail").click()
    composer = page.get_by_role("region", name="Write a mail")
    composer.get_by_label("Subject").fill("An offer")
    composer.get_by_label("Text").fill("Dear customer,")
    expect(composer.get_by_text("Draft saved in Gmail")).to_be_visible()
    composer.get_by_role("button", name="Send", exact=True).click()
    return composer


def test_a_mail_that_can_be_called_back_that_failed_and_that_may_have_gone_out(
    stack: Driver, page: Page, axe: str
) -> None:
    page.route("**/proxy/messages", BUSY)
    page.clock.install()
    go(stack, page, RECORD)
    composer = written(page)
    expect(composer.get_by_text("Goes out in")).to_be_visible()
    seen(page, axe, "record, goes out in ten seconds")

    page.clock.run_for(UNDO_MS)
    expect(composer.get_by_text("The mail service is busy. Trying again later may help.")).to_be_visible()
    seen(page, axe, "record, not sent")

    unknown = problem(409, "send_unconfirmed", "user", "Whether it has gone out is not known.")
    page.route("**/proxy/messages", unknown)
    composer.get_by_role("button", name="Send", exact=True).click()
    page.clock.run_for(UNDO_MS)
    expect(composer.get_by_text("An earlier version of this mail may have gone out.")).to_be_visible()
    seen(page, axe, "record, maybe sent")
    composer.get_by_role("button", name="Discard").click()
    expect(composer).to_have_count(0)


def test_what_needs_more_consent_says_what_for(stack: Driver, person: BrowserContext, axe: str) -> None:
    user = stack.next_name()
    stack.connect(stack.token(user), f"{user}@{DOMAIN}", features=["notices", "read"])
    log_in(person, user)
    page = person.new_page()
    go(stack, page, RECORD)
    page.get_by_role("button", name="Write a mail").click()
    expect(page.get_by_text("To write mail, Google must ask you once more")).to_be_visible()
    seen(page, axe, "record, more consent")

    go(stack, page, "/settings")
    page.get_by_label("MailMagnet", exact=True).check()
    page.get_by_label("Label your email in Mailbox").check()
    expect(page.get_by_text("To move mail under labels, Google will ask you once more")).to_be_visible()
    seen(page, axe, "settings, more consent")


def ill(code: str, act: str, detail: str) -> dict[str, str]:
    return {"code": code, "act": act, "since": "2026-11-01T09:00:00Z", "detail": detail}


GONE = ill("grant_revoked", "user", "Google's consent was taken back. Connect again.")
PARTLY = ill("scope_partly_missing", "user", "The consent does not cover labels any more. Connect again.")
HELD = ill("label_changes_held", "admin", "So much would change at once that your administrator is asked.")
ENDING = {
    "code": "testing_ends",
    "act": "user",
    "at": "2026-12-01T09:00:00Z",
    "detail": "Connect again by then.",
}
ALIASES = [
    {"name": "Sales", "address": f"sales@{DOMAIN}", "verified": True, "default": True},
    {
        "name": "",
        "address": f"a.very.long.name.of.the.whole.team@{DOMAIN}",
        "verified": False,
        "default": False,
    },
]


def fixed(route: Route) -> None:
    document = route.fetch().json()
    document["settings"] |= {"fixed": ["sharing"], "sharing": "private"}
    route.fulfill(json=document)


OF_SETTINGS: dict[str, tuple[str, Answer, str]] = {
    "loading": ("**/oauth/mailbox", waits, "Loading …"),
    "none": ("**/oauth/mailbox", problem(404, "not_connected", "user", "No account."), "No Gmail account is"),
    "error": ("**/oauth/mailbox", BUSY, "The mail service is busy."),
    "fixed by the admin": ("**/oauth/mailbox", fixed, "Your administrator has fixed this."),
    "sorting the Inbox": (
        "**/oauth/mailbox",
        changed(labeling={"state": "backfill", "done": 1234, "total": 5000, "last_run_at": None}),
        "Sorting the mail that is there: 1,234 of 5,000",
    ),
    "paused": ("**/oauth/mailbox", changed(status="paused"), "Resume"),
    "changes held": ("**/oauth/mailbox", changed(health=HELD), HELD["detail"]),
    "aliases": ("**/proxy/aliases", lambda route: route.fulfill(json={"items": ALIASES}), "not confirmed at"),
}


@pytest.mark.parametrize("state", OF_SETTINGS)
def test_each_state_of_the_settings_is_told(stack: Driver, page: Page, axe: str, state: str) -> None:
    place, answer, sentence = OF_SETTINGS[state]
    page.route(place, answer)
    go(stack, page, "/settings")
    expect(page.locator("gmail-settings").get_by_text(sentence).first).to_be_visible()
    expect(page.locator("fieldset:disabled")).to_have_count(1 if state == "fixed by the admin" else 0)
    expect(page.get_by_role("button", name="Connect again")).to_have_count(0)
    seen(page, axe, f"settings, {state}")


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("consent gone", {"status": "needs_reconnect", "health": GONE}),
        ("consent partly gone", {"health": PARTLY}),
        ("consent ending", {"warnings": [ENDING]}),
    ],
)
def test_where_a_new_consent_helps_the_settings_offer_it(
    stack: Driver, page: Page, axe: str, state: str, parts: dict[str, object]
) -> None:
    page.route("**/oauth/mailbox", changed(**parts))
    go(stack, page, "/settings")
    expect(page.get_by_role("button", name="Connect again")).to_be_visible()
    seen(page, axe, f"settings, {state}")


OF_NOTICES: dict[str, tuple[Answer, str]] = {
    "loading": (waits, "Loading …"),
    "empty": (empty, "No customer has written yet."),
    "error": (BUSY, "The mail service is busy."),
}


@pytest.mark.parametrize("state", OF_NOTICES)
def test_each_state_of_the_notices_is_told(stack: Driver, page: Page, axe: str, state: str) -> None:
    answer, sentence = OF_NOTICES[state]
    page.route("**/notify/notices**", answer)
    go(stack, page, "/notices")
    expect(page.locator("gmail-notices").get_by_text(sentence)).to_be_visible()
    seen(page, axe, f"notices, {state}")


OF_THE_ADMIN: dict[str, tuple[Answer, str]] = {
    "loading": (waits, "Loading …"),
    "nobody": (empty, "Nobody has connected a mailbox yet."),
    "error": (BUSY, "The mail service is busy."),
}


@pytest.mark.parametrize("state", OF_THE_ADMIN)
def test_each_state_of_the_admins_page_is_told(
    stack: Driver, person: BrowserContext, axe: str, state: str
) -> None:
    answer, sentence = OF_THE_ADMIN[state]
    log_in(person, "admin")
    page = person.new_page()
    page.route("**/oauth/org/mailboxes**", answer)
    go(stack, page, "/admin")
    expect(page.locator("gmail-admin").get_by_text(sentence).first).to_be_visible()
    # Not before that is known.
    expect(page.get_by_text("Nobody has connected")).to_have_count(1 if state == "nobody" else 0)
    seen(page, axe, f"admin, {state}")


@pytest.mark.parametrize("path", [RECORD, "/settings", "/notices", "/admin"])
def test_french_words_fit_a_narrow_screen(
    stack: Driver, chromium: Browser, seller: Seller, axe: str, path: str
) -> None:
    context = chromium.new_context(locale="fr-FR", viewport=NARROW)
    log_in(context, "admin" if path == "/admin" else user_of(seller))
    page = context.new_page()
    go(stack, page, path)
    settle(page)
    if path == RECORD:
        expect(mails(page)).to_have_count(2)
        mails(page).last.get_by_role("button").first.click()
        page.get_by_role("button", name="Répondre", exact=True).click()
        expect(page.get_by_label("Objet")).not_to_have_value("")
    seen(page, axe, f"{path.split('/')[1]}, French, 360 px")
    said = page.evaluate(SAID)
    assert FRENCH[path] in said
    for english in ("Show more", "Mailboxes", "All is well", "Save", "unread", "Write a mail", "Deals"):
        assert english not in said, english
    # A line may not end before these signs.
    assert not re.search("[ \\n][;:?!»]|« ", said)
    context.close()


FRENCH = {
    RECORD: "Écrire un message",
    "/settings": "Qui peut voir vos messages",
    "/notices": "Avis",
    "/admin": "Boîtes",
}


def test_the_receipt_after_a_disconnect(stack: Driver, person: BrowserContext, axe: str) -> None:
    log_in(person, user_of(stack.connect_next()))
    page = person.new_page()
    go(stack, page, "/settings")
    page.get_by_role("button", name="Disconnect …").click()
    page.get_by_role("button", name="Disconnect, keep the labels").click()
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible()
    seen(page, axe, "settings, receipt")
