"""Reading JSON that was signed: one meaning or none.

A document that names a member twice means one thing to the signer's parser and another to ours (RFC 8725 section
2.4 asks for one reading; RFC 8259 section 4 leaves doubles open), so it is refused.
"""

import json
from collections.abc import Sequence
from typing import Any


def parse_object(text: bytes) -> dict[str, Any]:
    """The JSON object in `text`. Raises ValueError or RecursionError for anything else: no double members, no NaN
    or Infinity, UTF-8 only, and no half of a surrogate pair, which no store takes.
    """
    document = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    if not isinstance(document, dict):
        raise ValueError("is not an object")  # noqa: TRY004 - a fault of the text, not of the caller
    json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    return document


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("names a member twice")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
