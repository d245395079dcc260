"""The words in a body: what a reader sees of HTML, and the snippet of a mail."""

import html
import re

SNIPPET_CHARS = 200

_SPACES = re.compile(r"\s+")
_TAG_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,20})")
_SILENT = frozenset({"script", "style", "title", "template", "noscript"})
# Tags inside a line; every other one ends a word.
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "code", "del", "em", "font", "i", "ins", "mark", "s", "small"}
    | {"span", "strike", "strong", "sub", "sup", "tt", "u", "wbr"}
)


def html_to_text(markup: str) -> str:
    """What a reader sees of `markup`, as words, in time linear in its length.

    A quick look, no HTML parser: a tag ends at its first `>`, even one inside an attribute.
    """
    lowered = markup.lower() if markup.isascii() else _ascii_lower(markup)
    pieces: list[str] = []
    at = 0
    while True:
        opening = markup.find("<", at)
        if opening < 0:
            pieces.append(markup[at:])
            break
        pieces.append(markup[at:opening])
        at = _after_tag(lowered, opening, pieces)
        if at < 0:
            break
    return html.unescape("".join(pieces))


def _after_tag(lowered: str, opening: int, pieces: list[str]) -> int:
    """The offset after the tag at `opening`, -1 if nothing visible follows; appends what stands for the tag."""
    if lowered.startswith("<!--", opening):
        end = lowered.find("-->", opening + 4)
        return -1 if end < 0 else end + 3
    name = _TAG_NAME.match(lowered, opening + 1)
    if name is None and lowered[opening + 1 : opening + 2] not in ("!", "?", "/"):
        pieces.append("<")
        return opening + 1
    end = lowered.find(">", opening)
    if end < 0:
        return -1
    if name is None or name[1] not in _INLINE:
        pieces.append(" ")
    if name and name[1] in _SILENT and name[0] == name[1]:
        return lowered.find(f"</{name[1]}", end)
    return end + 1


def _ascii_lower(text: str) -> str:
    # str.lower() may change the length ("İ"), and the offsets with it.
    return re.sub("[A-Z]+", lambda found: found[0].lower(), text)


def snippet(text: str) -> str:
    """The first words of `text`, HTML-escaped as Gmail's snippets are (`&#39;`, `&quot;`, `&lt;`)."""
    flat = _SPACES.sub(" ", text[: SNIPPET_CHARS * 40].replace("\x00", "")).strip()
    if len(flat) > SNIPPET_CHARS:
        head = flat[: SNIPPET_CHARS + 1]
        flat = head.rsplit(" ", 1)[0] if " " in head else head[:SNIPPET_CHARS]
    return html.escape(flat).replace("&#x27;", "&#39;")
