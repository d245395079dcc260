"""Google's OAuth server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.errors import AppError


@dataclass(frozen=True, repr=False)
class Consent:
    """What the token endpoint answered to a code: who consented, to what."""

    email: str
    google_sub: str
    scopes: tuple[str, ...]
    refresh_token: str | None
    access_token: str
    expires_in_s: int


@dataclass(frozen=True, repr=False)
class AccessToken:
    """A bearer token for Gmail; `expires_at` is UTC. Lives in memory only."""

    token: str
    expires_at: datetime
    scopes: tuple[str, ...]


class UnprovenConsent(Exception):
    """Google gave a consent and did not prove whose it is: it is good for nothing but giving it back.

    `consent` is told by Google itself, over its own TLS, so it says well enough whose mailboxes live on it (OpenID
    Connect Core 3.1.3.7, point 6). `why` is for the caller; no token is in the message.
    """

    def __init__(self, consent: Consent, why: AppError) -> None:
        super().__init__(why.code)
        self.consent = consent
        self.why = why


class GoogleConsent(Protocol):
    """Google's OAuth server."""

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, scopes: Sequence[str]) -> str:
        """Where the user consents to `scopes`; no request is made."""
        ...

    def exchange(self, code: str, *, code_verifier: str, nonce: str) -> Consent:
        """Redeems a code and checks the id_token. Raises BadInput for a code that is not good any more, and
        UnprovenConsent where there is a consent but no proof of whose it is.
        """
        ...

    def refresh(self, refresh_token: str) -> AccessToken:
        """Raises GrantLost on `invalid_grant`, which is final; Throttled and UpstreamDown are not."""
        ...

    def revoke(self, token: str) -> bool:
        """Revokes a grant. True also if Google did not know the token any more."""
        ...
