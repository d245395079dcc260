"""What was typed and not sent is there again: after a reload, after the mail was closed, and it is sent once."""

import json
from email.message import EmailMessage

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Request, Route, expect

from tests.browser.crm_pages import contact_page, go, mails, open_mail, send
from tests.e2e.driver import Driver, Seller

CONTACT = "closing"
SAVED = "Draft saved in Gmail"
PAUSE_MS = 2_000
"""More than a composer waits for the next letter."""


@pytest.fixture
def seller(stack: Driver) -> Seller:
    found = stack.connect_next()
    stack.deliver(found.email, f"Closing <{CONTACT}@customers.example>", "A question", "What does it cost?")
    return found


@pytest.fixture
def page(stack: Driver, person: BrowserContext, seller: Seller) -> Page:
    return contact_page(stack, person, seller, CONTACT)


def draft_in(place: Page | Locator) -> Locator:
    return place.get_by_role("region", name="Draft")


def drafts_of(stack: Driver, seller: Seller) -> int:
    return len(stack.call("GET", "/proxy/drafts", token=seller.token, expect=200)["items"])


def test_an_answer_is_gone_on_with_after_a_reload_and_sent_once(
    stack: Driver, page: Page, seller: Seller
) -> None:
    message = open_mail(page, "A question")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Blind copy").fill("won@customers.example")
    message.get_by_label("Text").fill("Ten, and\nno less.")
    expect(message.get_by_text(SAVED)).to_be_visible()

    page.reload()
    expect(mails(page).first.get_by_text("Draft", exact=True)).to_be_visible()
    message = open_mail(page, "A question")
    draft_in(message).get_by_role("button", name="Continue").click()
    expect(message.get_by_label("Text")).to_have_value("Ten, and\nno less.")
    expect(message.get_by_label("Blind copy")).to_have_value("won@customers.example")
    expect(message.get_by_label("Subject")).to_have_value("Re: A question")
    message.get_by_label("Text").press_sequentially(" Really.")
    expect(message.get_by_text(SAVED)).to_be_visible()
    assert drafts_of(stack, seller) == 1

    send(page, message)
    sent = mails(page).filter(has_text="no less. Really.")
    expect(sent).to_have_count(1)
    expect(page.get_by_text("Draft", exact=True)).to_have_count(0)
    assert drafts_of(stack, seller) == 0
    sent.get_by_role("button").first.click()
    quoted = sent.locator("details .text")
    expect(quoted).to_contain_text("What does it cost?")
    assert (quoted.text_content() or "").count("What does it cost?") == 1


def test_new_mail_to_a_contact_is_offered_after_a_reload_and_can_be_discarded(
    stack: Driver, page: Page, seller: Seller
) -> None:
    begin_mail(page, "An offer")

    page.reload()
    expect(draft_in(page).get_by_text("An offer")).to_be_visible()
    draft_in(page).get_by_role("button", name="Discard").click()
    expect(draft_in(page)).to_have_count(0)
    assert drafts_of(stack, seller) == 0


def test_a_draft_to_somebody_else_is_not_offered(stack: Driver, page: Page) -> None:
    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("To", exact=True).fill("won@customers.example")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.reload()
    expect(mails(page)).to_have_count(1)
    go(stack, page, "/contacts/won")
    expect(draft_in(page)).to_be_visible()
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(1)
    expect(draft_in(page)).to_have_count(0)


def test_what_was_just_typed_is_kept_when_its_mail_is_closed(page: Page) -> None:
    message = open_mail(page, "A question")
    message.get_by_role("button", name="Reply", exact=True).click()
    expect(message.get_by_label("Subject")).to_have_value("Re: A question")
    message.get_by_label("Text").fill("Closed at once.")
    mails(page).first.get_by_role("button", expanded=True).first.click()
    expect(mails(page).first.get_by_text("Draft", exact=True)).to_be_visible()
    draft_in(open_mail(page, "A question")).get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Text")).to_have_value("Closed at once.")


def lose(route: Route) -> None:
    """The server does it, and the page never hears of it."""
    route.fetch()
    route.abort()


def begin_mail(page: Page, subject: str) -> None:
    """A new mail to the contact, saved as a draft."""
    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("Subject").fill(subject)
    expect(page.get_by_text(SAVED)).to_be_visible()


def send_and_lose_the_answer(page: Page, place: Page | Locator) -> None:
    page.route("**/proxy/messages", lose, times=1)
    send(page, place)
    expect(place.get_by_text("The mail service does not answer.")).to_be_visible()


def sent_subjects(stack: Driver, seller: Seller) -> list[str]:
    found = stack.call("GET", "/proxy/messages?label=SENT", token=seller.token, expect=200)
    return [mail["subject"] for mail in found["items"]]


def test_a_mail_whose_answer_was_lost_is_not_sent_again_after_a_reload(
    stack: Driver, page: Page, seller: Seller
) -> None:
    begin_mail(page, "Only once")

    send_and_lose_the_answer(page, page)
    page.reload()
    draft_in(page).get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Subject")).to_have_value("Only once")
    send(page, page)
    expect(page.get_by_text("Sent.")).to_be_visible()
    assert sent_subjects(stack, seller) == ["Only once"]


def test_an_answer_to_all_whose_answer_was_lost_is_sent_once(
    stack: Driver, page: Page, seller: Seller
) -> None:
    message = open_mail(page, "A question")
    message.get_by_role("button", name="Reply to all").click()
    message.get_by_label("Copy", exact=True).fill("won@customers.example")
    message.get_by_label("Text").fill("To all of you.")
    expect(message.get_by_text(SAVED)).to_be_visible()
    send_and_lose_the_answer(page, message)

    page.reload()
    expect(mails(page)).to_have_count(2)
    message = mails(page).last
    message.get_by_role("button").first.click()
    draft_in(message).get_by_role("button", name="Continue").click()
    expect(message.get_by_label("Copy", exact=True)).to_have_value("won@customers.example")
    send(page, message)
    expect(page.get_by_text("Sent.").first).to_be_visible()
    assert sent_subjects(stack, seller) == ["Re: A question"]


def test_a_mail_that_is_changed_after_a_lost_answer_goes_out_only_when_its_writer_says_so(
    stack: Driver, page: Page, seller: Seller
) -> None:
    begin_mail(page, "First version")
    send_and_lose_the_answer(page, page)
    page.get_by_label("Subject").fill("Second version")
    send(page, page)

    expect(page.get_by_text("may have gone out. Look into your sent mail")).to_be_visible()
    assert sent_subjects(stack, seller) == ["First version"]
    page.get_by_role("button", name="Send as a new mail").click()
    expect(page.get_by_text("Sent.")).to_be_visible()
    assert sorted(sent_subjects(stack, seller)) == ["First version", "Second version"]


def test_a_mail_that_is_known_not_to_be_sent_can_be_changed_and_sent(
    stack: Driver, page: Page, seller: Seller
) -> None:
    keys: list[str] = []

    def not_sent(route: Route) -> None:
        # What the server remembers of a try that Gmail did not take.
        keys.append(route.request.headers["idempotency-key"])
        problem = {"code": "not_sent", "act": "retry", "detail": "The mail was not sent."}
        route.fulfill(status=502, content_type="application/problem+json", json=problem)

    begin_mail(page, "First version")
    page.route("**/proxy/messages", not_sent)
    for subject in ("First version", "First version", "Second version"):
        page.get_by_label("Subject").fill(subject)
        send(page, page)
        expect(page.get_by_text("The mail was not sent.")).to_be_visible()
        expect(page.get_by_label("To", exact=True)).to_be_focused()
    assert keys[0] == keys[1] != keys[2]

    page.unroute("**/proxy/messages")
    send(page, page)
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(page.get_by_role("button", name="Write a mail")).to_be_focused()
    assert sent_subjects(stack, seller) == ["Second version"]


def test_a_draft_says_that_its_files_must_be_attached_again(page: Page) -> None:
    page.get_by_role("button", name="Write a mail").click()
    page.get_by_label("Subject").fill("With a file")
    plan: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"the plan"}
    page.get_by_label("Attach files").set_input_files([plan])
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.reload()
    expect(draft_in(page).get_by_text("attach them again")).to_be_visible()
    draft_in(page).get_by_role("button", name="Continue").click()
    again = page.locator("gmail-composer").get_by_text("attach them again")
    expect(again).to_be_visible()
    page.get_by_label("Attach files").set_input_files([plan])
    expect(again).to_have_count(0)


def test_a_forward_with_files_is_saved_less_often_than_one_without(
    stack: Driver, page: Page, seller: Seller
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{CONTACT}@customers.example", seller.email, "With a file"
    mail.set_content("Here it is.")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="offer.pdf")
    stack.deliver_raw(seller.email, mail.as_bytes())
    page.reload()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))

    plain = _forward(page, "A question")
    page.clock.run_for(PAUSE_MS)
    expect(plain.get_by_text(SAVED)).to_be_visible()

    with_file = _forward(page, "With a file")
    page.clock.run_for(PAUSE_MS)
    page.evaluate("0")  # lets what the browser has told come in
    expect(with_file.get_by_text(SAVED)).to_have_count(0)
    assert drafts_of(stack, seller) == 1
    page.clock.run_for(10_000)
    expect(with_file.get_by_text(SAVED)).to_be_visible()
    assert drafts_of(stack, seller) == 2


def test_a_draft_is_saved_while_somebody_types_on_and_when_the_page_is_left_for_another(
    page: Page,
) -> None:
    def saved(route: Route) -> None:
        route.continue_() if route.request.method == "GET" else route.fulfill(json={"id": "draft"})

    own = [
        {
            "name": name,
            "address": f"{name}@harbour-lights.example",
            "verified": True,
            "default": name == "one",
        }
        for name in ("one", "two")
    ]
    page.route("**/proxy/aliases", lambda route: route.fulfill(json={"items": own}))
    page.route("**/proxy/drafts{,/*}", saved)
    page.get_by_role("button", name="Write a mail").click()
    expect(page.get_by_label("From")).to_be_visible()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))
    with page.expect_request("**/proxy/drafts") as first:
        for number in range(11):
            page.get_by_label("Subject").fill(f"Letter {number}")
            page.clock.run_for(1_000)
    assert first.value.method == "POST"
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.clock.run_for(PAUSE_MS)

    def is_from_the_other(request: Request) -> bool:
        # What was typed last may still be on its way, from the first address.
        sent = json.loads(request.post_data or "{}") if "/proxy/drafts/" in request.url else {}
        return bool(sent.get("from") == "two@harbour-lights.example")

    with page.expect_request(is_from_the_other):
        page.get_by_label("From").select_option("two@harbour-lights.example")
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true}); "
            "document.dispatchEvent(new Event('visibilitychange'));"
        )


def _forward(page: Page, subject: str) -> Locator:
    """A forward of this mail in which something was just typed."""
    message = open_mail(page, subject)
    message.get_by_role("button", name="Forward", exact=True).click()
    expect(message.get_by_label("Subject")).to_have_value(f"Fwd: {subject}")
    message.get_by_label("Text").fill("See below.")
    return message
