"""`python -m bench.pages`: how soon a record shows its first mail, and whether a thousand mails scroll smoothly.

The built components in Chromium, on a page of their own; no stack. Beside each number stands that of a floor of the
same run: the same rows written by hand, and an empty page of the same height. A busy machine slows both; it hardly
changes the processor's time that the page's own thread takes for a frame. Exits with 1 beyond a limit, and says which.
"""

import json
import shutil
import statistics
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, Route, sync_playwright

from bench.results_file import report
from tests.browser.long_list import contact_page

ORIGIN: Final = "https://crm.example"
SCRIPT: Final = Path(__file__).parents[1] / "web" / "dist" / "crm-gmail.js"
PROGRAMS: Final = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
ROWS: Final = 1000
ROUNDS: Final = 9
FRAMES: Final = 300
FRAME_MS: Final = 16.7
MOST_FIRST_MS: Final = 200
MOST_LATE: Final = 0.02
"""Of the frames, beyond those that are late on an empty page too."""
SHOWN: Final = """(isThere) => new Promise((resolve) => {
  const look = () => {
    const answer = performance.getEntriesByType("resource").find((one) => one.name.includes("/proxy/contacts/"));
    if (!answer || !eval(isThere)) return requestAnimationFrame(look);
    // What is painted comes after this frame's callbacks.
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - answer.responseEnd)));
  };
  look();
})"""
SCROLL: Final = """(frames) => new Promise((resolve) => {
  const times = [];
  const step = (now) => {
    times.push(now);
    scrollBy(0, 120);
    if (times.length <= frames) return requestAnimationFrame(step);
    resolve(times.slice(1).map((time, at) => time - times[at]));
  };
  requestAnimationFrame(step);
})"""
COMPONENT: Final = """<script type=module src=/crm-gmail.js></script><gmail-record contact-id=c></gmail-record>
<script>document.querySelector("gmail-record").token = async () => "nobody"</script>"""
BY_HAND: Final = """<ul id=l></ul><script>
fetch("/proxy/contacts/c/messages").then((answer) => answer.json()).then(({items}) => {
  for (const {subject, snippet} of items) {
    const row = document.createElement("li");
    row.textContent = subject + snippet;
    document.getElementById("l").append(row);
  }
})</script>"""
EMPTY: Final = "<div style=height:130000px></div>"
SCROLLS: Final = 5
"""The calmest of these counts, for each case: the machine is shared."""
TRACED: Final = ["cc", "devtools.timeline", "disabled-by-default-devtools.timeline"]
A_FRAME, A_TASK = "ProxyMain::BeginMainFrame", "RunTask"
"""What Chromium calls the beginning of a frame and a piece of work in its traces."""
IN_COMPONENT: Final = "document.querySelector('gmail-record').shadowRoot?.querySelector('li.mail')"
CASES: Final = (
    (EMPTY, "document.querySelector('div')"),
    (BY_HAND, "document.querySelector('li')"),
    (COMPONENT, IN_COMPONENT),
)


def main() -> None:
    """Measures, reports, and fails beyond a limit."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("The pages are measured in Chromium, which is not here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        firsts = [_first(page, COMPONENT, IN_COMPONENT) for _ in range(ROUNDS)]
        floors = [_first(page, BY_HAND, "document.querySelector('li')") for _ in range(ROUNDS)]
        scrolled = [[_scroll(page, *case) for case in CASES] for _ in range(SCROLLS)]
        empty, by_hand, long = (min(of_case, key=sum) for of_case in zip(*scrolled, strict=True))
        drawn = page.evaluate(
            "document.querySelector('gmail-record').shadowRoot.querySelectorAll('li.mail').length"
        )
        work, floor_work = (_work(browser, page, *case) for case in (CASES[-1], CASES[0]))
        browser.close()
    first, floor = statistics.median(firsts), statistics.median(floors)
    _report(first, floor, drawn, (empty, by_hand, long), (work, floor_work))
    wrong = list(beyond(first, _late(long), _late(empty)))
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


def beyond(first_ms: float, late: int, late_of_empty: int) -> Iterator[str]:
    """The limits that these numbers do not keep: `late` of the frames of the list, of those of an empty page."""
    if first_ms > MOST_FIRST_MS:
        yield f"The first mail is shown {first_ms:.0f} ms after the answer: {MOST_FIRST_MS} are allowed."
    if (more := late - late_of_empty) > MOST_LATE * FRAMES:
        yield f"{more} of {FRAMES} frames are late that an empty page has in time: {MOST_LATE:.0%} are allowed."


def _report(
    first: float,
    floor: float,
    drawn: int,
    frames: tuple[list[float], list[float], list[float]],
    work: tuple[list[float], list[float]],
) -> None:
    empty, by_hand, long = frames
    own, of_empty = work
    report(
        "pages",
        {
            "first mail shown, ms after the answer": round(first, 1),
            "the same rows by hand, ms": round(floor, 1),
            "first mail, ratio": round(first / floor, 2),
            "rows in the list": ROWS,
            "rows in the document at the end": drawn,
            "frames": FRAMES,
            f"frames that took two or more ({FRAME_MS} ms each)": _late(long),
            "the same on an empty page": _late(empty),
            "the same with the rows by hand": _late(by_hand),
            "ms a frame, mean": round(statistics.mean(long), 2),
            "ms a frame on an empty page, mean": round(statistics.mean(empty), 2),
            "ms a frame with the rows by hand, mean": round(statistics.mean(by_hand), 2),
            "frame time, ratio": round(sum(long) / sum(empty), 2),
            "the processor's ms in a frame, mean": round(statistics.mean(own), 2),
            "the processor's ms in the busiest frame": round(max(own), 2),
            "the same on an empty page, mean": round(statistics.mean(of_empty), 2),
            "the same on an empty page, busiest": round(max(of_empty), 2),
        },
    )


def _open(page: Page, body: str, rows: int) -> None:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/crm-gmail.js":
            route.fulfill(body=SCRIPT.read_text("utf-8"), content_type="text/javascript")
        elif path.startswith("/proxy/contacts/"):
            route.fulfill(json=contact_page(rows))
        elif path == "/":
            route.fulfill(body=f"<!doctype html><title>CRM</title>{body}", content_type="text/html")
        else:
            route.fulfill(status=404, json={"code": "not_connected", "act": "user", "detail": "No."})

    page.unroute_all()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")


def _first(page: Page, body: str, is_there: str) -> float:
    _open(page, body, 25)
    return float(page.evaluate(SHOWN, is_there))


def _scroll(page: Page, body: str, is_there: str) -> list[float]:
    _open(page, body, ROWS)
    page.wait_for_function(is_there)
    return list(page.evaluate(SCROLL, FRAMES))


def _work(browser: Browser, page: Page, body: str, is_there: str) -> list[float]:
    """Milliseconds of the processor's time that the page's main thread took for each frame."""
    browser.start_tracing(page=page, categories=TRACED)
    _scroll(page, body, is_there)
    events = [event for event in json.loads(browser.stop_tracing())["traceEvents"] if "tdur" in event]
    threads = Counter((event["pid"], event["tid"]) for event in events if event["name"] == A_FRAME)
    [(thread, _)] = threads.most_common(1)
    own = [event for event in events if (event["pid"], event["tid"]) == thread]
    # What comes before the first frame is the loading.
    begun = sorted(event["ts"] for event in own if event["name"] == A_FRAME)[-FRAMES:]
    work = [0.0] * len(begun)
    for event in own:
        if event["name"] == A_TASK and event["ts"] > begun[0]:
            work[bisect(begun, event["ts"]) - 1] += event["tdur"] / 1000
    return work


def _late(frames: list[float]) -> int:
    return sum(frame > 1.5 * FRAME_MS for frame in frames)


if __name__ == "__main__":
    main()
