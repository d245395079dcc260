"""A TokenCipher without keys: it hides nothing, but binds as the real one does."""

import json
from collections.abc import Sequence
from itertools import count

from shared.domain.connection import SealedToken
from shared.errors import GrantLost


class FakeCipher:
    """Seals into JSON."""

    def __init__(self) -> None:
        self._numbers = count()

    def seal(self, token: str, bound_to: Sequence[str]) -> SealedToken:
        nonce = str(next(self._numbers)).encode()
        return SealedToken("1", nonce, json.dumps([nonce.decode(), token, *bound_to]).encode())

    def open(self, sealed: SealedToken, bound_to: Sequence[str]) -> str:
        try:
            nonce, token, *bound = json.loads(sealed.ciphertext)
        except ValueError:
            bound, nonce, token = [], "", ""
        if sealed.key_version != "1" or nonce != sealed.nonce.decode() or bound != list(bound_to):
            raise GrantLost(
                "The stored consent cannot be read any more; connect again.", code="token_unreadable"
            )
        return str(token)
