"""A connect in progress: from the Authenticate button to the completed grant, ten minutes at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

CONNECT_WITHIN: Final = timedelta(minutes=10)
"""State, code and ticket live so long; a grant that nobody completes by then is revoked (RFC 9700)."""


@dataclass(frozen=True)
class PendingGrant:
    """What Google gave, before the same CRM user has claimed it. The refresh token is sealed."""

    email: str
    google_sub: str
    scopes: tuple[str, ...]
    sealed_token: "SealedToken"


@dataclass(frozen=True)
class SealedToken:
    """A refresh token at rest: AES-256-GCM under one version of the token key."""

    key_version: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True)
class Connection:
    """One attempt. `id` is the SHA-256 of the state, so the store cannot replay it; the same for the rest.

    `used` is set before the code is redeemed: a state is good once. `browser` is the hash of the cookie set
    where the popup began, `ticket` the hash of the one-time ticket. `return_url` is a page of `origin` that
    takes the ticket where the popup has lost its opener.
    """

    id: str
    org: str
    user: str
    user_name: str
    origin: str
    scopes: tuple[str, ...]
    nonce: str
    code_verifier: str
    expires_at: datetime
    return_url: str | None = None
    used: bool = False
    browser: str | None = None
    ticket: str | None = None
    grant: PendingGrant | None = None
    version: object = None
