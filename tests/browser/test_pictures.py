"""The pictures of docs/tour.md and the README, light and dark. `PICTURES=1` writes them into docs/pictures."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.crm_pages import go, log_in, mails, open_mail
from tests.e2e.driver import Driver
from tests.e2e.stacks import running_stack

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 200_000
CONTACT = "c004"
USER, ADMIN = "alice", "chloe"
LABELLED = "Thank you for the visit"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return PICTURES if os.environ.get("PICTURES") else tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """The stack as `./dev up` starts it, and Alice at work: labels on, one run of the labeler, three mails today."""
    with running_stack(None, tmp_path_factory.mktemp("demo")) as stack:
        token = stack.token(USER)
        email = str(stack.connect(token, f"{USER}@lumenbridge.example")["email"])
        settings = {"mailmagnet": True, "labels": True, "sharing": "custom"}
        stack.call("PATCH", "/oauth/mailbox", settings, token=token, expect=200)
        stack.call("POST", "/local/tick/labeler")
        sender = "Moira Stane <moira@quillmoor.example>"
        for subject in ("Our order", "Meeting on Thursday", "Delivery of the lamps"):
            stack.deliver(email, sender, subject, "When may we expect the delivery of the lamps?")
        yield stack


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Driver) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(
        locale="en-GB", viewport={"width": 1200, "height": 1000}, color_scheme=request.param
    )
    context.set_default_timeout(15_000)
    log_in(context, USER)
    yield context.new_page()
    context.close()


def picture(page: Page, folder: Path, name: str) -> None:
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    file = folder / f"{name}{'-dark' if dark else ''}.png"
    page.screenshot(path=file, animations="disabled")
    assert file.stat().st_size < MOST_BYTES


def test_the_settings(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, "/settings")
    page.get_by_label("Public").check()
    expect(page.get_by_text("will newly see mail")).to_be_visible()
    picture(page, folder, "settings")


def test_a_record(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, f"/contacts/{CONTACT}")
    expect(mails(page)).not_to_have_count(0)
    message = open_mail(page, LABELLED)
    expect(message.get_by_text("thank you for the quick answer")).to_be_visible()
    picture(page, folder, "record")


def test_why_a_mail_is_labelled(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, f"/contacts/{CONTACT}")
    message = open_mail(page, LABELLED)
    message.get_by_role("button", name="Why?").click()
    message.get_by_role("region", name="Why?").scroll_into_view_if_needed()
    expect(message.get_by_text("Why not another label")).to_be_visible()
    picture(page, folder, "why")


def test_an_answer(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Meeting on Thursday")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("See you on Thursday at ten.")
    expect(message.get_by_text("Draft saved in Gmail")).to_be_visible()
    message.get_by_role("button", name="Send").scroll_into_view_if_needed()
    picture(page, folder, "reply")


def test_the_notices(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, "/notices")
    expect(page.get_by_text("3 unread")).to_be_visible()
    picture(page, folder, "notices")


def test_the_deals(demo: Driver, page: Page, folder: Path) -> None:
    go(demo, page, "/deals")
    expect(page.get_by_role("heading", name="Won")).to_be_visible()
    picture(page, folder, "deals")


def test_the_admins_page(demo: Driver, page: Page, folder: Path) -> None:
    log_in(page.context, ADMIN)
    go(demo, page, "/admin")
    expect(page.get_by_role("heading", name="Mailboxes", exact=True)).to_be_visible()
    expect(page.get_by_text("connected a mailbox").first).to_be_visible()
    expect(page.get_by_text("All is well.")).to_be_visible()
    picture(page, folder, "admin")
