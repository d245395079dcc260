"""Paging cursors: opaque to callers, signed, and good for one caller and one question only."""

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
        return base64.urlsafe_b64encode(self._mac(payload, bound_to) + payload).decode().rstrip("=")

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
        mac, payload = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        return payload if hmac.compare_digest(mac, self._mac(payload, bound_to)) else None

    def _mac(self, payload: bytes, bound_to: Sequence[str]) -> bytes:
        # JSON of a list keeps the parts apart: ("ab", "c") is not ("a", "bc").
        question = json.dumps(["crm-gmail cursor", *bound_to], ensure_ascii=True).encode()
        message = hashlib.sha256(question).digest() + payload
        return hmac.new(self._key(), message, hashlib.sha256).digest()[:_MAC_BYTES]
