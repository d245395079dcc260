"""Header values made fit to be shown: RFC 2047 words decoded, nothing left that rearranges or breaks a line."""

import re
from email.headerregistry import HeaderRegistry
from typing import Final

_REGISTRY: Final = HeaderRegistry()
_UNSHOWABLE: Final = re.compile(
    # C0 and C1 controls, line and paragraph separators, and the bidi controls that reorder what follows them
    # (Unicode TR 36 section 3.4); the joiners that Persian and emoji need stay.
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)
HEADER_LIMIT: Final = 4000
"""Characters of one header value that are read; RFC 5322 allows 998 a line, and a subject is one or two."""


def showable(text: str, limit: int = HEADER_LIMIT) -> str:
    """`text` on one line without control or bidi characters, cut at `limit` characters."""
    return re.sub(r" {2,}", " ", _UNSHOWABLE.sub(" ", text[:HEADER_LIMIT])).strip()[:limit].rstrip()


def decode_header(value: str, limit: int = HEADER_LIMIT) -> str:
    """The text of an unstructured header value; an encoded word that cannot be read stays as written."""
    if "=?" not in value:
        return showable(value, limit)
    joined = re.sub(r"[\r\n]+[ \t]*", " ", value[:HEADER_LIMIT])
    try:
        return showable(str(_REGISTRY("subject", joined)), limit)
    except Exception:  # the standard library's parser raises a dozen kinds on hostile input
        return showable(joined, limit)
