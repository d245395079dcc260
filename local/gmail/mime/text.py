"""The words of a mail: its snippet, and the text that search looks through."""

import html
import re
from html.parser import HTMLParser

SNIPPET_CHARS = 200

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00]")
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "code", "del", "em", "font", "i", "ins", "mark", "s", "small"}
    | {"span", "strike", "strong", "sub", "sup", "tt", "u", "wbr"}
)


class _TextCollector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "body":
            self._silent.clear()
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)

    def _break_at(self, tag: str) -> None:
        if tag not in _INLINE:
            self.pieces.append(" ")


def html_to_text(markup: str) -> str:
    """What a reader sees of `markup`, as words. Broken HTML gives what was read until it broke."""
    collector = _TextCollector()
    try:
        collector.feed(markup)
        collector.close()
    except (AssertionError, ValueError, RecursionError):
        # html.parser still asserts on some broken declarations, such as "<![if" without an end.
        collector.pieces.append(re.sub(r"<[^>]*>", " ", markup))
    return "".join(collector.pieces)


def snippet(text: str) -> str:
    """The first words of `text`, HTML-escaped as Gmail's snippets are (`&#39;`, `&quot;`, `&lt;`)."""
    flat = _SPACES.sub(" ", _INVISIBLE.sub("", text[: SNIPPET_CHARS * 40])).strip()
    if len(flat) > SNIPPET_CHARS:
        head = flat[: SNIPPET_CHARS + 1]
        flat = head.rsplit(" ", 1)[0] if " " in head else head[:SNIPPET_CHARS]
    return html.escape(flat).replace("&#x27;", "&#39;")
