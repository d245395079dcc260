"""What comes late changes nothing that is shown by then, and what comes new takes nothing away that is begun."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.crm_pages import (
    give_another_token,
    go,
    mails,
    open_mail,
    refresh,
    seller_with_mail_of,
    send,
    show,
)
from tests.browser.waiting import settled, wait_until
from tests.e2e.driver import Driver, Seller

FIRST, SECOND = "closing", "won"
AMID_A_BLOCK = 12
"""So many mails that a new one would push others over the edge of a block of ten."""


@pytest.fixture
def seller(stack: Driver) -> Seller:
    return seller_with_mail_of(stack, (FIRST, "From the first"), (SECOND, "From the second"))


def test_an_answer_that_comes_after_another_contact_is_shown_is_dropped(stack: Driver, page: Page) -> None:
    held: list[Route] = []
    page.route(f"**/proxy/contacts/{FIRST}/**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    with page.expect_request(f"**/proxy/contacts/{FIRST}/**"):
        page.goto(f"{stack.url}/contacts/{FIRST}")
    show(page, SECOND)
    expect(mails(page)).to_contain_text(["From the second"])

    with page.expect_response(f"**/proxy/contacts/{FIRST}/**"):
        for route in held:
            route.continue_()
    settled(page)
    expect(mails(page)).to_contain_text(["From the second"])
    with page.expect_request("**/oauth/mailbox/shares/*") as shared:
        page.get_by_label("Share email").check()
    assert shared.value.url.endswith(f"/{SECOND}")


def test_a_fault_that_comes_after_another_contact_is_shown_is_not_told(stack: Driver, page: Page) -> None:
    held: list[Route] = []
    page.route(f"**/proxy/contacts/{FIRST}/**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    with page.expect_request(f"**/proxy/contacts/{FIRST}/**"):
        page.goto(f"{stack.url}/contacts/{FIRST}")
    show(page, SECOND)
    expect(mails(page)).to_contain_text(["From the second"])
    with page.expect_event("requestfailed"):
        for route in held:
            route.abort()
    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_nothing_of_the_contact_before_is_left(stack: Driver, page: Page) -> None:
    go(stack, page, f"/contacts/{FIRST}")
    open_mail(page, "From the first")
    page.get_by_role("button", name="Write a mail").click()
    expect(page.locator("gmail-composer")).to_have_count(1)
    show(page, SECOND)
    expect(mails(page)).to_contain_text(["From the second"])
    expect(page.locator("gmail-composer")).to_have_count(0)
    expect(page.locator("gmail-message")).to_have_count(0)


@pytest.fixture
def answering(stack: Driver, page: Page, seller: Seller) -> Locator:
    """The last mail of a full block, with an answer that is being written."""
    for number in range(AMID_A_BLOCK):
        stack.deliver(seller.email, f"Somebody <{FIRST}@customers.example>", f"More {number}")
    page.clock.install()
    go(stack, page, f"/contacts/{FIRST}")
    last = mails(page).nth(9)
    last.get_by_role("button", expanded=False).first.click()
    last.get_by_role("button", name="Reply", exact=True).click()
    # The mail itself, wherever it stands after a refresh.
    last.evaluate("(row) => row.setAttribute('data-answered', '')")
    answered = page.locator("[data-answered]")
    answered.get_by_label("Text").fill("Not finished")
    return answered


def test_an_answer_is_written_on_while_new_mail_comes_above_it(
    stack: Driver, page: Page, seller: Seller, answering: Locator
) -> None:
    stack.deliver(seller.email, f"Somebody <{FIRST}@customers.example>", "Just now")
    refresh(page)
    expect(mails(page).first).to_contain_text("Just now")
    expect(answering).to_have_attribute("aria-posinset", "11")
    expect(answering.get_by_label("Text")).to_have_value("Not finished")


def test_new_mail_a_late_mailbox_and_a_move_in_the_page_do_not_send_what_may_still_be_undone(
    stack: Driver, page: Page, seller: Seller, answering: Locator
) -> None:
    sends: list[str] = []
    page.on("request", lambda request: sends.append(request.url) if request.method == "POST" else None)
    # The ten seconds stand still: what follows takes longer on a busy machine.
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))
    answering.get_by_role("button", name="Send", exact=True).click()
    expect(answering.get_by_text("Goes out in")).to_be_visible()
    # A host that builds its page anew may put it elsewhere.
    page.evaluate("document.querySelector('main').append(document.querySelector('gmail-record'))")
    stack.deliver(seller.email, f"Somebody <{FIRST}@customers.example>", "Just now")
    refresh(page)
    expect(mails(page).first).to_contain_text("Just now")

    def without(route: Route) -> None:
        document = route.fetch().json()
        route.fulfill(json=document | {"items": document["items"][:1]})

    page.route(f"**/proxy/contacts/{FIRST}/**", without)
    refresh(page)
    expect(mails(page)).to_have_count(2)
    answering.get_by_role("button", name="Do not send yet").click()
    expect(answering.get_by_label("Text")).to_have_value("Not finished")
    assert not [url for url in sends if url.endswith("/proxy/messages")]


ALIASES = {
    "items": [
        {
            "name": "Me",
            "address": f"{name}@harbour-lights.example",
            "verified": True,
            "default": name == "one",
        }
        for name in ("one", "two")
    ]
}


def test_who_writes_already_stays_in_the_field_when_the_senders_come(stack: Driver, page: Page) -> None:
    held: list[Route] = []
    page.route("**/proxy/aliases", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, f"/contacts/{FIRST}")
    page.get_by_role("button", name="Write a mail").click()
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    page.get_by_label("Subject").click()
    page.keyboard.type("An ")
    wait_until(page, lambda: held != [])
    held[0].fulfill(json=ALIASES)
    expect(page.get_by_label("From")).to_be_visible()
    settled(page)
    page.keyboard.type("offer")
    expect(page.get_by_label("Subject")).to_have_value("An offer")
    expect(page.get_by_label("To", exact=True)).to_have_value(f"{FIRST}@customers.example")


@pytest.mark.parametrize("fails", [False, True])
def test_send_does_not_move_from_under_the_pointer_when_the_senders_come_or_a_fault(
    stack: Driver, page: Page, fails: bool
) -> None:
    held: list[Route] = []
    page.route("**/proxy/aliases", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, f"/contacts/{FIRST}")
    page.get_by_role("button", name="Write a mail").click()
    wait_until(page, lambda: held != [])
    page.get_by_role("button", name="Send", exact=True).hover()
    page.mouse.down()
    held[0].fulfill(status=503, json={}) if fails else held[0].fulfill(json=ALIASES)
    expect(page.get_by_role("alert") if fails else page.get_by_label("From")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_role("button", name="Do not send yet")).to_be_visible()


def test_a_mail_waits_for_the_senders_before_it_goes_out(stack: Driver, page: Page, seller: Seller) -> None:
    held: list[Route] = []
    sends: list[str] = []
    page.route("**/proxy/aliases", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    page.on(
        "request", lambda request: sends.append(request.url) if "idempotency-key" in request.headers else None
    )
    page.clock.install()
    go(stack, page, f"/contacts/{FIRST}")
    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("Subject").fill("Quick")
    wait_until(page, lambda: held != [])
    send(page, page)
    settled(page)
    assert sends == []
    with page.expect_request("**/proxy/messages") as sent:
        held[0].continue_()
    assert json.loads(sent.value.post_data or "{}")["from"] == seller.email
    expect(page.get_by_text("Sent.")).to_be_visible()


def test_the_question_for_writing_takes_the_focus_at_once_or_not_at_all(stack: Driver, page: Page) -> None:
    def reading_only(route: Route) -> None:
        mailbox = route.fetch().json()
        mailbox["scopes"]["stopped"].append("send")
        route.fulfill(json=mailbox)

    held: list[Route] = []
    page.route("**/oauth/mailbox", reading_only)
    page.route("**/proxy/aliases", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, f"/contacts/{FIRST}")
    question, elsewhere = page.get_by_role("button", name="Allow writing"), page.get_by_label("Share email")
    page.get_by_role("button", name="Write a mail").click()
    expect(question).to_be_focused()
    wait_until(page, lambda: held != [])
    elsewhere.focus()
    with page.expect_response("**/proxy/aliases"):
        held[0].fulfill(json=ALIASES)
    settled(page)
    expect(elsewhere).to_be_focused()

    page.get_by_role("button", name="Cancel").click()
    late: list[Route] = []
    page.route("**/oauth/mailbox", lambda route: late.append(route))  # noqa: PLW0108 - as above
    page.get_by_role("button", name="Write a mail").click()
    wait_until(page, lambda: late != [])
    elsewhere.focus()
    for route in late:
        reading_only(route)
    expect(question).to_be_visible()
    settled(page)
    expect(elsewhere).to_be_focused()


@pytest.mark.parametrize("discarded", [False, True])
def test_an_answer_that_was_saved_before_its_subject_was_known_is_saved_again_unless_it_is_discarded(
    stack: Driver, page: Page, seller: Seller, discarded: bool
) -> None:
    held: list[Route] = []
    deletions: list[Route] = []
    page.route("**/proxy/aliases", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, f"/contacts/{FIRST}")
    message = open_mail(page, "From the first")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("At once.")
    expect(page.get_by_text("Draft saved in Gmail")).to_be_visible()
    wait_until(page, lambda: held != [])
    if not discarded:
        with page.expect_response("**/proxy/drafts/*") as saved:
            held[0].continue_()
        assert (saved.value.request.method, saved.value.ok) == ("PUT", True)
        assert unsent(stack, seller) == [("Re: From the first", True)]
        return
    page.route("**/proxy/drafts/*", lambda route: deletions.append(route))  # noqa: PLW0108 - as above
    message.get_by_role("button", name="Discard").click()
    wait_until(page, lambda: deletions != [])
    held[0].continue_()
    expect(message.get_by_label("Subject")).to_have_value("Re: From the first")
    # The drafts are listed once what is being saved is saved.
    with page.expect_response(lambda answer: answer.url.endswith("/proxy/drafts")):
        deletions[0].continue_()
    expect(message.get_by_role("button", name="Reply", exact=True)).to_be_focused()
    assert unsent(stack, seller) == []


def test_what_is_written_stays_when_the_host_gives_another_way_to_the_token(
    stack: Driver, page: Page, seller: Seller
) -> None:
    go(stack, page, f"/contacts/{FIRST}")
    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("To", exact=True).fill(f"{SECOND}@customers.example")
    expect(page.get_by_text("Draft saved in Gmail")).to_be_visible()
    with page.expect_response(f"**/proxy/contacts/{FIRST}/**"):
        give_another_token(page)
    settled(page)
    expect(page.get_by_label("To", exact=True)).to_have_value(f"{SECOND}@customers.example")
    with page.expect_response("**/proxy/drafts/*") as saved:
        page.get_by_label("Subject").fill("The same draft")
    assert saved.value.request.method == "PUT"
    assert saved.value.ok


@pytest.mark.parametrize("elsewhere", [False, True])
def test_older_mail_takes_the_focus_only_from_its_button(stack: Driver, page: Page, elsewhere: bool) -> None:
    held: list[Route] = []
    document: dict[str, Any] = {}

    def newest(route: Route) -> None:
        if "cursor=older" in route.request.url:
            held.append(route)
            return
        document.update(route.fetch().json())
        route.fulfill(json=document | {"next_cursor": "older"})

    page.route(f"**/proxy/contacts/{FIRST}/**", newest)
    go(stack, page, f"/contacts/{FIRST}")
    page.get_by_role("button", name="Show older mail").click()
    wait_until(page, lambda: held != [])
    if elsewhere:
        page.get_by_label("Share email").focus()
    older = document["items"][0] | {"id": "older", "subject": "From long ago"}
    held[0].fulfill(json=document | {"items": [older], "next_cursor": None})
    expect(mails(page)).to_contain_text(["From the first", "From long ago"])
    settled(page)
    where = page.get_by_label("Share email") if elsewhere else mails(page).last.get_by_role("button")
    expect(where).to_be_focused()


def unsent(stack: Driver, seller: Seller) -> list[tuple[str, bool]]:
    """The subject of each draft, and whether it lies in the answered mail's conversation."""
    drafts = stack.call("GET", "/proxy/drafts", token=seller.token, expect=200)["items"]
    inbox = stack.call("GET", "/proxy/messages?label=INBOX", token=seller.token, expect=200)["items"]
    threads = {mail["thread_id"] for mail in inbox}
    return [(draft["subject"], draft["thread_id"] in threads) for draft in drafts]
