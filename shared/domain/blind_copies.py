"""Keeps blind copies blind when a sent mail is passed on as it is."""

import re
from typing import Final

_HEAD_END: Final = re.compile(rb"\r?\n(?=\r?\n)")
_FIELD: Final = re.compile(rb"(?im)^(?:resent-)?bcc[ \t]*:.*(?:\r?\n[ \t].*)*(?:\r?\n|\Z)")


def without_blind_copies(raw: bytes) -> bytes:
    """The mail without its Bcc and Resent-Bcc fields; every other byte stays."""
    end = _HEAD_END.search(raw)
    cut = end.end() if end else len(raw)
    head, cuts = _FIELD.subn(b"", raw[:cut])
    return b"".join((head, memoryview(raw)[cut:])) if cuts else raw
