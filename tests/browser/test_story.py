"""The whole story of one sales person, by clicking only: from Authenticate to the receipt."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.crm_pages import allow_more, consent, go, log_in, mails, open_mail, run_labeler
from tests.e2e.driver import Driver

CONTACT = "closing"
SUBJECT = "When does it arrive?"


def test_from_authenticate_to_the_receipt(stack: Driver, person: BrowserContext, chromium: Browser) -> None:
    # In this order: the very first seller has mail already.
    colleague, user = stack.next_name(), stack.next_name()
    log_in(person, user)
    page = person.new_page()

    _connects(stack, page, person, user)
    _chooses_what_it_does(page, person, user)
    _gets_a_mail(stack, page)
    _is_told_of_it(stack, page)
    _finds_it_labelled_and_asks_why(page)
    _shares_it(stack, page, chromium, colleague)
    _answers_it(page)
    _moves_the_deal(stack, page)
    _leaves(stack, page)


def _connects(stack: Driver, page: Page, person: BrowserContext, user: str) -> None:
    go(stack, page, "/settings")
    consent(page, person, user)


def _chooses_what_it_does(page: Page, person: BrowserContext, user: str) -> None:
    labels = page.get_by_label("Label your email in Mailbox")
    expect(labels).to_be_disabled()
    expect(page.get_by_text("Turn MailMagnet on first.")).to_be_visible()
    page.get_by_label("MailMagnet", exact=True).check()
    labels.check()
    page.get_by_role("button", name="What would leave the Inbox?").click()
    expect(page.get_by_text("would leave the Inbox.")).to_be_visible()
    page.get_by_label("Public").check()
    expect(page.get_by_text("colleagues will newly see mail of 10 contacts.")).to_be_visible()
    page.get_by_label("Custom").check()
    expect(page.get_by_text("Nobody sees more or less by this.")).to_be_visible()
    expect(page.get_by_text("To move mail under labels, Google will ask you once more")).to_be_visible()
    allow_more(page, person, "Save", user)
    expect(page.get_by_text("Saved.")).to_be_visible()


def _gets_a_mail(stack: Driver, page: Page) -> None:
    go(stack, page, f"/contacts/{CONTACT}")
    expect(page.get_by_text("No mail with this contact.")).to_be_visible()
    page.get_by_role("button", name="Deliver a mail").click()
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_role("button", name="Deliver", exact=True).click()
    expect(page.get_by_text("Delivered to")).to_be_visible()


def _is_told_of_it(stack: Driver, page: Page) -> None:
    go(stack, page, "/notices")
    expect(page.get_by_text("1 unread")).to_be_visible()
    page.locator("gmail-notices").get_by_role("button", name="Closing", exact=True).click()
    page.wait_for_url(f"**/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(1)


def _finds_it_labelled_and_asks_why(page: Page) -> None:
    run_labeler(page)
    expect(mails(page).first.get_by_text("Deals Closing This Month")).to_be_visible()
    message = open_mail(page, SUBJECT)
    expect(message.get_by_text("when may we expect the delivery?")).to_be_visible()
    message.get_by_role("button", name="Why?").click()
    why = message.get_by_role("region", name="Why?")
    expect(why.get_by_text("Why not another label")).to_be_visible()
    expect(why.get_by_role("listitem").filter(has_text="Customers")).to_be_visible()


def _shares_it(stack: Driver, page: Page, chromium: Browser, colleague: str) -> None:
    other = chromium.new_context(locale="en-GB")
    log_in(other, colleague)
    theirs = other.new_page()
    go(stack, theirs, f"/contacts/{CONTACT}")
    expect(theirs.get_by_text("No mail with this contact.")).to_be_visible()

    page.get_by_label("Share email").check()
    expect(page.get_by_text("Colleagues now see your mail with this contact.")).to_be_visible()

    go(stack, theirs, f"/contacts/{CONTACT}")
    expect(mails(theirs).first.get_by_text("mailbox of")).to_be_visible()
    shared = open_mail(theirs, SUBJECT)
    expect(shared.get_by_text("when may we expect the delivery?")).to_be_visible()
    expect(shared.get_by_role("button", name="Reply", exact=True)).to_have_count(0)
    other.close()


def _answers_it(page: Page) -> None:
    message = page.locator("gmail-message").first
    message.get_by_role("button", name="Reply", exact=True).click()
    composer = message.get_by_role("region", name="Reply", exact=True)
    expect(composer.get_by_label("To", exact=True)).to_have_value("Closing <closing@customers.example>")
    expect(composer.get_by_label("Subject")).to_have_value(f"Re: {SUBJECT}")
    composer.get_by_label("Text").fill("On Thursday.")
    expect(composer.get_by_text("Draft saved in Gmail")).to_be_visible()
    composer.get_by_role("button", name="Send").click()
    composer.get_by_role("button", name="Do not send yet").click()
    expect(composer.get_by_label("Text")).to_have_value("On Thursday.")
    composer.get_by_role("button", name="Send").click()
    expect(mails(page).filter(has_text="On Thursday.").get_by_text("sent")).to_be_visible(timeout=20_000)
    expect(mails(page)).to_have_count(2)


def _moves_the_deal(stack: Driver, page: Page) -> None:
    go(stack, page, "/deals")
    card = page.get_by_role("listitem").filter(has=page.get_by_label("Column of closing", exact=True))
    card.drag_to(page.get_by_role("region", name="Won"))
    expect(page.get_by_text("closing is now in “Won”.")).to_be_visible()
    run_labeler(page)
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page).locator(".chip", has_text="Customers")).to_be_visible()
    # Back, by the keyboard's way: other tests read this contact as it was.
    go(stack, page, "/deals")
    page.get_by_label("Column of closing", exact=True).select_option("closing")
    expect(page.get_by_text("closing is now in “Closing this month”.")).to_be_visible()


def _leaves(stack: Driver, page: Page) -> None:
    go(stack, page, "/settings")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. Nothing is lost")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Working again.")).to_be_visible()
    page.get_by_role("button", name="Disconnect …").click()
    page.get_by_role("button", name="Disconnect, remove them and put the mail back").click()
    receipt = page.get_by_role("status").filter(has_text="Consent revoked at Google")
    expect(receipt).to_contain_text("yes")
    expect(page.get_by_text("No Gmail account is connected.")).to_be_visible()
