"""The stream of notices begins again at once where the server ended it, and ever more slowly after faults."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from functions.notify.services import HEARTBEAT_S
from tests.browser.crm_pages import go, log_in, user_of
from tests.browser.held_streams import HeldStreams
from tests.browser.waiting import wait_until
from tests.e2e.driver import Driver

ENDED = {"status": 200, "content_type": "text/event-stream", "body": "id: 7\nevent: ping\ndata: {}\n\n"}
LONGER_THAN_ANY_PAUSE_MS = 31_000
SILENCE_MS = int(3_000 * HEARTBEAT_S)
LIST_MS = 45_000
"""How long the list may take."""
LIMITS_BY_THE_PAGES_CLOCK = """AbortSignal.timeout = (ms) => {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), ms);
  return limit.signal;
};"""
"""Playwright's clock leaves the browser's own limits alone."""


@pytest.fixture
def calls() -> list[Route]:
    """The page's calls for the stream, each held until the test answers it."""
    return []


@pytest.fixture
def page(stack: Driver, person: BrowserContext, calls: list[Route]) -> Page:
    """The page of notices, whose time stands still unless the test moves it."""
    log_in(person, user_of(stack.connect_next(mailmagnet=True)))
    page = person.new_page()
    page.add_init_script(LIMITS_BY_THE_PAGES_CLOCK)
    page.clock.install()
    page.route("**/notify/stream", lambda route: calls.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, "/notices")
    expect(page.get_by_text("No customer has written yet.")).to_be_visible()
    reached(page, calls, 1)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 5"))
    return page


@pytest.fixture
def server() -> Iterator[HeldStreams]:
    """A server whose streams end when the test, or the page, wants."""
    with HeldStreams() as running:
        yield running


class Feed:
    """The list as the server would tell it, in pages of two: notices number `newest` to 1."""

    def __init__(self, page: Page) -> None:
        self.newest = 0
        self.lists = 0
        """How often it was asked for."""
        page.route("**/notify/notices?**", self._answer)

    def _answer(self, route: Route) -> None:
        self.lists += 1
        cursor = re.search("cursor=([0-9]+)", route.request.url)
        first = int(cursor[1]) - 1 if cursor else self.newest
        last = max(first - 1, 1)
        items = [notice(number) for number in range(first, last - 1, -1)]
        route.fulfill(json={"items": items, "next_cursor": str(last) if last > 1 else None})


def live(page: Page, calls: list[Route], server: HeldStreams) -> Feed:
    """An empty list, while the page follows a stream of the server's."""
    feed = Feed(page)
    calls[0].continue_(url=server.url)
    wait_until(page, lambda: server.open == 1)
    return feed


def live_with_three(page: Page, calls: list[Route], server: HeldStreams) -> Feed:
    """As `live`; three notices came between the list and the stream, and the first two of them are shown."""
    feed = live(page, calls, server)
    feed.newest = 3
    server.say("event: ready\ndata: {}\n\n")
    expect(unread(page)).to_have_text("2+ unread")
    return feed


def unread(page: Page) -> Locator:
    """How many are told to be unread."""
    return page.locator("gmail-notices").get_by_role("status")


def names(page: Page) -> Locator:
    """Who has written, newest first."""
    return page.locator("gmail-notices li bdi")


def reached(page: Page, calls: list[Route], number: int) -> None:
    """Until the page has asked for the stream so many times."""
    wait_until(page, lambda: len(calls) >= number)
    assert len(calls) == number


def test_a_stream_that_ended_begins_again_at_once_where_it_was(page: Page, calls: list[Route]) -> None:
    page.clock.fast_forward(LONGER_THAN_ANY_PAUSE_MS)
    calls[0].fulfill(**ENDED)  # type: ignore[arg-type]
    # No time passes for the page.
    reached(page, calls, 2)
    assert calls[1].request.headers["last-event-id"] == "7"
    first, second = (call.request.headers["authorization"] for call in calls)
    assert first.startswith("Bearer ")
    assert second.startswith("Bearer ")


def test_after_each_fault_the_page_waits_longer(page: Page, calls: list[Route]) -> None:
    for number, pause_ms in enumerate((1_000, 2_000, 4_000), 1):
        with page.expect_event("requestfailed"):
            calls[-1].abort()
        page.clock.run_for(pause_ms * 7 // 10)
        assert len(calls) == number
        with page.expect_response(lambda response: "/notify/notices" in response.url):
            page.clock.run_for(pause_ms)
        reached(page, calls, number + 1)


def test_a_server_that_ends_each_stream_at_once_is_not_hammered(page: Page, calls: list[Route]) -> None:
    calls[0].fulfill(**ENDED)  # type: ignore[arg-type]
    reached(page, calls, 2)
    with page.expect_event("requestfinished", lambda request: "/notify/stream" in request.url):
        calls[1].fulfill(**ENDED)  # type: ignore[arg-type]
    page.clock.run_for(700)
    assert len(calls) == 2
    with page.expect_response(lambda response: "/notify/notices" in response.url):
        page.clock.run_for(1_000)
    reached(page, calls, 3)


def test_a_stream_from_which_nothing_is_heard_is_given_up_and_begun_again_where_it_was(
    page: Page, calls: list[Route], server: HeldStreams
) -> None:
    live(page, calls, server)
    server.say("id: 7\n" + told(1))
    expect(unread(page)).to_have_text("1 unread")
    page.clock.run_for(SILENCE_MS - 5_000)
    # Whatever is heard counts, as a heartbeat does.
    server.say(": \n\nid: 8\n" + told(2))
    expect(unread(page)).to_have_text("2 unread")
    page.clock.run_for(SILENCE_MS - 5_000)
    page.evaluate("0")
    assert len(calls) == 1
    assert server.open == 1

    with page.expect_response(lambda response: "/notify/notices" in response.url):
        page.clock.run_for(6_000)
    reached(page, calls, 2)
    assert calls[1].request.headers["last-event-id"] == "8"
    wait_until(page, lambda: server.open == 0)


def test_a_stream_that_does_not_even_begin_is_given_up_too(page: Page, calls: list[Route]) -> None:
    # Its time has begun before the page's stood still, on a busy machine long before.
    page.clock.run_for(SILENCE_MS - 40_000)
    page.evaluate("0")
    assert len(calls) == 1
    with page.expect_response(lambda response: "/notify/notices" in response.url):
        page.clock.run_for(41_000)
    reached(page, calls, 2)


def test_notices_are_shown_without_a_hole_however_many_came_unheard(
    page: Page, calls: list[Route], server: HeldStreams
) -> None:
    feed = live_with_three(page, calls, server)
    feed.newest = 4
    server.say(told(4))
    expect(unread(page)).to_have_text("3+ unread")
    # More than a page holds.
    feed.newest = 8
    server.say("event: reset\ndata: {}\n\n")
    expect(unread(page)).to_have_text("2+ unread")
    more = page.get_by_role("button", name="Show more")
    more.evaluate("(button) => { button.click(); button.click(); }")
    expect(unread(page)).to_have_text("4+ unread")
    more.click()
    expect(unread(page)).to_have_text("6+ unread")
    more.click()
    expect(unread(page)).to_have_text("8 unread")
    expect(names(page)).to_have_text([f"Number {number}" for number in range(8, 0, -1)])


def test_notices_that_are_streamed_are_shown_once_each_and_list_nothing(
    page: Page, calls: list[Route], server: HeldStreams
) -> None:
    feed = live_with_three(page, calls, server)
    listed = feed.lists
    # The first is of mail that came before what is shown: it stands in the older mail too.
    server.say("".join(map(told, (1, 4, 5, 5))))
    expect(unread(page)).to_have_text("5+ unread")
    assert feed.lists == listed
    page.get_by_role("button", name="Show more").click()
    expect(unread(page)).to_have_text("5 unread")
    expect(names(page)).to_have_text([f"Number {number}" for number in range(5, 0, -1)])


@pytest.mark.parametrize("left", [0, 3])
def test_notices_that_were_erased_elsewhere_go_when_they_are_marked_and_the_others_with_what_is_told_next(
    page: Page, calls: list[Route], server: HeldStreams, left: int
) -> None:
    feed = live_with_three(page, calls, server)
    server.say(told(4) + told(5))
    expect(unread(page)).to_have_text("4+ unread")
    page.get_by_role("button", name="Show more").click()
    expect(unread(page)).to_have_text("5 unread")
    listed = feed.lists
    feed.newest = left
    # On the first page, and below it.
    for number in (5, 1):
        page.get_by_role("button", name=f"Mark as read: Number {number}").click()
    expect(names(page)).to_have_text(["Number 4", "Number 3", "Number 2"])
    expect(page.get_by_role("alert")).to_have_count(0)
    # Read beside the stream, the list would take for gone what is told meanwhile.
    assert feed.lists == listed
    server.say(told(4))
    expect(names(page)).to_have_text([f"Number {number}" for number in range(left, left and 1, -1)])
    # The control: what is there is marked, and stays so when it is told again.
    page.route("**/notify/notices/*/read", lambda route: route.fulfill(status=204))
    server.say(told(6))
    page.get_by_role("button", name="Mark as read: Number 6").click()
    expect(unread(page)).to_have_text("2+ unread" if left else "0 unread")
    server.say(told(6) + told(7))
    expect(unread(page)).to_have_text("3+ unread" if left else "1 unread")


def test_a_list_that_failed_is_read_again_though_older_notices_came_meanwhile(
    page: Page, calls: list[Route], server: HeldStreams
) -> None:
    feed = live_with_three(page, calls, server)
    feed.newest = 8
    page.route("**/notify/notices?**", lambda route: route.fulfill(status=503, json={}), times=1)
    server.say("event: reset\ndata: {}\n\n")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(unread(page)).to_have_text("3 unread")
    server.say(told(8))
    expect(names(page)).to_have_text(["Number 8", "Number 7"])
    expect(unread(page)).to_have_text("2+ unread")


def test_a_list_that_does_not_come_is_given_up_and_the_stream_is_not(
    page: Page, calls: list[Route], server: HeldStreams
) -> None:
    calls[0].continue_(url=server.url)
    wait_until(page, lambda: server.open == 1)
    with page.expect_request("**/notify/notices?**"):
        page.route("**/notify/notices?**", lambda _: None)
        server.say("event: ready\ndata: {}\n\n")
    page.clock.run_for(LIST_MS - 1_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.run_for(2_000)
    expect(page.get_by_text("The mail service does not answer.")).to_be_visible()

    feed = Feed(page)
    feed.newest = 1
    server.say(told(1))
    expect(unread(page)).to_have_text("1 unread")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(calls) == server.open == 1


def test_what_is_moved_in_the_page_goes_on_there_and_what_is_taken_out_ends(
    page: Page, calls: list[Route], server: HeldStreams
) -> None:
    calls[0].continue_(url=server.url)
    wait_until(page, lambda: server.open == 1)
    page.evaluate("document.body.append(document.querySelector('gmail-notices'))")
    reached(page, calls, 2)
    wait_until(page, lambda: server.open == 0)

    calls[1].continue_(url=server.url)
    wait_until(page, lambda: server.open == 1)
    page.evaluate("window.kept = document.querySelector('gmail-notices'); kept.remove()")
    wait_until(page, lambda: server.open == 0)
    page.evaluate("kept.token = async () => 'another'")
    page.clock.run_for(SILENCE_MS)
    page.evaluate("0")
    assert len(calls) == 2
    page.evaluate("document.body.append(kept)")
    reached(page, calls, 3)
    assert calls[2].request.headers["authorization"] == "Bearer another"
    calls[2].continue_(url=server.url)
    wait_until(page, lambda: server.open == 1)
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("locale", "newest_read", "at_first", "more", "at_last"),
    [
        ("en-GB", False, "2+ unread", "Show more", "3 unread"),
        ("fr-FR", False, "2+ non lus", "Afficher plus", "3 non lus"),
        # That none of some is unread says nothing of the others.
        ("en-GB", True, "", "Show more", "1 unread"),
    ],
)
def test_the_unread_are_counted_as_far_as_they_are_read(
    stack: Driver, chromium: Browser, locale: str, newest_read: bool, at_first: str, more: str, at_last: str
) -> None:
    def answer(route: Route) -> None:
        last = "cursor=older" in route.request.url
        items = [notice(1)] if last else [notice(3, read=newest_read), notice(2, read=newest_read)]
        route.fulfill(json={"items": items, "next_cursor": None if last else "older"})

    context = chromium.new_context(locale=locale)
    log_in(context, stack.next_name())
    page = context.new_page()
    page.route("**/notify/notices?**", answer)
    page.route("**/notify/stream", lambda _: None)
    go(stack, page, "/notices")
    show_more = page.get_by_role("button", name=more)
    expect(show_more).to_be_visible()
    expect(unread(page)).to_have_text(at_first)
    show_more.click()
    expect(unread(page)).to_have_text(at_last)
    context.close()


def notice(number: int, *, read: bool = False) -> dict[str, object]:
    # Half a second apart: as text, those of whole seconds would stand in front of the next.
    received = f"2026-11-01T09:00:{number // 2:02}{'.500000' if number % 2 else ''}Z"
    contact = {"id": "kim", "name": f"Number {number}"}
    return {"id": f"m{number}", "mailbox": "b", "from": "kim@x.example", "contact": contact, "read": read,
            "received_at": received}  # fmt: skip


def told(number: int) -> str:
    """The same as the stream tells it."""
    return f"event: notice\ndata: {json.dumps(notice(number))}\n\n"
