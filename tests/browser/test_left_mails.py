"""A mail that is left within its ten seconds and cannot be sent is told to the page, and is there again."""

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from tests.browser.crm_pages import UNDO_MS, contact_page, mails, open_mail, refresh, send
from tests.browser.states import seen
from tests.browser.waiting import settled, wait_until
from tests.e2e.driver import Driver, Seller

FIRST, SECOND = "closing", "won"
SUBJECT = "An offer"
PLAN: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"the plan"}
LISTEN = """
  window.told = [];
  const tell = ({ target, detail }) => told.push([target.localName ?? "document", detail.to, detail.subject]);
  document.addEventListener("gmail-send-failed", tell);
"""
LEAVE = {
    "another contact": f"document.querySelector('gmail-record').setAttribute('contact-id', '{SECOND}')",
    "another page": "{ const record = document.querySelector('gmail-record'); window.main = record.parentNode;"
    " window.next = record.cloneNode(); next.token = record.token; record.remove(); }",
    "the same page": "window.record = document.querySelector('gmail-record'); window.main = record.parentNode;"
    " record.remove()",
}
COME_BACK = {
    "another contact": "0",
    "another page": "main.append(next)",
    "the same page": "main.append(record)",
}
TELLS = {"another contact": "gmail-record", "another page": "main", "the same page": "main"}


@pytest.fixture
def seller(stack: Driver) -> Seller:
    found = stack.connect_next()
    stack.deliver(found.email, f"Closing <{FIRST}@customers.example>", "A question", "What does it cost?")
    return found


@pytest.fixture
def page(stack: Driver, person: BrowserContext, seller: Seller) -> Page:
    page = contact_page(stack, person, seller, FIRST)
    page.evaluate(LISTEN)
    return page


def refuse(route: Route) -> None:
    problem = {"code": "busy", "act": "retry", "detail": "The mail service is busy."}
    route.fulfill(status=503, content_type="application/problem+json", json=problem)


def begin_to_send(page: Page, place: Page | Locator) -> None:
    """Presses Send, which will be refused; the ten seconds stand still until the mail is left."""
    place.get_by_label("Attach files").set_input_files([PLAN])
    expect(place.locator("form:invalid")).to_have_count(0)
    page.route("**/proxy/messages", refuse, times=1)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))
    place.get_by_role("button", name="Send", exact=True).click()
    expect(place.get_by_text("Goes out in")).to_be_visible()


def leave(page: Page, way: str) -> None:
    page.evaluate(LEAVE[way])
    page.clock.resume()


def told(page: Page) -> list[list[str]]:
    """Which element told of which mail."""
    found: list[list[str]] = page.evaluate("told")
    return found


def left(page: Page) -> Locator:
    """The mails that are there again."""
    return page.locator("gmail-failed-mails gmail-composer")


def sent(stack: Driver, seller: Seller) -> list[tuple[str, bool]]:
    """Each mail that went out, and whether with a file."""
    items = stack.call("GET", "/proxy/messages?label=SENT", token=seller.token, expect=200)["items"]
    return [(mail["subject"], mail["has_attachments"]) for mail in items]


@pytest.mark.parametrize("way", LEAVE)
def test_a_new_mail_that_failed_after_it_was_left_is_told_and_there_again(
    stack: Driver, page: Page, seller: Seller, way: str
) -> None:
    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("Subject").fill(SUBJECT)
    begin_to_send(page, page)
    leave(page, way)
    wait_until(page, lambda: told(page) != [])
    assert told(page) == [[TELLS[way], f"{FIRST}@customers.example", SUBJECT]]
    page.evaluate(COME_BACK[way])
    # Where the record itself came back, the mail stands where it stood.
    again = page.locator("gmail-composer")
    expect(again).to_have_count(1)
    expect(left(page)).to_have_count(0 if way == "the same page" else 1)
    expect(again.get_by_role("alert")).to_contain_text("The mail service is busy.")
    expect(again.get_by_label("Subject")).to_have_value(SUBJECT)
    assert sent(stack, seller) == []
    send(page, again)
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(again).to_have_count(0)
    assert sent(stack, seller) == [(SUBJECT, True)]


def test_an_answer_that_failed_after_its_mail_was_closed_is_there_again_wherever_the_record_goes(
    stack: Driver, page: Page, axe: str, seller: Seller
) -> None:
    message = open_mail(page, "A question")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("Ten.")
    begin_to_send(page, message)
    mails(page).first.get_by_role("button", expanded=True).first.click()
    page.clock.resume()
    expect(left(page).get_by_label("Subject")).to_have_value("Re: A question")
    assert told(page) == [["gmail-record", f"Closing <{FIRST}@customers.example>", "Re: A question"]]
    seen(page, axe, "record, a mail that was left is there again")
    page.evaluate("document.querySelector('main').append(document.querySelector('gmail-record'))")
    page.evaluate(LEAVE["another contact"])
    expect(page.locator("gmail-record h2", has_text="Won").first).to_be_visible()
    expect(left(page).get_by_label("Text")).to_have_value("Ten.")
    send(page, left(page))
    expect(page.get_by_text("Sent.")).to_be_visible()
    assert sent(stack, seller) == [("Re: A question", True)]


@pytest.mark.parametrize("answers", [False, True])
def test_it_is_there_again_also_where_the_mailbox_could_not_be_read_when_it_was_begun(
    page: Page, answers: bool
) -> None:
    place = open_mail(page, "A question") if answers else page
    # The record has asked for itself before.
    wait_until(
        page, lambda: page.locator("gmail-record").evaluate("(record) => record.mailbox !== undefined")
    )
    page.route("**/oauth/mailbox", refuse, times=1)
    with page.expect_response("**/oauth/mailbox") as asked:
        place.get_by_role("button", name="Reply" if answers else "Write a mail", exact=True).click()
    assert asked.value.status == 503
    place.get_by_label("Text").fill("Ten.")
    begin_to_send(page, place)
    leave(page, "another contact")
    expect(left(page).get_by_label("Text")).to_have_value("Ten.")


def test_of_two_the_other_is_written_on_while_one_goes_out(page: Page) -> None:
    record = page.locator("gmail-record")
    for subject in (SUBJECT, "Another"):
        page.get_by_role("button", name="Write a mail").click()
        # A mail that was left before stands above.
        place = record.locator("section > gmail-composer")
        place.get_by_label("Subject").fill(subject)
        begin_to_send(page, place)
        leave(page, "another contact")
        expect(left(page).last.get_by_label("Subject")).to_have_value(subject)
        record.evaluate("(record, id) => record.setAttribute('contact-id', id)", FIRST)
        expect(record.get_by_role("heading", name="Closing").first).to_be_visible()
    expect(left(page)).to_have_count(2)
    send_of_first = left(page).first.get_by_role("button", name="Send", exact=True)
    send_of_first.click()
    text = left(page).last.get_by_label("Text")
    text.press_sequentially("Not ")
    page.clock.run_for(UNDO_MS)
    expect(left(page)).to_have_count(1)
    page.keyboard.type("finished")
    expect(left(page).get_by_label("Text")).to_have_value("Not finished")


def test_who_is_logged_in_next_does_not_see_it(page: Page) -> None:
    def anothers(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"id": "another"})

    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("Subject").fill(SUBJECT)
    begin_to_send(page, page)
    leave(page, "another page")
    wait_until(page, lambda: told(page) != [])
    page.route("**/oauth/mailbox", anothers)
    page.evaluate(COME_BACK["another page"])
    expect(page.get_by_role("button", name="Write a mail")).to_be_visible()
    settled(page)
    expect(left(page)).to_have_count(0)
    # The control: the mailbox alone keeps it away.
    page.unroute("**/oauth/mailbox")
    refresh(page)
    expect(left(page).get_by_label("Subject")).to_have_value(SUBJECT)
    # It is not taken from its writer because the mailbox cannot be read now, and it is when somebody else comes.
    page.route("**/oauth/mailbox", refuse, times=1)
    refresh(page)
    expect(page.get_by_text("Writing and sharing cannot be offered now.")).to_be_visible()
    expect(left(page).get_by_label("Subject")).to_have_value(SUBJECT)
    page.route("**/oauth/mailbox", anothers)
    refresh(page)
    expect(left(page)).to_have_count(0)
