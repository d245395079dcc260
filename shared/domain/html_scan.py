"""A look over an HTML document before it is parsed: is it small enough, and what does it hold?

One linear pass over the tags, by the tokenizer's rules (HTML 13.2.5) as far as limits need them. It decides
nothing about safety: what it misreads, the sanitiser reads for itself. The limits are there because parsing
is not linear: 50,000 nested `<div>` take a parser 13 s.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from shared.domain.html_nesting import Nesting

BYTE_LIMIT: Final = 512 * 1024
TAG_LIMIT: Final = 20_000
DEPTH_LIMIT: Final = 200
ATTRIBUTE_LIMIT: Final = 64
REFERENCE_LIMIT: Final = 40_000
"""Character references: a named or broken one costs a parser about 10 us and counts twice."""
REOPENED_LIMIT: Final = 100_000
"""Formatting elements that a parser may open again inside later blocks (HTML 13.2.4.3)."""

_TAG: Final = re.compile(
    r"""<(?:!--(?P<comment>)|(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)"""
    r"""(?P<attributes>(?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+|["'])*+)(?:>|\Z))"""
)
_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'>/=][^\s>/=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?+|'([^']*+)'?+|([^\s>"']++)))?+"""
)
_RAW_TEXT: Final = frozenset({"style", "script", "xmp", "iframe", "noembed", "noframes", "textarea", "title"})
# Possessive, so that digits are read in one way only: else a length of 500,000 digits would take a day.
_NUMBER: Final = r"(\d++(?:\.\d++)?+|\.\d++)"
_LENGTH: Final = re.compile(rf"\s*{_NUMBER}(?:px|pt|%)?\s*")
_STYLE_LENGTH: Final = re.compile(
    rf"(?i)(?:^|[;\s])(?:max-)?(width|height)\s*:\s*{_NUMBER}(?:px|pt|em|%)?\s*(?=!|;|$)"
)
_HIDDEN: Final = re.compile(
    r"(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]))"
)


@dataclass
class Scan:
    """What was seen. `refused` names the limit that the document broke; then the rest is not complete.

    `pixels` are the `src` of pictures that are made not to be seen; `quotes` are offsets, just behind a tag's
    name, of elements where quoted history begins.
    """

    refused: str | None = None
    pixels: set[str] = field(default_factory=set)
    quotes: list[int] = field(default_factory=list)


def scan(document: str) -> Scan:
    """Looks over `document`; stops at the first limit that is broken."""
    found = Scan()
    if len(document) > BYTE_LIMIT or len(document.encode("utf-8", "replace")) > BYTE_LIMIT:
        found.refused = "bytes"
        return found
    if 2 * document.count("&") - document.count("&#") > REFERENCE_LIMIT:
        found.refused = "references"
        return found
    counted = _Counted()
    at = 0
    lowered = document.lower()
    if len(lowered) != len(document):  # a few letters change their length in lower case
        lowered = document
    while (tag := _TAG.search(document, at)) is not None:
        at = tag.end()
        if tag["comment"] is not None:
            at = _after_comment(document, tag.end())
            continue
        name = tag["name"].lower()
        found.refused = counted.count(name, bool(tag["end"]), tag["attributes"])
        if found.refused:
            return found
        if not tag["end"]:
            _note(found, name, tag)
            if name in _RAW_TEXT and not counted.nesting.in_foreign_content:
                closing = lowered.find(f"</{name}", at)
                at = len(document) if closing < 0 else closing
    return found


@dataclass
class _Counted:
    tags: int = 0
    nesting: Nesting = field(default_factory=Nesting)

    def count(self, name: str, closes: bool, attributes: str) -> str | None:
        """Takes one tag into account; answers the limit that it breaks."""
        self.tags += 1
        if closes:
            self.nesting.end(name)
        else:
            self.nesting.start(name, attributes)
        if self.tags > TAG_LIMIT:
            return "tags"
        if self.nesting.depth > DEPTH_LIMIT:
            return "depth"
        if self.nesting.reopened > REOPENED_LIMIT:
            return "formatting"
        if len(attributes) > 2 * ATTRIBUTE_LIMIT and _too_many(attributes):
            return "attributes"
        return None


def _too_many(attributes: str) -> bool:
    return sum(
        1 for _, _ in zip(range(ATTRIBUTE_LIMIT + 1), _ATTRIBUTE.finditer(attributes), strict=False)
    ) > (ATTRIBUTE_LIMIT)


def _note(found: Scan, name: str, tag: re.Match[str]) -> None:
    if name == "img":
        given = _attributes(tag["attributes"])
        if _is_unseen(given):
            found.pixels.add(given.get("src", "").strip())
    elif name == "blockquote" or (
        name in ("div", "table", "hr", "span") and _begins_quote(tag["attributes"])
    ):
        found.quotes.append(tag.end("name"))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found


def _is_unseen(given: dict[str, str]) -> bool:
    """Whether a picture is nothing to look at: no pixel wide or high, one by one, or hidden."""
    style = given.get("style", "")[:2000]
    sizes = {side.lower(): float(length) for side, length in _STYLE_LENGTH.findall(style)}
    for side in ("width", "height"):
        length = _LENGTH.fullmatch(given.get(side, ""))
        if length is not None:
            sizes.setdefault(side, float(length[1]))
    one_by_one = len(sizes) == 2 and max(sizes.values()) <= 1
    return one_by_one or 0.0 in sizes.values() or _HIDDEN.search(style) is not None


# What mail programs put around the mail they answer: Gmail, Apple Mail and Thunderbird, Yahoo, Outlook, Proton, Zoho.
_QUOTE_MARK: Final = re.compile(
    r"(?i)\b(?:gmail_quote|moz-cite-prefix|yahoo_quoted|appendonsend|"
    r"divRplyFwdMsg|OutlookMessageHeader|protonmail_quote|zmail_extra|ydp\w*yahoo_quoted|mail-quote-collapse)"
)


def _begins_quote(attributes: str) -> bool:
    start = attributes[:500]
    if not _QUOTE_MARK.search(start):
        return False
    given = _attributes(start)
    return any(_QUOTE_MARK.search(given.get(name, "")) for name in ("class", "id"))


def _after_comment(document: str, start: int) -> int:
    # `<!-->` and `<!--->` are whole comments; `--!>` ends one too (HTML 13.2.5.43 and after).
    if document.startswith((">", "->"), start):
        return document.index(">", start) + 1
    end = _COMMENT_END.search(document, start)
    return len(document) if end is None else end.end()


_COMMENT_END: Final = re.compile(r"--!?>")
