"""`python -m bench.html`: the largest documents that are shown, and those refused, beside a plain reading of them."""

import time
from collections.abc import Callable
from html.parser import HTMLParser

from bench.results_file import report
from shared.adapters.safe_html import clean_html
from shared.domain.clean_html import CleanHtml
from tests.domain.test_html_limits import BOMBS, LARGEST
from tests.domain.test_newsletters import NEWSLETTERS

ROUNDS = 5


def main() -> None:
    """Reports CPU times in milliseconds, the shortest of several; the standard library's tokenizer is the floor."""
    grown = [_grown(file.read_text(encoding="utf-8")) for file in NEWSLETTERS]
    largest = [LARGEST, *(page for page in grown if _clean(page).html is not None)]
    slowest = max(largest, key=lambda document: _milliseconds(lambda: _clean(document)))
    shown, read = _milliseconds(lambda: _clean(slowest)), _milliseconds(lambda: HTMLParser().feed(slowest))
    bombs = {name: _milliseconds(lambda bomb=bomb: _clean(bomb)) for name, bomb in BOMBS.items()}  # type: ignore[misc]
    report(
        "html",
        {
            "documents_at_a_limit": len(largest),
            "slowest_shown_ms": shown,
            "read_by_html_parser_ms": read,
            "shown_to_read": round(shown / read, 2),
            "bombs": len(bombs),
            "slowest_refusal_ms": max(bombs.values()),
            "slowest_bomb": max(bombs, key=lambda name: bombs[name]),
        },
    )


def _clean(document: str) -> CleanHtml:
    return clean_html(document, attachment_url=lambda _: None, show_images=False)


def _grown(page: str) -> str:
    """The page over and over, as far as the limits of bytes and of tags let it be shown."""
    most = min(512 * 1024 // len(page.encode()), 19_500 // page.count("<"))
    return page * most


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return round(min(times) * 1000, 1)


if __name__ == "__main__":
    main()
