"""The safe HTML alone, in a real browser without sandbox or Content-Security-Policy: it runs and loads nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Page, Request, Route
from playwright.sync_api import TimeoutError as TooLate

from shared.adapters.safe_html import clean_html
from tests.domain.xss_vectors import VECTORS

ADDRESS = "http://page.example/"
LEAST_ACTING = 60
"""Vectors that must do something in the browser where nothing cleans them; of 242 some 95 do in Chromium."""


@dataclass
class Browser:
    """One page, on which documents are shown; `requests` is what the last one asked other machines for."""

    page: Page
    document: str = ""
    requests: list[str] = field(default_factory=list)

    def show(self, document: str, wait_ms: int) -> bool:
        """Shows a document; answers whether it ran a script (each vector's sets `top.x`)."""
        self.document, self.requests = document, []
        try:
            self.page.goto(ADDRESS, wait_until="load")
            self.page.wait_for_timeout(wait_ms)
            return bool(self.page.evaluate("window.x"))
        except TooLate:
            raise
        except Error:
            # The document led the page elsewhere while it was looked at.
            return True

    def answer(self, route: Route) -> None:
        if route.request.url == ADDRESS:
            body = f"<!DOCTYPE html><meta charset=utf-8><body>{self.document}"
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    def note(self, request: Request) -> None:
        if request.url != ADDRESS and not request.url.startswith(("data:", "about:")):
            self.requests.append(f"{request.resource_type} {request.url}")


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A page of the test's own: what a document has led to elsewhere may still come when the next one is shown."""
    context = chromium.new_context()
    shown = Browser(context.new_page())
    shown.page.route("**/*", shown.answer)
    shown.page.on("request", shown.note)
    shown.page.on("dialog", lambda dialog: dialog.dismiss())
    yield shown
    context.close()


def _clean(vector: str, show_images: bool = False) -> str:
    return clean_html(vector, attachment_url=lambda _: None, show_images=show_images).html or ""


def test_no_cleaned_vector_runs_or_loads_anything(browser: Browser) -> None:
    # In batches: what is cleaned is well-formed, so one cannot hide another.
    for start in range(0, len(VECTORS), 20):
        batch = VECTORS[start : start + 20]
        ran = browser.show("<hr>".join(_clean(vector) for vector in batch), 60)
        assert (ran, browser.requests) == (False, []), batch


def test_with_pictures_asked_for_nothing_but_pictures_is_loaded(browser: Browser) -> None:
    document = "<hr>".join(_clean(vector, show_images=True) for vector in VECTORS)
    assert browser.show(document, 200) is False
    assert browser.requests
    assert all(request.startswith("image https://bad.example/") for request in browser.requests)


def test_control_many_vectors_act_where_nothing_cleans_them(browser: Browser) -> None:
    acting = 0
    for vector in VECTORS:
        acting += browser.show(vector, 5) or bool(browser.requests)
        if acting >= LEAST_ACTING:
            break
    assert acting >= LEAST_ACTING


def test_control_a_picture_that_is_asked_for_is_loaded(browser: Browser) -> None:
    browser.show(_clean('<img src="https://shop.example/hat.png">', show_images=True), 60)
    assert browser.requests == ["image https://shop.example/hat.png"]
