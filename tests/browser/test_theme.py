"""A CRM's own colours reach into the components, in light and in dark; without them the documented defaults hold."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.attacked import COMPONENTS
from tests.browser.long_list import contact_page
from tests.web.embedding_page import documented

ORIGIN: Final = "https://crm.example"
HOST: Final = """<!doctype html><html lang="en"><title>CRM</title><style>:root { color-scheme: light dark }</style>
<script type="module" src="/crm-gmail.js"></script>
<gmail-record contact-id="c"></gmail-record><gmail-runs></gmail-runs></html>"""
TOKENS: Final = """() => {
  document.querySelector("gmail-runs").mailbox = "b";
  for (const one of document.querySelectorAll("gmail-record, gmail-runs")) one.token = async () => "nobody";
}"""
LABELLED: Final = {"closing_this_month": 3, "open_deals": 2, "customers": 1}
RUN: Final = {
    "id": "r", "started_at": "2026-11-01T09:00:00Z", "labelled": LABELLED, "taken_off": 0, "undone": 0,
    "gmail_units": 90, "duration_ms": 5, "state": "done",
}  # fmt: skip
WHERE: Final = {
    "customers": ("gmail-record .chip.customers", "backgroundColor"),
    "on-customers": ("gmail-record .chip.customers", "color"),
    "chart-customers": ("gmail-runs rect.customers", "fill"),
    "chart-open-deals": ("gmail-runs rect.open_deals", "fill"),
    "paper": ("gmail-record .card", "backgroundColor"),
    "ink": ("gmail-record .card", "color"),
}
"""Of some properties, an element that has its colour."""
OWN: Final = {name: (f"rgb(1, 2, {at})", f"rgb(201, 202, {at})") for at, name in enumerate(WHERE)}


@pytest.fixture(params=["light", "dark"])
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, look: str) -> Iterator[Page]:
    context = chromium.new_context(color_scheme=look)  # type: ignore[arg-type]
    page = context.new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    page.evaluate(TOKENS)
    expect(page.locator("gmail-record li.mail")).to_have_count(3)
    # The bar, and its colour in the chart's key.
    expect(page.locator("gmail-runs rect.customers")).to_have_count(2)
    yield page
    context.close()


def answer(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        route.fulfill(body=HOST, content_type="text/html")
    elif path == "/crm-gmail.js":
        route.fulfill(path=COMPONENTS, content_type="text/javascript")
    elif path.startswith("/proxy/contacts/"):
        route.fulfill(json=contact_page(3))
    elif "/runs" in path:
        route.fulfill(json={"items": [RUN], "next_cursor": None})
    else:
        route.fulfill(status=404, json={"code": "not_found", "act": "user", "detail": "No."})


def shown(page: Page) -> dict[str, str]:
    return {
        name: page.locator(place).first.evaluate(f"(one) => getComputedStyle(one).{of}")
        for name, (place, of) in WHERE.items()
    }


def rgb(colour: str) -> str:
    """`#010203` as a browser tells it."""
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def own_colours(page: Page) -> None:
    rules = "".join(f"--gmail-{name}: light-dark({light}, {dark});" for name, (light, dark) in OWN.items())
    page.add_style_tag(content=f"gmail-record, gmail-runs {{ {rules} }}")


def test_the_hosts_colours_go_before_the_defaults_in_light_and_in_dark(page: Page, look: str) -> None:
    at = 0 if look == "light" else 1
    assert shown(page) == {name: rgb(documented()[name][at]) for name in WHERE}
    own_colours(page)
    assert shown(page) == {name: OWN[name][at] for name in WHERE}


def test_a_component_is_light_or_dark_as_its_place_says_not_as_the_system(page: Page, look: str) -> None:
    other = 1 if look == "light" else 0
    page.add_style_tag(content=f":root {{ color-scheme: {('light', 'dark')[other]} }}")
    assert shown(page) == {name: rgb(documented()[name][other]) for name in WHERE}


def test_density_draws_closer_and_the_hosts_own_gap_goes_before_it(page: Page) -> None:
    padding = "(one) => getComputedStyle(one).paddingBlockStart"
    card = page.locator("gmail-record .card").first
    assert card.evaluate(padding) == "16px"
    page.locator("gmail-record").evaluate("(one) => one.setAttribute('density', 'compact')")
    assert card.evaluate(padding) == "9.6px"
    page.add_style_tag(content=":root { --gmail-gap: 5px }")
    assert card.evaluate(padding) == "5px"
