"""The stream of notices begins again at once where the server ended it, and ever more slowly after faults."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.crm_pages import go, log_in, user_of
from tests.e2e.driver import Driver

ENDED = {"status": 200, "content_type": "text/event-stream", "body": "id: 7\nevent: ping\ndata: {}\n\n"}
A_MINUTE_MS = 60_000


@pytest.fixture
def calls() -> list[Route]:
    """The page's calls for the stream, each held until the test answers it."""
    return []


@pytest.fixture
def page(stack: Driver, person: BrowserContext, calls: list[Route]) -> Page:
    """The page of notices, whose time stands still unless the test moves it."""
    log_in(person, user_of(stack.connect_next(mailmagnet=True)))
    page = person.new_page()
    page.clock.install()
    page.route("**/notify/stream", lambda route: calls.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    go(stack, page, "/notices")
    expect(page.get_by_text("No customer has written yet.")).to_be_visible()
    reached(page, calls, 1)
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    return page


def reached(page: Page, calls: list[Route], number: int) -> None:
    """Until the page has asked for the stream so many times."""
    deadline = time.monotonic() + 15
    while len(calls) < number and time.monotonic() < deadline:
        page.evaluate("0")  # lets what the browser has told come in
    assert len(calls) == number


def test_a_stream_that_ended_begins_again_at_once_where_it_was(page: Page, calls: list[Route]) -> None:
    page.clock.fast_forward(A_MINUTE_MS)
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
