"""Google is asked for a permission when a feature first needs it, and for no more."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.crm_pages import allow_more, consent, go, log_in
from tests.e2e.driver import Driver

GMAIL = "https://www.googleapis.com/auth/gmail."
CONTACT = "won"


@pytest.fixture
def user(stack: Driver, person: BrowserContext) -> str:
    found = stack.next_name()
    log_in(person, found)
    return found


@pytest.fixture
def page(stack: Driver, person: BrowserContext, user: str) -> Page:
    """The settings page of somebody who has just pressed Authenticate and allowed."""
    page = person.new_page()
    go(stack, page, "/settings")
    expect(page.get_by_text("Google asks you to allow reading, no more.")).to_be_visible()
    consent(page, person, user)
    return page


def granted(stack: Driver, user: str) -> set[str]:
    mailbox: dict[str, Any] = stack.call("GET", "/oauth/mailbox", token=stack.token(user), expect=200)
    return {scope.removeprefix(GMAIL) for scope in mailbox["scopes"]["granted"] if scope.startswith(GMAIL)}


def test_authenticate_asks_for_reading_only(stack: Driver, page: Page, user: str) -> None:
    assert granted(stack, user) == {"readonly"}
    expect(page.get_by_text("All is well.")).to_be_visible()


def test_the_first_mail_asks_for_writing(
    stack: Driver, page: Page, person: BrowserContext, user: str
) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    page.get_by_role("button", name="Write a mail").click()
    expect(page.get_by_text("To write mail, Google must ask you once more")).to_be_visible()

    allow_more(page, person, "Allow writing", user)

    expect(page.get_by_label("To", exact=True)).to_be_focused()
    assert granted(stack, user) == {"readonly", "compose"}


def test_labels_ask_for_changing_mail_and_writing_then_asks_nothing(
    stack: Driver, page: Page, person: BrowserContext, user: str
) -> None:
    page.get_by_label("MailMagnet", exact=True).check()
    page.get_by_label("Label your email in Mailbox").check()
    allow_more(page, person, "Save", user)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert "modify" in granted(stack, user)
    expect(page.get_by_label("Label your email in Mailbox")).to_be_checked()

    go(stack, page, f"/contacts/{CONTACT}")
    page.get_by_role("button", name="Write a mail").click()
    expect(page.get_by_label("To", exact=True)).to_be_focused()


@pytest.mark.parametrize("answer", ["deny", "close"])
def test_a_refused_or_closed_question_changes_nothing_and_can_be_asked_again(
    stack: Driver, page: Page, person: BrowserContext, user: str, answer: str
) -> None:
    page.get_by_label("MailMagnet", exact=True).check()
    page.get_by_label("Label your email in Mailbox").check()
    with person.expect_page() as opened:
        page.get_by_role("button", name="Save").click()
    deny = opened.value.get_by_role("button", name="Deny")
    expect(deny).to_be_visible()
    if answer == "deny":
        deny.click()
        expect(opened.value.get_by_role("alert")).to_contain_text("did not allow")
    opened.value.close()
    assert granted(stack, user) == {"readonly"}
    expect(page.get_by_text("Saved.")).to_have_count(0)

    allow_more(page, person, "Save", user)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert "modify" in granted(stack, user)
