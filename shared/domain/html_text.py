"""The readable text of an HTML document, for mail without a text part and for HTML that is refused.

Not a parser and not a safety layer: what comes out is text and is shown as text.
"""

import html
import re
from typing import Final

_LIMIT: Final = 512 * 1024
_HIDDEN_ELEMENT: Final = re.compile(r"(?is)<(style|script|title|head|template|svg|math)\b[^>]*+(?:>|\Z)")
_COMMENT: Final = re.compile(r"(?s)<!--.*?(?:-->|\Z)")
_BREAK: Final = re.compile(
    r"(?i)</?(?:p|div|br|tr|li|ul|ol|h[1-6]|table|blockquote|hr|pre|section|article|header|footer|dd|dt)\b[^>]*+(?:>|\Z)"
)
_CELL: Final = re.compile(r"(?i)</t[dh]\b[^>]*+(?:>|\Z)")
_TAG: Final = re.compile(r"</?[A-Za-z!?][^>]*+(?:>|\Z)")


def text_of(document: str) -> str:
    """The text of `document`, of which the first 512 Ki characters are read. Linear in its length."""
    source = _COMMENT.sub("", document[:_LIMIT])
    source = _without_hidden(source)
    source = re.sub(r"\s+", " ", source)
    source = _CELL.sub(" ", _BREAK.sub("\n", source))
    plain = html.unescape(_TAG.sub("", source)).replace("\xa0", " ")
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in plain.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_hidden(source: str) -> str:
    kept: list[str] = []
    lowered = source.lower()
    if len(lowered) != len(source):  # a few letters change their length in lower case
        lowered = source
    at = 0
    while (start := _HIDDEN_ELEMENT.search(source, at)) is not None:
        kept.append(source[at : start.start()])
        end = lowered.find(f"</{start[1].lower()}", start.end())
        if end < 0:
            # An element that is never closed hides nothing but itself here; a bomb of them stays linear.
            at = start.end()
            break
        at = end
    kept.append(source[at:])
    return "".join(kept)
