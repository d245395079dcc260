"""The demo CRM's pages as a person meets them, and a mail to look at."""

from email.message import EmailMessage

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.hands import Hand, Mouse
from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until

MOUSE = Mouse()
UNDO_MS = 10_000
"""For so long a mail can be taken back after Send (web/src/composer.ts)."""

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf"
    "c000000301010018dd8db00000000049454e44ae426082"
)
"""One pixel."""


def log_in(person: BrowserContext, user: str) -> None:
    """Every page of this browser that opens from now on is this CRM user's."""
    person.add_init_script(f"if (location.hostname === 'localhost') sessionStorage.setItem('user', '{user}')")


def user_of(seller: Seller) -> str:
    """The CRM user who owns the seller's mailbox."""
    return seller.email.partition("@")[0]


def go(stack: Driver, page: Page, path: str) -> None:
    """Opens a page of the CRM and waits until it is there."""
    page.goto(f"{stack.url}{path}")
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")


def contact_page(stack: Driver, person: BrowserContext, seller: Seller, contact: str) -> Page:
    """A contact's page as the seller sees it, with a clock that the test can move."""
    log_in(person, user_of(seller))
    page = person.new_page()
    page.clock.install()
    go(stack, page, f"/contacts/{contact}")
    return page


def show(page: Page, contact: str) -> None:
    """The host's page turns to another contact, as a CRM does that draws no new page."""
    page.locator("gmail-record").evaluate("(record, id) => record.setAttribute('contact-id', id)", contact)


def refresh(page: Page) -> None:
    """The host's page asks the record to read anew."""
    page.locator("gmail-record").evaluate("(record) => record.refresh()")


def visit(page: Page, hand: Hand, *links: str) -> None:
    """Goes from page to page of the CRM by these links."""
    for name in links:
        link = page.get_by_role("link", name=name, exact=True).first
        href = link.get_attribute("href")
        hand.press(link)
        page.wait_for_url(f"**{href}")
        expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")


def consent(page: Page, person: BrowserContext, user: str, hand: Hand = MOUSE) -> None:
    """Presses Authenticate, chooses the account in the popup, allows."""
    allow_more(page, person, "Authenticate", user, hand)
    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()


def allow_more(page: Page, person: BrowserContext, press: str, user: str, hand: Hand = MOUSE) -> None:
    """Presses a button that has to ask Google, and allows what it asks for."""
    with person.expect_page() as opened:
        hand.press(page.get_by_role("button", name=press, exact=True))
    popup = opened.value
    hand.pick(popup.get_by_role("radio", name=f"{user}@"))
    hand.press(popup.get_by_role("button", name="Allow"))


def run_labeler(page: Page, hand: Hand = MOUSE) -> None:
    """The bar's "Run now", until the run has ended; a mailbox that is busy takes its turn a little later."""
    hand.press(page.get_by_role("button", name="Run now"))
    expect(page.get_by_text("The labeler has run.")).to_be_visible(timeout=310_000)


def recount(page: Page, found: str) -> None:
    """Presses "Recount now", and anew where another job is at work on the mailbox, until this is told."""
    answer = page.get_by_text(found)

    def told() -> bool:
        page.get_by_role("button", name="Recount now").click()
        expect(answer.or_(page.locator("gmail-runs").get_by_role("alert"))).to_be_visible()
        return answer.is_visible()

    until(told, f"the recount: {found}")


def seller_with_mail_of(stack: Driver, *senders: tuple[str, str]) -> Seller:
    """Somebody who chooses by contact what is shared, with a mail of each (contact, subject)."""
    found = stack.connect_next(sharing="custom")
    for contact, subject in senders:
        stack.deliver(found.email, f"Somebody <{contact}@customers.example>", subject)
    return found


def mails(page: Page) -> Locator:
    """The rows of the mail list, newest first."""
    return page.locator("gmail-record li.mail")


def open_mail(page: Page, subject: str, hand: Hand = MOUSE) -> Locator:
    """Opens the mail with this subject; answers what was opened."""
    row = mails(page).filter(has_text=subject).first
    hand.press(row.get_by_role("button", expanded=False).first)
    message = row.locator("gmail-message").first
    expect(message.get_by_text("To ", exact=False).first).to_be_visible()
    return message


def give_another_token(page: Page) -> None:
    """The host's page sets `token` of the record again."""
    page.locator("gmail-record").evaluate(
        "(record) => { const { token } = record; record.token = () => token(); }"
    )


def send(page: Page, place: Page | Locator) -> None:
    """Presses Send in this place; the ten seconds pass at once, where the page has a clock that a test can move."""
    # To whom an answer goes is there once Gmail has told the sender's own addresses; until then the form refuses.
    expect(place.locator("form:invalid")).to_have_count(0)
    place.get_by_role("button", name="Send", exact=True).click()
    expect(place.get_by_role("button", name="Do not send yet")).to_be_visible()
    page.clock.run_for(UNDO_MS)


def deliver_html(stack: Driver, seller: Seller, contact: str, html: str) -> None:
    """A mail "With HTML" from a contact, with a picture of its own (cid:logo@here) and a file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{contact.title()} <{contact}@customers.example>", seller.email
    mail["Subject"] = "With HTML"
    mail.set_content("In plain text.")
    mail.add_alternative(html, subtype="html")
    html_part = list(mail.iter_parts())[1]
    assert isinstance(html_part, EmailMessage)
    html_part.add_related(PICTURE, "image", "png", cid="<logo@here>")
    mail.add_attachment(b"numbers", "text", "csv", filename="numbers.csv")
    stack.deliver_raw(seller.email, mail.as_bytes())
