"""The whole story of one sales person, from Authenticate to the receipt: by clicking only, and by the keyboard only."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.crm_pages import (
    allow_more,
    consent,
    go,
    log_in,
    mails,
    open_mail,
    run_labeler,
    visit,
)
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.e2e import data_sets, matrix_world
from tests.e2e.driver import Driver

CONTACT = "closing"
SUBJECT = "When does it arrive?"


@dataclass(frozen=True)
class Story:
    """Who acts, where and how."""

    page: Page
    person: BrowserContext
    user: str
    hand: Hand


@pytest.mark.parametrize("hand", [Mouse(), Keyboard()], ids=["mouse", "keyboard"])
def test_from_authenticate_to_the_receipt(
    stack: Driver, person: BrowserContext, chromium: Browser, hand: Hand
) -> None:
    # In this order: the very first seller has mail already.
    colleague, user = stack.next_name(), stack.next_name()
    log_in(person, user)
    page = person.new_page()
    story = Story(page, person, user, hand)
    go(stack, page, "/")

    _connects(story)
    _chooses_what_it_does(story)
    _gets_a_mail(story)
    _is_told_of_it(story)
    _finds_it_labelled_and_asks_why(story)
    _shares_it(story, stack, chromium, colleague)
    _answers_it(story)
    _moves_the_deal(story)
    _leaves(story)


def _connects(story: Story) -> None:
    visit(story.page, story.hand, "Mail settings")
    consent(story.page, story.person, story.user, story.hand)


def _chooses_what_it_does(story: Story) -> None:
    page, hand = story.page, story.hand
    labels = page.get_by_label("Label your email in Mailbox")
    expect(labels).to_be_disabled()
    expect(page.get_by_text("Turn MailMagnet on first.")).to_be_visible()
    hand.tick(page.get_by_label("MailMagnet", exact=True))
    hand.tick(labels)
    hand.press(page.get_by_role("button", name="What would leave the Inbox?"))
    expect(page.get_by_text("would leave the Inbox.")).to_be_visible()
    hand.pick(page.get_by_label("Public"))
    known = len(data_sets.EXPECTED) + len(matrix_world.CONTACTS)
    expect(page.get_by_text(f"colleagues will newly see mail of {known} contacts.")).to_be_visible()
    hand.pick(page.get_by_label("Custom"))
    expect(page.get_by_text("Nobody sees more or less by this.")).to_be_visible()
    expect(page.get_by_text("To move mail under labels, Google will ask you once more")).to_be_visible()
    allow_more(page, story.person, "Save", story.user, hand)
    expect(page.get_by_text("Saved.")).to_be_visible()


def _gets_a_mail(story: Story) -> None:
    page, hand = story.page, story.hand
    visit(page, hand, "Contacts", "Closing")
    expect(page.get_by_text("No mail with this contact.")).to_be_visible()
    hand.press(page.get_by_role("button", name="Deliver a mail"))
    hand.write(page.get_by_label("Subject"), SUBJECT)
    hand.press(page.get_by_role("button", name="Deliver", exact=True))
    expect(page.get_by_text("Delivered to")).to_be_visible()


def _is_told_of_it(story: Story) -> None:
    page, hand = story.page, story.hand
    visit(page, hand, "Notices")
    expect(page.get_by_text("1 unread")).to_be_visible()
    hand.press(page.locator("gmail-notices").get_by_role("button", name="Closing", exact=True))
    page.wait_for_url(f"**/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(1)


def _finds_it_labelled_and_asks_why(story: Story) -> None:
    page, hand = story.page, story.hand
    run_labeler(page, hand)
    expect(mails(page).first.get_by_text("Deals Closing This Month")).to_be_visible()
    message = open_mail(page, SUBJECT, hand)
    expect(message.get_by_text("when may we expect the delivery?")).to_be_visible()
    hand.press(message.get_by_role("button", name="Why?"))
    why = message.get_by_role("region", name="Why?")
    expect(why.get_by_text("Why not another label")).to_be_visible()
    expect(why.get_by_role("listitem").filter(has_text="Customers")).to_be_visible()


def _shares_it(story: Story, stack: Driver, chromium: Browser, colleague: str) -> None:
    page, hand = story.page, story.hand
    other = chromium.new_context(locale="en-GB")
    log_in(other, colleague)
    theirs = other.new_page()
    go(stack, theirs, f"/contacts/{CONTACT}")
    expect(theirs.get_by_text("No mail with this contact.")).to_be_visible()

    hand.tick(page.get_by_label("Share email"))
    expect(page.get_by_text("Colleagues now see your mail with this contact.")).to_be_visible()

    visit(theirs, hand, "← All contacts", "Closing")
    expect(mails(theirs).first.get_by_text("mailbox of")).to_be_visible()
    shared = open_mail(theirs, SUBJECT, hand)
    expect(shared.get_by_text("when may we expect the delivery?")).to_be_visible()
    expect(shared.get_by_role("button", name="Reply", exact=True)).to_have_count(0)
    other.close()


def _answers_it(story: Story) -> None:
    page, hand = story.page, story.hand
    message = page.locator("gmail-message").first
    hand.press(message.get_by_role("button", name="Reply", exact=True))
    composer = message.get_by_role("region", name="Reply", exact=True)
    expect(composer.get_by_label("Text")).to_be_focused()
    expect(composer.get_by_label("To", exact=True)).to_have_value("Closing <closing@customers.example>")
    expect(composer.get_by_label("Subject")).to_have_value(f"Re: {SUBJECT}")
    hand.write(composer.get_by_label("Text"), "On Thursday.")
    expect(composer.get_by_text("Draft saved in Gmail")).to_be_visible()
    hand.press(composer.get_by_role("button", name="Send"))
    hold = composer.get_by_role("button", name="Do not send yet")
    expect(hold).to_be_focused()
    hand.press(hold)
    expect(composer.get_by_label("Text")).to_be_focused()
    expect(composer.get_by_label("Text")).to_have_value("On Thursday.")
    hand.press(composer.get_by_role("button", name="Send"))
    expect(mails(page).filter(has_text="On Thursday.").get_by_text("sent")).to_be_visible()
    expect(mails(page)).to_have_count(2)
    expect(message.get_by_role("button", name="Reply", exact=True)).to_be_focused()


def _moves_the_deal(story: Story) -> None:
    page, hand = story.page, story.hand
    column = page.get_by_label("Column of closing", exact=True)
    visit(page, hand, "Deals")
    if isinstance(hand, Mouse):
        card = page.get_by_role("listitem").filter(has=column)
        card.drag_to(page.get_by_role("region", name="Won"))
    else:
        hand.choose(column, "Won")
    expect(page.get_by_text("closing is now in “Won”.")).to_be_visible()
    # Also by the mouse: the card has moved, and the focus with it.
    expect(column).to_be_focused()
    run_labeler(page, hand)
    visit(page, hand, "Contacts", "Closing")
    expect(mails(page).locator(".chip", has_text="Customers")).to_be_visible()
    # Back: other tests read this contact as it was.
    visit(page, hand, "Deals")
    hand.choose(column, "Closing this month")
    expect(page.get_by_text("closing is now in “Closing this month”.")).to_be_visible()


def _leaves(story: Story) -> None:
    page, hand = story.page, story.hand
    visit(page, hand, "Mail settings")
    hand.press(page.get_by_role("button", name="Pause"))
    expect(page.get_by_text("Paused. Nothing is lost")).to_be_visible()
    hand.press(page.get_by_role("button", name="Resume"))
    expect(page.get_by_text("Working again.")).to_be_visible()
    hand.press(page.get_by_role("button", name="Disconnect …"))
    hand.press(page.get_by_role("button", name="Disconnect, remove them and put the mail back"))
    receipt = page.get_by_role("status").filter(has_text="Consent revoked at Google")
    expect(receipt).to_contain_text("yes")
    expect(page.get_by_text("No Gmail account is connected.")).to_be_visible()
