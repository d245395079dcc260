"""Waits for what only the browser's messages can bring about."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE_MS = 90_000
"""For what a person would wait for: the machine may be busy, and the pages themselves give an answer 45 seconds."""

POLL_MS = 10


def wait_until(page: Page, told: Callable[[], bool]) -> None:
    """Until what the browser has told has made this true."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not told() and time.monotonic() < deadline:
        # Lets what the browser has told come in, and what brings it about go on.
        page.wait_for_timeout(POLL_MS)
        page.evaluate("0")
    assert told()


def settled(page: Page) -> None:
    """Until the page has done with what has come in."""
    page.locator("gmail-record").evaluate(
        "async (record) => { await new Promise((done) => setTimeout(done)); await record.updateComplete; }"
    )
