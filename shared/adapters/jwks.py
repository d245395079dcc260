"""Signing keys of one issuer, fetched from its JWKS URL (RFC 7517) and kept in memory."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import jwt

from shared.adapters.http_pool import HttpPool
from shared.errors import NotAuthenticated, UpstreamDown

FRESH_S: Final = 3600.0
"""Keys are fetched again after an hour, so that a withdrawn key stops counting."""
REFETCH_S: Final = 60.0
"""An unknown `kid` causes at most one fetch a minute: forged tokens must not hammer the issuer."""
FIRST_RETRY_S: Final = 1.0
"""While there are no keys at all, nobody can be let in, so the issuer is asked again sooner."""


class Jwks:
    """The key set behind one URL. Safe under threads; a known key is answered while another thread fetches."""

    def __init__(self, pool: HttpPool, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._url = url
        self._monotonic = monotonic
        self._fetching = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    def key(self, kid: str) -> jwt.PyJWK:
        """The key of this id. Raises NotAuthenticated if there is none, UpstreamDown where no key is known at all."""
        unsure = kid not in self._keys or not self._fresh()
        # Who has a key in hand does not wait for somebody else's fetch.
        if unsure and self._fetching.acquire(blocking=kid not in self._keys):
            try:
                self._refresh(kid)
            finally:
                self._fetching.release()
        found = self._keys.get(kid)
        if found is not None:
            return found
        if not self._keys:
            raise UpstreamDown("The issuer's signing keys cannot be read.", code="keys_unavailable")
        raise NotAuthenticated("The token is signed with a key that its issuer does not publish.")

    def _fresh(self) -> bool:
        return self._fetched_at is not None and self._monotonic() - self._fetched_at <= FRESH_S

    def _refresh(self, kid: str) -> None:
        if kid in self._keys and self._fresh():
            # Another thread has just fetched it.
            return
        now = self._monotonic()
        pause = REFETCH_S if self._keys else FIRST_RETRY_S
        if self._tried_at is not None and now - self._tried_at <= pause:
            return
        self._tried_at = now
        # While the issuer is ill, the keys at hand serve on.
        if keys := self._fetched():
            self._keys, self._fetched_at = keys, now

    def _fetched(self) -> Mapping[str, jwt.PyJWK]:
        """The published signing keys by id; none if they cannot be had."""
        try:
            answer = self._pool.send("GET", self._url)
            if answer.status != 200:
                return {}
            keys = jwt.PyJWKSet.from_dict(json.loads(answer.data)).keys
        except (
            UpstreamDown,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            RecursionError,
            jwt.PyJWTError,
        ):
            return {}
        return {key.key_id: key for key in keys if key.key_id and _verifies(key)}


def _verifies(key: jwt.PyJWK) -> bool:
    # A symmetric key (kty oct, RFC 7518 section 6.4) that an issuer publishes is known to all who could forge with it.
    return key.key_type != "oct" and key.public_key_use in (None, "sig")
