"""Signing keys of one issuer, fetched from its JWKS URL (RFC 7517) and kept in memory."""

import json
import threading
import time
from collections.abc import Callable
from typing import Final

import jwt

from shared.adapters.http_pool import HttpPool
from shared.errors import NotAuthenticated, UpstreamDown

FRESH_S: Final = 3600.0
"""Keys are fetched again after an hour, so that a withdrawn key stops counting."""
REFETCH_S: Final = 60.0
"""An unknown `kid` causes at most one fetch a minute: forged tokens must not hammer the issuer."""


class Jwks:
    """The key set behind one URL. Safe under threads."""

    def __init__(self, pool: HttpPool, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._url = url
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    def key(self, kid: str) -> jwt.PyJWK:
        """The key of this id. Raises NotAuthenticated if there is none, UpstreamDown if nobody answers."""
        with self._lock:
            now = self._monotonic()
            age = None if self._fetched_at is None else now - self._fetched_at
            wanted = kid not in self._keys or age is None or age > FRESH_S
            if wanted and (not self._keys or self._tried_at is None or now - self._tried_at > REFETCH_S):
                self._tried_at = now
                self._fetch(now)
            found = self._keys.get(kid)
        if found is None:
            raise NotAuthenticated("The token is signed with a key that its issuer does not publish.")
        return found

    def _fetch(self, now: float) -> None:
        answer = self._pool.send("GET", self._url)
        try:
            keys = jwt.PyJWKSet.from_dict(json.loads(answer.data)).keys
        except (ValueError, TypeError, KeyError, AttributeError, jwt.PyJWTError):
            # The keys at hand serve on while the issuer is ill; without any, nobody can be let in.
            if self._keys:
                return
            raise UpstreamDown("The issuer's signing keys cannot be read.", code="keys_unavailable") from None
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._fetched_at = now
