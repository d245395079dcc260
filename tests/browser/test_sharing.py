"""A contact is shared as its owner wished last, whatever is under way, and what stands is shown."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.crm_pages import go, mails, refresh, seller_with_mail_of, show
from tests.browser.waiting import settled, wait_until
from tests.e2e.driver import Driver, Seller

FIRST, SECOND = "closing", "won"
ASKS_WHO_LEAVES = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
ANOTHER_RECORD = """document.querySelectorAll("gmail-record").forEach((record) => {
  const next = record.cloneNode();
  next.token = record.token;
  record.replaceWith(next);
})"""


@pytest.fixture
def seller(stack: Driver) -> Seller:
    return seller_with_mail_of(stack, (FIRST, "From the first"), (SECOND, "From the second"))


def test_a_share_that_could_not_be_ended_is_still_shown_as_shared(stack: Driver, page: Page) -> None:
    go(stack, page, f"/contacts/{FIRST}")
    box = page.get_by_label("Share email")
    box.check()
    expect(page.get_by_text("Colleagues now see")).to_be_visible()
    page.route("**/oauth/mailbox/shares/*", lambda route: route.abort())
    box.click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(box).to_be_checked()


@pytest.mark.parametrize("left", [False, True])
def test_a_share_that_is_taken_back_while_it_is_under_way_does_not_outlive_that(
    stack: Driver, page: Page, seller: Seller, left: bool
) -> None:
    calls: list[Route] = []
    page.route("**/oauth/mailbox/shares/*", lambda route: calls.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, f"/contacts/{FIRST}")
    box = page.get_by_label("Share email")
    box.check()
    wait_until(page, lambda: calls != [])
    box.uncheck()
    if left:
        show(page, SECOND)
        expect(mails(page)).to_contain_text(["From the second"])
    settled(page)
    # The control: two calls at once would leave their order to the server.
    assert [call.request.method for call in calls] == ["PUT"]
    assert page.evaluate(ASKS_WHO_LEAVES)
    calls[0].continue_()
    wait_until(page, lambda: len(calls) == 2)
    with page.expect_response("**/oauth/mailbox/shares/*"):
        calls[1].continue_()
    assert stack.call("GET", "/oauth/mailbox/shares", token=seller.token, expect=200)["items"] == []
    wait_until(page, lambda: not page.evaluate(ASKS_WHO_LEAVES))
    if not left:
        expect(page.get_by_text("Colleagues no longer see")).to_be_visible()
        expect(box).not_to_be_checked()


def test_what_stands_is_shown_where_the_answer_was_lost_and_where_the_list_is_older_than_the_wish(
    stack: Driver, page: Page
) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/oauth/mailbox/shares/*", lose, times=1)
    go(stack, page, f"/contacts/{FIRST}")
    box = page.get_by_label("Share email")
    box.check()
    expect(page.get_by_text("The mail service does not answer.")).to_be_visible()
    expect(box).to_be_checked()

    lists: list[Route] = []
    page.route("**/oauth/mailbox/shares?**", lambda route: lists.append(route), times=1)  # noqa: PLW0108 - as above
    refresh(page)
    wait_until(page, lambda: lists != [])
    old = lists[0].fetch()
    box.uncheck()
    expect(page.get_by_text("Colleagues no longer see")).to_be_visible()
    with page.expect_response("**/oauth/mailbox/shares?**"):
        lists[0].fulfill(response=old)
    settled(page)
    expect(box).not_to_be_checked()


def test_where_nothing_can_be_read_what_stood_before_the_wishes_is_shown(stack: Driver, page: Page) -> None:
    calls: list[Route] = []
    go(stack, page, f"/contacts/{FIRST}")
    box = page.get_by_label("Share email")
    expect(box).to_be_visible()
    page.route("**/oauth/mailbox/shares/*", lambda route: calls.append(route))  # noqa: PLW0108 - as above
    page.route("**/oauth/mailbox/shares?**", lambda route: route.abort())
    box.check()
    wait_until(page, lambda: len(calls) == 1)
    box.uncheck()
    calls[0].abort()
    wait_until(page, lambda: len(calls) == 2)
    calls[1].abort()
    expect(page.get_by_role("alert")).to_be_visible()
    settled(page)
    expect(box).not_to_be_checked()


def test_a_record_that_takes_the_place_of_another_waits_for_what_is_under_way(
    stack: Driver, page: Page
) -> None:
    calls: list[Route] = []
    go(stack, page, f"/contacts/{FIRST}")
    page.route("**/oauth/mailbox/shares/*", lambda route: calls.append(route))  # noqa: PLW0108 - as above
    box = page.get_by_label("Share email")
    box.check()
    wait_until(page, lambda: calls != [])
    page.evaluate(ANOTHER_RECORD)
    expect(page.get_by_role("button", name="Write a mail")).to_be_visible()
    expect(mails(page)).to_contain_text(["From the first"])
    settled(page)
    # What the list would tell now may be untrue at once.
    expect(box).to_have_count(0)
    calls[0].continue_()
    expect(box).to_be_checked()
