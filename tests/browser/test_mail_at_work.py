"""What a person does with mail beyond reading it: files, forwarding, undoing a label; and the admin's own work."""

import base64
import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.browser.crm_pages import contact_page, go, log_in, mails, open_mail, run_labeler, send, user_of
from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until

CONTACT = "closing"


def a_file(name: str, content: bytes = b"the plan") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


@pytest.fixture
def seller(stack: Driver) -> Seller:
    found = stack.connect_next(mailmagnet=True, labels=True)
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Closing <{CONTACT}@customers.example>", found.email
    mail["Subject"] = "With a file"
    mail.set_content("See the file.")
    mail.add_attachment(b"numbers", "text", "csv", filename="numbers.csv")
    stack.deliver_raw(found.email, mail.as_bytes())
    return found


@pytest.fixture
def page(stack: Driver, person: BrowserContext, seller: Seller) -> Page:
    return contact_page(stack, person, seller, CONTACT)


def test_send_is_pressed_although_the_draft_is_saved_while_the_button_is_down(page: Page) -> None:
    message = open_mail(page, "With a file")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("Here is the plan.")
    message.get_by_role("button", name="Send", exact=True).hover()
    page.mouse.down()
    expect(message.get_by_text("Draft saved in Gmail")).to_be_visible()
    page.mouse.up()
    expect(message.get_by_role("button", name="Do not send yet")).to_be_visible()


def test_a_file_is_attached_another_is_taken_out_and_the_rest_is_sent(page: Page) -> None:
    message = open_mail(page, "With a file")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Text").fill("Here is the plan.")
    files = message.get_by_label("Attach files")
    files.set_input_files([a_file("plan.txt"), a_file("wrong.txt")])
    message.get_by_role("button", name="Remove wrong.txt").click()
    send(page, message)

    sent = mails(page).filter(has_text="Here is the plan.")
    expect(sent.get_by_text("has attachments")).to_be_visible()
    sent.get_by_role("button").first.click()
    with page.expect_download() as download:
        sent.get_by_role("button", name="plan.txt").click()
    assert Path(download.value.path()).read_bytes() == b"the plan"
    expect(sent.get_by_role("button", name="wrong.txt")).to_have_count(0)


def test_files_that_are_too_large_together_are_refused_in_a_sentence(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "plan.txt"
    with large.open("wb") as file:
        file.truncate(18_000_001)
    message = open_mail(page, "With a file")
    message.get_by_role("button", name="Reply", exact=True).click()
    message.get_by_label("Attach files").set_input_files(large)
    expect(message.get_by_text("Attachments may have 18 MB together.")).to_be_visible()
    expect(message.get_by_role("button", name="Remove plan.txt")).to_have_count(0)


def test_a_mail_is_forwarded_with_its_file(stack: Driver, page: Page) -> None:
    message = open_mail(page, "With a file")
    message.get_by_role("button", name="Forward").click()
    expect(message.get_by_text("Goes along: numbers.csv")).to_be_visible()
    message.get_by_label("To", exact=True).fill("won@customers.example")
    message.get_by_label("Text").fill("For your information.")
    send(page, message)
    expect(message.get_by_text("Sent.")).to_be_visible()

    go(stack, page, "/contacts/won")
    forwarded = mails(page).filter(has_text="Fwd: With a file")
    forwarded.get_by_role("button").first.click()
    expect(forwarded.get_by_role("button", name="numbers.csv")).to_be_visible()


def test_a_label_is_undone_from_its_chip_and_stays_off(stack: Driver, page: Page) -> None:
    run_labeler(page)
    message = open_mail(page, "With a file")
    message.get_by_role("button", name="Undo the label").click()
    expect(page.get_by_text("The label is taken off again, and stays off.").first).to_be_visible()
    run_labeler(page)
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(1)
    expect(mails(page).get_by_text("Deals Closing This Month")).to_have_count(0)


def test_a_compact_list_is_lower_than_a_wide_one(page: Page) -> None:
    expect(mails(page)).to_have_count(1)
    wide = mails(page).first.evaluate("(row) => row.offsetHeight")
    page.locator("gmail-record").evaluate("(record) => record.setAttribute('density', 'compact')")
    assert mails(page).first.evaluate("(row) => row.offsetHeight") < wide


def test_the_admin_reads_exports_and_disconnects_a_mailbox(
    stack: Driver, person: BrowserContext, seller: Seller
) -> None:
    name = user_of(seller).title()
    log_in(person, "admin")
    page = person.new_page()
    go(stack, page, "/admin")
    page.get_by_role("button", name=f"What was done in the mailbox of {name}", exact=True).click()
    done = page.get_by_role("region", name=f"What was done in the mailbox of {name}", exact=True)
    expect(done.get_by_role("heading", name="Runs of the labeler")).to_be_visible()
    expect(done.get_by_role("heading", name="Completeness")).to_be_visible()
    expect(done.get_by_role("button")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("button", name=f"Export what is held about {name}", exact=True).click()
    held = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert held["mailbox"]["id"] == seller.mailbox
    assert base64.b64encode(b"See the file.").decode() not in json.dumps(held)

    page.get_by_role("button", name=f"Disconnect the mailbox of {name}", exact=True).click()
    page.get_by_role("button", name="Disconnect", exact=True).click()
    expect(page.get_by_text(f"The mailbox of {name} is disconnected.")).to_be_visible()
    assert stack.raw("GET", "/oauth/mailbox", token=seller.token).status_code == 404


def test_the_admin_adds_up_the_runs_and_the_proofs_of_all_mailboxes(
    stack: Driver, person: BrowserContext, seller: Seller
) -> None:
    stack.call("POST", "/local/tick/labeler")
    until(lambda: runs_of(stack, seller) == 1, "the seller's mail is labelled", 60)
    stack.recount(seller.token)
    log_in(person, "admin")
    page = person.new_page()
    go(stack, page, "/admin")
    page.get_by_role("button", name="Add them up").click()
    proved = page.get_by_text("mailboxes proved complete by their last daily recount.")
    expect(proved).to_be_visible()
    numbers = re.match(r"(\d+) of (\d+) ", proved.inner_text())
    assert numbers is not None
    assert 1 <= int(numbers[1]) <= int(numbers[2]) == len(stack.mailboxes())
    labelled = re.match(r"(\d+) mails labelled", page.get_by_text("mails labelled, for").inner_text())
    assert labelled is not None
    assert int(labelled[1]) >= 1
    expect(page.locator("gmail-totals svg rect").first).to_be_attached()
    page.get_by_text("Hour by hour").click()
    hours = page.locator("gmail-totals tbody tr")
    expect(hours.first).to_be_visible()
    cells = hours.evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].slice(1, 4).map((n) => +n.innerText))"
    )
    assert sum(map(sum, cells)) == int(labelled[1])


def test_a_mailbox_that_is_gone_by_then_is_left_out_of_the_sum(
    stack: Driver, person: BrowserContext, seller: Seller
) -> None:
    log_in(person, "admin")
    page = person.new_page()
    gone = {"code": "not_found", "act": "user", "detail": "There is no such mailbox."}
    page.route(
        f"**/labeler/org/mailboxes/{seller.mailbox}/**", lambda route: route.fulfill(status=404, json=gone)
    )
    go(stack, page, "/admin")
    page.get_by_role("button", name="Add them up").click()
    left = f" of {len(stack.mailboxes()) - 1} mailboxes proved complete"
    expect(page.get_by_text(left)).to_be_visible()


def runs_of(stack: Driver, seller: Seller) -> int:
    return len(stack.call("GET", "/labeler/runs", token=seller.token, expect=200)["items"])


def test_no_one_elses_admin_reads_runs_and_no_user_does(stack: Driver, seller: Seller) -> None:
    for path in ("labeler/org/mailboxes/{}/runs", "notify/org/mailboxes/{}/completeness"):
        assert stack.raw("GET", f"/{path.format(seller.mailbox)}", token=seller.token).status_code == 403
        assert stack.raw("GET", f"/{path.format('none')}", token=stack.token("admin")).status_code == 404
