"""A thousand mails of one contact: only what is near the screen is in the document, and nothing is out of reach."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.crm_pages import go, log_in, mails, open_mail, user_of
from tests.browser.long_list import contact_page, mail_row
from tests.e2e.driver import Driver

CONTACT = "won"
ROWS = 1000
MOST_ROWS_DRAWN = 150
LIST = "document.querySelector('gmail-record').shadowRoot"
IN_SIGHT = f"""() => [...{LIST}.querySelectorAll("li.mail")].some((row) => {{
  const {{top, bottom}} = row.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}})"""
NEXT_FRAME = "() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"
TO_THE_END = "scrollTo(0, document.documentElement.scrollHeight)"


@pytest.fixture
def page(stack: Driver, person: BrowserContext) -> Page:
    log_in(person, user_of(stack.connect_next()))
    page = person.new_page()

    def answer(route: Route) -> None:
        route.fulfill(json=contact_page(ROWS))

    page.route("**/proxy/contacts/**", answer)
    go(stack, page, f"/contacts/{CONTACT}")
    expect(mails(page).first).to_be_visible()
    return page


def test_only_rows_near_the_screen_are_in_the_document(page: Page) -> None:
    seen: list[int] = []
    for _ in range(12):
        seen.append(mails(page).count())
        page.mouse.move(700, 500)
        page.mouse.wheel(0, 5000)
        page.wait_for_function(IN_SIGHT)
    assert max(seen) <= MOST_ROWS_DRAWN
    assert page.evaluate(f"{LIST}.querySelectorAll('*').length") <= MOST_ROWS_DRAWN * 12


def test_the_last_mail_is_reached_and_the_first_again(page: Page) -> None:
    page.evaluate(TO_THE_END)
    last = mails(page).filter(has_text=f"Mail number {ROWS}")
    expect(last).to_have_attribute("aria-posinset", str(ROWS))
    expect(last).to_have_attribute("aria-setsize", str(ROWS))
    page.evaluate(TO_THE_END)
    expect(last).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    expect(mails(page).first).to_be_in_viewport()
    expect(mails(page).first).to_contain_text("Mail number 1")


def test_tab_goes_from_row_to_row_over_the_edges_of_what_is_drawn(page: Page) -> None:
    mails(page).first.get_by_role("button").focus()
    for keys, numbers in (("Tab", range(2, 90)), ("Shift+Tab", reversed(range(60, 89)))):
        for number in numbers:
            page.keyboard.press(keys)
            focused = page.evaluate(f"{LIST}.activeElement?.closest('li')?.getAttribute('aria-posinset')")
            assert focused == str(number)
            # Nobody presses a key ten times before a frame is drawn, but on a busy machine this test might.
            if number % 5 == 0:
                page.evaluate(NEXT_FRAME)


def test_an_opened_mail_stays_open_when_it_is_scrolled_away(page: Page) -> None:
    page.route("**/messages/m1", lambda route: route.fulfill(json=mail_row(1) | {
        "headers": [], "text": "The whole text.", "html": None, "quote_line": None, "images": "block",
        "remote_images": 0, "trackers": [], "notes": [], "attachments": []}))  # fmt: skip
    message = open_mail(page, "Mail number 1")
    page.evaluate(TO_THE_END)
    expect(mails(page).filter(has_text=f"Mail number {ROWS}")).to_have_count(1)
    page.evaluate("scrollTo(0, 0)")
    expect(message.get_by_text("The whole text.")).to_be_visible()


def test_a_list_that_was_moved_in_the_page_is_drawn_where_it_is_scrolled_to(page: Page) -> None:
    page.evaluate("document.querySelector('main').prepend(document.querySelector('gmail-record'))")
    page.evaluate(TO_THE_END)
    expect(mails(page).filter(has_text=f"Mail number {ROWS}")).to_have_count(1)
