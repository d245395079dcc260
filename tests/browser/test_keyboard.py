"""The main path without a mouse: Tab, Space, Enter and arrows only."""

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.crm_pages import go, log_in, mails, user_of
from tests.e2e.driver import Driver

CONTACT = "won"
MOST_TABS = 60


def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until the target has the focus, as somebody would who sees where it is."""
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element.getRootNode().activeElement === element"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} tabs do not reach {target}")


def test_a_mail_is_read_explained_and_answered_by_the_keyboard(stack: Driver, person: BrowserContext) -> None:
    seller = stack.connect_next(mailmagnet=True)
    stack.deliver(seller.email, f"Won <{CONTACT}@customers.example>", "By keyboard", "Are you there?")
    log_in(person, user_of(seller))
    page = person.new_page()
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page)).to_have_count(1)

    tab_to(page, mails(page).first.get_by_role("button").first)
    page.keyboard.press("Enter")
    message = page.locator("gmail-message")
    expect(message.get_by_text("Are you there?")).to_be_visible()
    tab_to(page, message.get_by_role("button", name="Why?"))
    page.keyboard.press("Space")
    expect(message.get_by_role("region", name="Why?")).to_be_visible()
    tab_to(page, message.get_by_role("button", name="Reply", exact=True))
    page.keyboard.press("Enter")
    expect(message.get_by_label("Text")).to_be_focused()
    page.keyboard.type("I am.")
    tab_to(page, message.get_by_role("button", name="Send"))
    page.keyboard.press("Enter")
    expect(mails(page).filter(has_text="I am.").get_by_text("sent")).to_be_visible(timeout=30_000)


def test_a_person_connects_and_disconnects_by_the_keyboard(stack: Driver, person: BrowserContext) -> None:
    user = stack.next_name()
    log_in(person, user)
    page = person.new_page()
    go(stack, page, "/settings")
    authenticate = page.get_by_role("button", name="Authenticate")
    expect(authenticate).to_be_visible()
    tab_to(page, authenticate)
    with person.expect_page() as opened:
        page.keyboard.press("Enter")
    popup = opened.value
    account = popup.get_by_label(f"{user}@", exact=False).first
    account.focus()
    popup.keyboard.press("Space")
    expect(account).to_be_checked()
    tab_to(popup, popup.get_by_role("button", name="Allow"))
    popup.keyboard.press("Enter")
    expect(page.get_by_text(f"Connected to {user}@")).to_be_visible()

    tab_to(page, page.get_by_role("button", name="Disconnect …"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Disconnect, keep the labels"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible(timeout=30_000)


def test_settings_are_changed_and_saved_by_the_keyboard(stack: Driver, person: BrowserContext) -> None:
    seller = stack.connect_next()
    log_in(person, user_of(seller))
    page = person.new_page()
    go(stack, page, "/settings")
    magnet = page.get_by_label("MailMagnet", exact=True)
    expect(magnet).to_be_visible()

    tab_to(page, page.get_by_label("Private"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Custom")).to_be_checked()
    tab_to(page, magnet)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved.")).to_be_visible()
    settings = stack.call("GET", "/oauth/mailbox", token=seller.token, expect=200)["settings"]
    assert (settings["sharing"], settings["mailmagnet"]) == ("custom", True)


def test_a_deal_is_moved_by_the_keyboard(stack: Driver, person: BrowserContext) -> None:
    log_in(person, stack.next_name())
    page = person.new_page()
    go(stack, page, "/deals")
    select = page.get_by_label("Column of lost", exact=True)
    tab_to(page, select)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("lost is now in “Won”.")).to_be_visible()
    # The card has moved, and the focus with it.
    expect(select).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("lost is now in “Lost”.")).to_be_visible()
