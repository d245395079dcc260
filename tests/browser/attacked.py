"""Hostile mails in frames of a real Chromium, some dozen at a time: which of them acted, told by their numbers."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ElementHandle, Error, Page

from tests.domain.live_attacks import MACHINE, Attack

ORIGIN = "https://crm.example"
HOST_PAGE = f"{ORIGIN}/contact"
BATCH = 64
SETTLE_MS = 300
"""What a mail that does nothing is given to do something."""
MOST_ROUNDS = 1_200
"""For so many looks those that must act are waited for, on a busy machine; calm, the first look finds them."""
Show = Literal["bare", "component"]
_NUMBER = re.compile(rf"(\d+)\.{re.escape(MACHINE)}".encode(), re.IGNORECASE)
_REFUSAL = b"HTTP/1.1 502 Nobody here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
COMPONENTS = Path(__file__).resolve().parents[2] / "web" / "dist" / "crm-gmail.js"
_PAGE = """<!doctype html><title>CRM</title><body style="margin:0">
<script type="module" src="/crm-gmail.js"></script><script>
window.heard = [];
addEventListener("message", (event) => window.heard.push(event.data));
</script>"""
# `show(text, sandbox)` puts one mail into the page and answers its frame, once that is loaded.
_SHOW = """async ([documents, show, sandbox]) => {
  await customElements.whenDefined("gmail-message");
  const message = {id: "m", mailbox: "b", owner: {id: "o", name: "O", you: false}, thread_id: "t", from: {}, to: [],
    cc: [], subject: "", date: "2026-11-28T09:00:00Z", direction: "in", headers: [], text: "", images: "block",
    remote_images: 0, trackers: [], notes: [], attachments: [], quote_line: null};
  const shows = {
    bare: (text) => {
      const frame = document.createElement("iframe");
      frame.style = "inline-size:240px;block-size:90px;border:0;margin:2px";
      if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
      frame.srcdoc = text;
      document.body.append(frame);
      return frame;
    },
    component: (text) => {
      const shown = document.createElement("gmail-message");
      shown.style = "display:inline-block;inline-size:240px";
      shown.summary = shown.given = {...message, html: text};
      shown.token = async () => "nobody";
      document.body.append(shown);
      return shown.shadowRoot;
    },
  };
  const loaded = documents.map(shows[show]).map(
    (place) => new Promise((resolve) => place.addEventListener("load", resolve, true)));
  // A frame that never ends loading has acted long before. On a busy machine some dozen take seconds.
  await Promise.race([Promise.all(loaded), new Promise((resolve) => setTimeout(resolve, 30_000))]);
}"""


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = self.rfile.readline(8000)
        if (found := _NUMBER.search(asked)) is not None:
            self.server.asked.add(int(found[1]))  # type: ignore[attr-defined]
        self.wfile.write(_REFUSAL)


class Outside(socketserver.ThreadingTCPServer):
    """The way out of the browser, a proxy: `asked` has the numbers of the machines that it was asked for.

    A browser's own report of its requests also holds those that a policy stopped; here only what left it arrives.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.asked: set[int] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def attacked(
    browser: Browser, *, show: Show, document: Callable[[Attack], str], sandbox: str | None = None
) -> Iterator["Attacked"]:
    """A page of a CRM, and a way out of its browser that is watched.

    It shows mails by our component, or in bare frames, which have a sandbox or none.
    """
    with Outside() as outside:
        threading.Thread(target=outside.serve_forever, daemon=True).start()
        context = browser.new_context(proxy={"server": outside.address})
        try:
            yield Attacked(context.new_page(), outside, (show, sandbox), document)
        finally:
            context.close()
            outside.shutdown()


class Attacked:
    """A page of a CRM that shows hostile mails; made by `attacked`."""

    def __init__(
        self, page: Page, outside: Outside, how: tuple[Show, str | None], document: Callable[[Attack], str]
    ) -> None:
        self._page, self._outside, self._how, self._document = page, outside, how, document
        script = COMPONENTS.read_text(encoding="utf-8")
        page.route(HOST_PAGE, lambda route: route.fulfill(body=_PAGE, content_type="text/html"))
        page.route(
            f"{ORIGIN}/crm-gmail.js",
            lambda route: route.fulfill(body=script, content_type="text/javascript"),
        )
        page.on("dialog", lambda dialog: dialog.dismiss())

    def acting(self, attacks: Sequence[Attack], *, at_least: int) -> set[int]:
        """The numbers of those whose script ran or that asked another machine, also after the reader's gesture.

        Waits until so many of a batch have acted, or all where they are fewer; 0: every mail is given the same moment.
        """
        found: set[int] = set()
        for gesture in dict.fromkeys(attack.gesture for attack in attacks):
            alike = [attack for attack in attacks if attack.gesture == gesture]
            size = 1 if gesture == "alone" else BATCH
            for start in range(0, len(alike), size):
                found |= self._batch(alike[start : start + size], at_least)
        return found

    def _batch(self, batch: Sequence[Attack], at_least: int) -> set[int]:
        self._page.goto(HOST_PAGE)
        self._outside.asked.clear()
        self._page.evaluate(_SHOW, [[self._document(attack) for attack in batch], *self._how])
        if batch[0].gesture in GESTURES:
            for frame in self._page.locator("iframe").element_handles():
                self._gesture(frame, batch[0].gesture)
        numbers = {attack.number for attack in batch}
        for _ in range(MOST_ROUNDS if at_least else 1):
            self._page.wait_for_timeout(50 if at_least else SETTLE_MS)
            acted = numbers & (self._outside.asked | self._heard())
            if len(acted) >= min(at_least, len(numbers)):
                break
        self._close_popups()
        return acted

    def _heard(self) -> set[int]:
        try:
            return {number for number in self._page.evaluate("window.heard") if isinstance(number, int)}
        except Error as error:
            # What led the CRM's own page away has won, and has taken with it what was heard.
            raise AssertionError(f"a mail led the page away: it is at {self._page.url}") from error

    def _gesture(self, frame: ElementHandle, gesture: str) -> None:
        # A window that an attack has opened covers the page, which Chromium then draws once a second.
        self._page.bring_to_front()
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        GESTURES[gesture](self._page, box["x"] + 40, box["y"] + 26)

    def _close_popups(self) -> None:
        for other in self._page.context.pages:
            if other != self._page:
                other.close()


def _press(page: Page, x: float, y: float) -> None:
    page.mouse.click(x, y)


def _double(page: Page, x: float, y: float) -> None:
    page.mouse.dblclick(x, y)


def _right(page: Page, x: float, y: float) -> None:
    page.mouse.click(x, y, button="right")
    page.keyboard.press("Escape")


def _hover(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.mouse.move(x + 2, y + 1)
    page.mouse.move(x, y + 200)


def _wheel(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.mouse.wheel(0, 30)


def _type(page: Page, x: float, y: float) -> None:
    page.mouse.click(x, y)
    page.keyboard.press("a")


def _copy(page: Page, x: float, y: float) -> None:
    page.mouse.dblclick(x, y)
    for keys in ("Control+a", "Control+c", "Control+v", "Control+a", "Control+x"):
        page.keyboard.press(keys)


GESTURES: dict[str, Callable[[Page, float, float], None]] = {
    "click": _press,
    "double": _double,
    "right": _right,
    "hover": _hover,
    "wheel": _wheel,
    "type": _type,
    "copy": _copy,
}
