"""A page in a state, for everybody: no violation, nothing beyond the edge, and in each look; pictured when asked for.

`PICTURES=1` writes the pictures into build/states, for somebody to look at.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Page, Route, ViewportSize

from tests.browser.accessibility import violations

FOLDER: Final = Path(__file__).resolve().parents[2] / "build" / "states"
WIDE: Final[ViewportSize] = {"width": 1100, "height": 800}
NARROW: Final[ViewportSize] = {"width": 360, "height": 740}
ZOOMED: Final[ViewportSize] = {"width": 640, "height": 480}
"""What 200 % zoom leaves of a window of 1280 by 960 pixels."""
_OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_DRESS: Final = """([direction, density]) => {
  document.documentElement.dir = direction;
  const [component] = document.querySelectorAll("gmail-record, gmail-settings, gmail-notices, gmail-admin");
  component?.toggleAttribute("density", density !== null);
  if (density !== null) component?.setAttribute("density", density);
}"""


@dataclass(frozen=True)
class Look:
    """How somebody has set up browser, window and page."""

    size: ViewportSize
    scheme: Literal["light", "dark"] = "light"
    direction: Literal["ltr", "rtl"] = "ltr"
    density: Literal["compact"] | None = None


LOOKS: Final = {
    "light": Look(WIDE),
    "dark": Look(WIDE, scheme="dark"),
    "compact": Look(WIDE, density="compact"),
    "right to left": Look(WIDE, direction="rtl"),
    "360 px": Look(NARROW),
    "360 px, right to left": Look(NARROW, direction="rtl"),
    "200 % zoom": Look(ZOOMED),
    "200 % zoom, right to left": Look(ZOOMED, direction="rtl"),
}


def wear(page: Page, look: Look) -> None:
    page.set_viewport_size(look.size)
    page.emulate_media(color_scheme=look.scheme)
    page.evaluate(_DRESS, [look.direction, look.density])


def seen(page: Page, axe: str, name: str) -> None:
    """No violation, nothing beyond the edge, and a picture."""
    assert violations(page, axe) == [], name
    assert page.evaluate(_OVERFLOW) <= 0, name
    if not os.environ.get("PICTURES"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    # A window as high as the page: in a picture beyond the window, a mail's frame would be blank.
    page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    page.set_viewport_size(size)


def seen_in_each_look(page: Page, axe: str, name: str) -> None:
    for look, worn in LOOKS.items():
        wear(page, worn)
        seen(page, axe, f"{name}, {look}")


Answer = Callable[[Route], object]


def problem(status: int, code: str, act: str, detail: str) -> Answer:
    body = {"code": code, "act": act, "detail": detail}
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", json=body)


def changed(**parts: Any) -> Answer:
    """The true answer with these parts another way."""
    return lambda route: route.fulfill(json=route.fetch().json() | parts)


def empty(route: Route) -> None:
    changed(items=[], next_cursor=None)(route)


def waits(_: Route) -> None:
    """No answer comes."""
