"""The pictures of docs/tour.md and the README, light and dark. `PICTURES=1` writes them into docs/pictures."""

import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.crm_pages import go, log_in, mails, open_mail, user_of
from tests.e2e.driver import Driver, Seller

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 200_000
CONTACT = "closing"
LETTER = """<p>Dear team,</p><p>the <b>new lamps</b> look good. When may we expect the delivery?</p>
<table border="1" cellpadding="6"><tr><th>Part</th><th>Pieces</th></tr><tr><td>Harbour lamp</td><td>12</td></tr></table>
<img src="https://shop.example/logo.png" width="80" height="20">
<div class="gmail_quote"><blockquote>What we wrote before.</blockquote></div>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return PICTURES if os.environ.get("PICTURES") else tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Seller:
    """A seller at work: labels on, three mails of one contact, one run of the labeler."""
    # The very first seller has mail already.
    stack.next_name()
    found = stack.connect_next(mailmagnet=True, labels=True, sharing="custom")
    sender = f"Closing <{CONTACT}@customers.example>"
    stack.deliver(found.email, sender, "Your offer", "Thank you for the offer. We are reading it with care.")
    stack.deliver(found.email, sender, "Meeting on Thursday", "Thursday suits us well.")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, found.email, "Delivery of the lamps"
    mail.set_content("When may we expect the delivery?")
    mail.add_alternative(LETTER, subtype="html")
    stack.deliver_raw(found.email, mail.as_bytes())
    stack.call("POST", "/local/tick/labeler")
    return found


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, seller: Seller) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(
        locale="en-GB", viewport={"width": 1200, "height": 800}, color_scheme=request.param
    )
    context.set_default_timeout(15_000)
    log_in(context, user_of(seller))
    yield context.new_page()
    context.close()


def picture(page: Page, folder: Path, name: str) -> None:
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    file = folder / f"{name}{'-dark' if dark else ''}.png"
    page.screenshot(path=file, animations="disabled")
    assert file.stat().st_size < MOST_BYTES


def test_the_settings(stack: Driver, page: Page, folder: Path) -> None:
    go(stack, page, "/settings")
    page.get_by_label("Public").check()
    expect(page.get_by_text("will newly see mail")).to_be_visible()
    picture(page, folder, "settings")


def test_a_record(stack: Driver, page: Page, folder: Path) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(3)
    message = open_mail(page, "Delivery of the lamps")
    expect(message.frame_locator("iframe").get_by_text("Harbour lamp")).to_be_visible()
    picture(page, folder, "record")


def test_why_a_mail_is_labelled(stack: Driver, page: Page, folder: Path) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Your offer")
    message.get_by_role("button", name="Why?").click()
    message.get_by_role("region", name="Why?").scroll_into_view_if_needed()
    expect(message.get_by_text("Why not another label")).to_be_visible()
    picture(page, folder, "why")


def test_an_answer(stack: Driver, page: Page, folder: Path) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Meeting on Thursday")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("See you on Thursday at ten.")
    expect(message.get_by_text("Draft saved in Gmail")).to_be_visible()
    message.get_by_role("button", name="Send").scroll_into_view_if_needed()
    picture(page, folder, "reply")


def test_the_notices(stack: Driver, page: Page, folder: Path) -> None:
    go(stack, page, "/notices")
    expect(page.get_by_text("3 unread")).to_be_visible()
    picture(page, folder, "notices")


def test_the_deals(stack: Driver, page: Page, folder: Path) -> None:
    go(stack, page, "/deals")
    expect(page.get_by_role("heading", name="Won")).to_be_visible()
    picture(page, folder, "deals")


def test_the_admins_page(stack: Driver, page: Page, folder: Path) -> None:
    log_in(page.context, "admin")
    go(stack, page, "/admin")
    expect(page.get_by_role("heading", name="Mailboxes")).to_be_visible()
    expect(page.get_by_text("changed the policy").first).to_be_visible()
    picture(page, folder, "admin")
