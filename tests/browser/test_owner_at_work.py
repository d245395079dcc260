"""What the owner of a mailbox does beyond choosing: consents anew or by hand, undoes, recounts, takes what is held."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.crm_pages import (
    MOUSE,
    allow_more,
    go,
    log_in,
    mails,
    open_mail,
    recount,
    run_labeler,
    user_of,
    visit,
)
from tests.e2e.driver import Driver, Seller

CONTACT = "won"
SENDER = f"Won <{CONTACT}@customers.example>"


@pytest.fixture
def seller(stack: Driver) -> Seller:
    return stack.connect_next(mailmagnet=True, labels=True, sharing="custom")


def mailbox_of(stack: Driver, token: str) -> dict[str, Any]:
    return dict(stack.call("GET", "/oauth/mailbox", token=token, expect=200))


def test_a_lost_consent_is_given_again_and_nothing_else_is_lost(
    stack: Driver, person: BrowserContext, page: Page, seller: Seller
) -> None:
    stack.deliver(seller.email, SENDER, "Before the loss")
    assert stack.raw("PUT", f"/oauth/mailbox/shares/{CONTACT}", token=seller.token).ok
    before = mailbox_of(stack, seller.token)
    fault = {"kind": "revoke", "match": "*", "user": seller.email, "count": 1}
    stack.call("POST", "/local/faults", fault, expect=201)

    go(stack, page, f"/contacts/{CONTACT}")
    expect(page.get_by_text("must be connected again; mail is missing here.")).to_be_visible()
    page.get_by_role("link", name="Open mail settings").click()
    expect(page.get_by_text("needs you")).to_be_visible()
    assert mailbox_of(stack, seller.token)["status"] == "needs_reconnect"
    allow_more(page, person, "Connect again", user_of(seller))

    expect(page.get_by_text("Gmail is connected.")).to_be_visible()
    expect(page.get_by_role("button", name="Connect again")).to_have_count(0)
    after = mailbox_of(stack, seller.token)
    assert after["status"] == "connected"
    for part in ("id", "settings", "labels"):
        assert after[part] == before[part]
    visit(page, MOUSE, "Contacts", CONTACT.title())
    expect(mails(page).filter(has_text="Before the loss")).to_have_count(1)
    expect(page.get_by_label("Share email")).to_be_checked()


def test_where_the_browser_opens_no_window_a_link_leads_to_googles_page(
    stack: Driver, person: BrowserContext
) -> None:
    user = stack.next_name()
    log_in(person, user)
    person.add_init_script("window.open = () => null")
    page = person.new_page()
    go(stack, page, "/settings")
    page.get_by_role("button", name="Authenticate").click()
    expect(page.get_by_text("Your browser did not open the window.")).to_be_visible()
    with person.expect_page() as opened:
        page.get_by_role("link", name="Open Google's consent page").click()
    opened.value.get_by_role("radio", name=f"{user}@").check()
    opened.value.get_by_role("button", name="Allow").click()

    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()
    expect(page.get_by_text("Your browser did not open the window.")).to_have_count(0)
    assert mailbox_of(stack, stack.token(user))["status"] == "connected"


def test_a_run_is_undone_a_gap_recounted_and_what_is_held_taken_along(
    stack: Driver, page: Page, seller: Seller
) -> None:
    messages = [stack.deliver(seller.email, SENDER, subject, "Canary-heron") for subject in ("One", "Two")]
    go(stack, page, "/settings")
    run_labeler(page)
    assert [stack.label_ids(seller, message) & {"INBOX"} for message in messages] == [set(), set()]

    page.get_by_role("button", name="What was done").click()
    page.get_by_role("button", name="Undo the run of").click()
    expect(page.get_by_text("2 messages put back as before.")).to_be_visible()
    assert [stack.label_ids(seller, message) for message in messages] == [{"INBOX", "UNREAD"}] * 2

    _recounts(stack, page, seller)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as a file").click()
    held = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert held["mailbox"]["id"] == seller.mailbox
    assert {notice["id"] for notice in held["notices"]} >= set(messages)
    assert "Canary-heron" not in json.dumps(held)


def _recounts(stack: Driver, page: Page, seller: Seller) -> None:
    """Asks for a recount, where Gmail has told nothing of a mail that came."""
    stack.call("POST", "/local/faults", {"kind": "drop_push", "match": "*", "user": seller.email, "count": 1})
    lost = stack.deliver(seller.email, SENDER, "Nobody was told")
    recount(page, "Gmail held 3 mails from contacts; 3 of them were noticed.")
    proof = stack.call("GET", "/notify/completeness", token=seller.token, expect=200)
    assert (proof["expected"], proof["seen"], proof["missing"]) == (3, 3, [])
    notices = stack.call("GET", "/notify/notices", token=seller.token, expect=200)["items"]
    assert lost in {notice["id"] for notice in notices}


def test_the_whole_conversation_is_opened_from_one_of_its_mails(
    stack: Driver, page: Page, seller: Seller
) -> None:
    for number in (1, 2):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = SENDER, seller.email, f"<{number}@customers.example>"
        mail["Subject"] = "Lamps" if number == 1 else "Re: Lamps"
        if number > 1:
            mail["In-Reply-To"] = mail["References"] = "<1@customers.example>"
        mail.set_content(f"What I wrote at {number} o'clock.")
        stack.deliver_raw(seller.email, mail.as_bytes())
    stack.deliver(seller.email, SENDER, "Another matter")

    go(stack, page, f"/contacts/{CONTACT}")
    message = open_mail(page, "Re: Lamps")
    message.get_by_role("button", name="Show the whole conversation").click()
    expect(message.get_by_role("heading", name="Others in this conversation")).to_be_visible()
    message.locator("summary").click()
    expect(message.get_by_text("What I wrote at 1 o'clock.")).to_be_visible()
    expect(message.get_by_text("What I wrote at 2 o'clock.")).to_be_visible()

    alone = open_mail(page, "Another matter")
    alone.get_by_role("button", name="Show the whole conversation").click()
    expect(alone.get_by_text("There is no other message in this conversation.")).to_be_visible()
