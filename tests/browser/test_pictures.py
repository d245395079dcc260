"""The pictures of docs/tour.md and the README, light and dark. `PICTURES=1` writes them into docs/pictures."""

import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.crm_pages import go, log_in, mails, open_mail
from tests.e2e.driver import Driver
from tests.e2e.stacks import running_stack

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 200_000
CONTACT = "c004"
USER, ADMIN = "alice", "chloe"
LABELLED = "Thank you for the visit"
OFFER = """<p>Hello Alice,</p><p>these are the lamps for the hall. <b>Could we have forty of them by the 12th?</b></p>
<table border="1" cellpadding="6" style="border-collapse: collapse"><tr><th>Lamp</th><th>Pieces</th></tr>
<tr><td>Harbour 40</td><td>40</td></tr><tr><td>Quay 12</td><td>8</td></tr></table>
<img src="https://pictures.quillmoor.example/hall.png" alt=""><p>Moira</p>"""
LOOKS = ("light", "dark") if os.environ.get("PICTURES") else ("light",)
"""What all pages are in the dark, tests/browser/test_looks.py asks."""
AIR = 12
"""Below the last part of a page, less than what lies between two cards."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return PICTURES if os.environ.get("PICTURES") else tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """The stack as `./dev up` starts it, and Alice at work: labels on, two runs, three mails today, a recount."""
    with running_stack(None, tmp_path_factory.mktemp("demo")) as stack:
        token = stack.token(USER)
        email = str(stack.connect(token, f"{USER}@lumenbridge.example")["email"])
        settings = {"mailmagnet": True, "labels": True, "sharing": "custom"}
        stack.call("PATCH", "/oauth/mailbox", settings, token=token, expect=200)
        for _ in range(2):
            stack.call("POST", "/local/tick/labeler")
        for subject, text in (
            ("Our order", "When may we expect the delivery of the lamps?"),
            ("Meeting on Thursday", "Shall we say ten o'clock, in your showroom?"),
        ):
            stack.deliver_raw(email, a_mail(email, subject, text).as_bytes())
        stack.deliver_raw(email, lamps_for_the_hall(email).as_bytes())
        stack.recount(token)
        yield stack


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Driver) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(
        locale="en-GB", viewport={"width": 1200, "height": 1000}, color_scheme=request.param
    )
    log_in(context, USER)
    yield context.new_page()
    context.close()


def a_mail(to: str, subject: str, text: str) -> EmailMessage:
    """As Gmail delivers it: with its own word on the sender."""
    mail = EmailMessage()
    mail["Authentication-Results"] = "mx.google.com; dkim=pass header.i=@quillmoor.example"
    mail["From"], mail["To"], mail["Subject"] = "Moira Stane <moira@quillmoor.example>", to, subject
    mail.set_content(text)
    return mail


def lamps_for_the_hall(to: str) -> EmailMessage:
    """A mail with HTML, a picture from elsewhere and a file."""
    mail = a_mail(to, "Lamps for the hall", "Hello Alice, these are the lamps for the hall.")
    mail.add_alternative(OFFER, subtype="html")
    mail.add_attachment(b"%PDF-1.7" + bytes(48_000), "application", "pdf", filename="Plan of the hall.pdf")
    return mail


def end_below(last: Locator, air: int = AIR) -> None:
    """Makes the window so high that it shows the page from its top to this part's end, and the tools' bar."""
    page, width = last.page, 1200
    # First so high that nothing of the page has to scroll.
    page.set_viewport_size({"width": width, "height": 4000})
    box, bar = last.bounding_box(), page.locator("#bar").bounding_box()
    assert box is not None
    assert bar is not None
    height = box["y"] + box["height"] + air + bar["height"]
    page.set_viewport_size({"width": width, "height": round(height)})


def picture(part: Page | Locator, folder: Path, name: str) -> None:
    page = part if isinstance(part, Page) else part.page
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    file = folder / f"{name}{'-dark' if dark else ''}.png"
    part.screenshot(path=file, animations="disabled")
    assert file.stat().st_size < MOST_BYTES


def test_the_settings(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, "/settings")
    page.get_by_label("Public").check()
    expect(page.get_by_text("will newly see mail")).to_be_visible()
    expect(page.get_by_text("You can send as")).to_be_visible()
    end_below(page.locator("gmail-settings"))
    picture(page, folder, "settings")


def test_a_record(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, f"/contacts/{CONTACT}")
    expect(mails(page)).not_to_have_count(0)
    message = open_mail(page, "Lamps for the hall")
    expect(message.frame_locator("iframe").get_by_text("Could we have forty")).to_be_visible()
    expect(message.get_by_role("button", name="Plan of the hall.pdf")).to_be_visible()
    # The list goes on below.
    end_below(mails(page).nth(3), 0)
    picture(page, folder, "record")


def test_why_a_mail_is_labelled(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, f"/contacts/{CONTACT}")
    message = open_mail(page, LABELLED)
    message.get_by_role("button", name="Why?").click()
    expect(message.get_by_text("Why not another label")).to_be_visible()
    row = mails(page).filter(has_text=LABELLED)
    end_below(row)
    picture(row, folder, "why")


def test_an_answer(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Meeting on Thursday")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("See you on Thursday at ten.")
    expect(message.get_by_text("Draft saved in Gmail")).to_be_visible()
    row = mails(page).filter(has_text="Meeting on Thursday")
    end_below(row)
    picture(row, folder, "reply")
    message.get_by_role("button", name="Discard").click()
    expect(message.get_by_role("button", name="Reply", exact=True)).to_be_visible()


def test_the_notices(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, "/notices")
    expect(page.get_by_text("3 unread")).to_be_visible()
    end_below(page.locator("gmail-notices"))
    picture(page, folder, "notices")


def test_the_deals(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, "/deals")
    expect(page.get_by_role("heading", name="Won")).to_be_visible()
    picture(page, folder, "deals")


def test_the_admins_page(demo: Driver, page: Page, folder: Path) -> None:
    log_in(page.context, ADMIN)
    go(demo, page, "/admin")
    expect(page.get_by_text("All is well.")).to_be_visible()
    page.get_by_role("button", name="Add them up").click()
    expect(page.get_by_text("mailboxes proved complete")).to_be_visible()
    page.get_by_role("button", name="What was done in the mailbox of Alice").click()
    done = page.get_by_role("region", name="What was done in the mailbox of Alice")
    expect(done.get_by_role("heading", name="Completeness")).to_be_visible()
    end_below(done)
    picture(page, folder, "admin")

    # The stack's own has a port that differs each time.
    webhook = page.get_by_label("Webhook of the CRM")
    webhook.fill("https://crm.lumenbridge.example/hooks/mail")
    webhook.blur()
    page.set_viewport_size({"width": 1200, "height": 4000})
    picture(page.locator("gmail-policy"), folder, "policy")
