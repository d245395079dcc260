"""Paging cursors: sealed, and good for one caller and one question only.

What a position tells (the time of a mail that is hidden from the caller, how many there were) is nobody's to read, so
it is encrypted under its own signature, as in SIV (RFC 5297), with HMAC-SHA256 for both parts.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shared.errors import BadInput

_MAC_BYTES: Final = 16
_LONGEST: Final = 8000


class Cursors:
    """Seals positions in lists. `key` gives the signing key, at least 32 bytes, when it is first needed.

    `bound_to` names organisation, user, route and everything that was asked: a cursor for another question, or
    another caller's, is refused like a forged one.
    """

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def seal(self, position: Mapping[str, Any], bound_to: Sequence[str]) -> str:
        """A cursor for `position`, which must be JSON."""
        payload = json.dumps(position, separators=(",", ":"), ensure_ascii=True).encode()
        key = self._key()
        mac = _mac(key, payload, bound_to)
        return base64.urlsafe_b64encode(mac + _crypted(key, payload, mac)).decode().rstrip("=")

    def open(self, cursor: str, bound_to: Sequence[str]) -> Mapping[str, Any]:
        """The position in `cursor`. Raises BadInput (code invalid_cursor) if it is not ours for this question."""
        payload = self._verified(cursor, bound_to)
        if payload is None:
            raise BadInput(
                "The cursor is not one of this list; start again from the first page.", code="invalid_cursor"
            )
        position: Mapping[str, Any] = json.loads(payload)
        return position

    def _verified(self, cursor: str, bound_to: Sequence[str]) -> bytes | None:
        if len(cursor) > _LONGEST:
            return None
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        mac = sealed[:_MAC_BYTES]
        key = self._key()
        payload = _crypted(key, sealed[_MAC_BYTES:], mac)
        return payload if hmac.compare_digest(mac, _mac(key, payload, bound_to)) else None


def _mac(key: bytes, payload: bytes, bound_to: Sequence[str]) -> bytes:
    # JSON of a list keeps the parts apart: ("ab", "c") is not ("a", "bc").
    question = json.dumps(["crm-gmail cursor", *bound_to], ensure_ascii=True).encode()
    return hmac.digest(key, hashlib.sha256(question).digest() + payload, "sha256")[:_MAC_BYTES]


def _crypted(key: bytes, content: bytes, mac: bytes) -> bytes:
    """Encrypts and decrypts: a key stream that is another one for each payload and question."""
    own_key = hmac.digest(key, b"crm-gmail cursor content", "sha256")
    blocks = range(len(content) // hashlib.sha256().digest_size + 1)
    stream = b"".join(hmac.digest(own_key, mac + block.to_bytes(4, "big"), "sha256") for block in blocks)
    return bytes(a ^ b for a, b in zip(content, stream, strict=False))
