"""Every page with all that can be opened on it: light, dark, compact, right to left, narrow, and at twice the size."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.accessibility import settle, violations
from tests.browser.crm_pages import go, log_in, mails, open_mail, recount, user_of
from tests.browser.states import seen, seen_in_each_look
from tests.e2e.driver import Driver, Seller

CONTACT = "open-later"
SENDER = f"Open Later <{CONTACT}@customers.example>"
TEXT = "Could you tell us when the lamps will come? Many thanks."
PICTURE = '<img src="https://shop.example/lamp.png" alt="A lamp">'
HTML = f'<p>{TEXT}</p>{PICTURE}<p><a href="https://shop.example">Our shop</a></p>'
FIRST = "<delivery-dates@customers.example>"


def a_mail(to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, to, subject
    mail.set_content(TEXT)
    return mail


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Iterator[Seller]:
    """A connected seller with some mail of one contact: a conversation, a remote picture, files, a long subject."""
    found = stack.connect_next(mailmagnet=True, sharing="custom")
    first = a_mail(found.email, "Delivery dates")
    first["Message-ID"] = FIRST
    answer = a_mail(found.email, "Re: Delivery dates")
    answer["In-Reply-To"] = answer["References"] = FIRST
    answer.add_alternative(HTML, subtype="html")
    answer.add_attachment(b"numbers", "text", "csv", filename="numbers.csv")
    answer.add_attachment(b"words", "text", "plain", filename=f"{'A name of many words ' * 4}.txt")
    for mail in (a_mail(found.email, "A very long subject " * 6), first, answer):
        stack.deliver_raw(found.email, mail.as_bytes())
    yield found
    stack.disconnect(found.mailbox)


@pytest.mark.parametrize("path", ["/", "/deals"])
def test_the_demos_own_pages(stack: Driver, page: Page, axe: str, path: str) -> None:
    go(stack, page, path)
    seen_in_each_look(page, axe, {"/": "contacts", "/deals": "deals"}[path])


def test_notices(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, "/notices")
    expect(page.get_by_text("3 unread")).to_be_visible()
    seen_in_each_look(page, axe, "notices")


def test_an_opened_mail_and_its_answer(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(3)
    message = open_mail(page, "Re: Delivery dates")
    expect(message.frame_locator("iframe").get_by_text(TEXT)).to_be_visible()
    expect(message.get_by_text("1 picture from the Internet not loaded")).to_be_visible()
    message.get_by_role("button", name="Why?").click()
    expect(message.get_by_role("region", name="Why?")).to_be_visible()
    message.get_by_role("button", name="Show the whole conversation").click()
    message.locator("summary").click()
    expect(message.get_by_role("button", name="Reply", exact=True)).to_have_count(2)
    seen_in_each_look(page, axe, "record, opened mail")

    message.get_by_role("button", name="Why?").first.click()
    message.get_by_role("button", name="Forward").first.click()
    expect(message.get_by_label("Subject")).to_have_value("Fwd: Re: Delivery dates")
    seen_in_each_look(page, axe, "record, answer")


def test_settings_with_all_that_they_foresee(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, "/settings")
    page.get_by_label("Public").check()
    expect(page.get_by_text("will newly see")).to_be_visible()
    page.get_by_label("Label your email in Mailbox").check()
    page.get_by_role("button", name="What would leave the Inbox?").click()
    expect(page.get_by_text("Open Deals · 3")).to_be_visible()
    page.get_by_role("button", name="What was done").click()
    recount(page, "3 of them were noticed")
    page.get_by_role("button", name="Disconnect …").click()
    expect(page.get_by_role("button", name="Disconnect, keep the labels")).to_be_visible()
    seen_in_each_look(page, axe, "settings, foreseen")


def test_the_admins_page_with_all_that_can_be_asked_of_it(
    stack: Driver, person: BrowserContext, seller: Seller, axe: str
) -> None:
    name = user_of(seller).title()

    def one_is_held(route: Route) -> None:
        document = route.fetch().json()
        [row] = [one for one in document["items"] if one["id"] == seller.mailbox]
        detail = "So much would change at once that the labeler waits for your administrator."
        row["health"] |= {"code": "label_changes_held", "act": "admin", "detail": detail}
        route.fulfill(json=document)

    log_in(person, "admin")
    page = person.new_page()
    page.route("**/oauth/org/mailboxes?**", one_is_held)
    go(stack, page, "/admin")
    page.get_by_role("button", name=f"What was done in the mailbox of {name}", exact=True).click()
    expect(page.get_by_role("button", name="Let the held changes go on")).to_be_visible()
    page.get_by_role("button", name="Add them up").click()
    expect(page.get_by_text("mailboxes proved complete")).to_be_visible()
    settle(page)
    seen_in_each_look(page, axe, "admin, opened")

    # In the last look: the question has to fit into a narrow column.
    page.get_by_role("button", name=f"Disconnect the mailbox of {name}", exact=True).click()
    expect(page.get_by_role("button", name="Disconnect", exact=True)).to_be_visible()
    seen(page, axe, "admin, disconnecting")


def test_control_axe_finds_a_field_without_a_name(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, "/settings")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any(row.startswith("label:") for row in violations(page, axe))


def test_control_what_is_wider_than_the_window_is_found(stack: Driver, page: Page, axe: str) -> None:
    go(stack, page, "/settings")
    page.evaluate("document.querySelector('main').append('w'.repeat(400))")
    with pytest.raises(AssertionError, match="a long word"):
        seen(page, axe, "a long word")
