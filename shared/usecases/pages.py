"""Walking through a list that a store answers page by page."""

from collections.abc import Callable, Iterator, Sequence


def pages(fetch: Callable[[str | None], Sequence[str]]) -> Iterator[Sequence[str]]:
    """All pages, until an empty one. `fetch` takes the last id of the page before, None for the first."""
    after: str | None = None
    while page := fetch(after):
        yield page
        after = page[-1]
