"""Reads the bytes in `{"data": "<base64url>"}` while it arrives: Gmail's form of what is large (RFC 4648 section 5)."""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Final

from shared.errors import UpstreamDown

PIECE: Final = 64 * 1024
"""Letters of base64 that are decoded at a time."""
_BEGIN: Final = re.compile(rb'\s*\{\s*"(?:data|raw)"\s*:\s*"')
_EMPTY: Final = re.compile(rb"\s*\{\s*\}\s*")
_END: Final = re.compile(rb'(?:=|\\u003[dD])*"\s*\}\s*')
_LONGEST_END: Final = 64


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content, in pieces of 48 KiB but for the last. Raises UpstreamDown for what is cut off or another form."""
    begun = False
    waiting = b""
    source = iter(chunks)
    for chunk in source:
        waiting += chunk
        if not begun:
            found = _BEGIN.match(waiting)
            if found is None:
                if len(waiting) > 1000:
                    raise _garbled()
                continue
            begun, waiting = True, waiting[found.end() :]
        end = _end_of_letters(waiting)
        if end is not None:
            yield from _pieces(waiting[:end])
            _check_end(waiting[end:], source)
            return
        whole = len(waiting) - len(waiting) % PIECE
        yield from _pieces(waiting[:whole])
        waiting = waiting[whole:]
    if begun or not _EMPTY.fullmatch(waiting):
        raise _garbled()


def _end_of_letters(waiting: bytes) -> int | None:
    found = [at for at in (waiting.find(mark) for mark in (b"=", b"\\", b'"')) if at >= 0]
    return min(found, default=None)


def _pieces(letters: bytes) -> Iterator[bytes]:
    for at in range(0, len(letters), PIECE):
        piece = letters[at : at + PIECE]
        try:
            yield base64.b64decode(piece + b"=" * (-len(piece) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise _garbled() from None


def _check_end(rest: bytes, source: Iterator[bytes]) -> None:
    for chunk in source:
        rest += chunk
        if len(rest) > _LONGEST_END:
            break
    if not _END.fullmatch(rest):
        raise _garbled()


def _garbled() -> UpstreamDown:
    return UpstreamDown("Gmail's answer was cut off or not an attachment.", code="gmail_garbled")
