"""The nouns of the OAuth server: accounts, clients, scopes, consents, codes, tokens."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

OPENID = "openid"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
PROFILE = "https://www.googleapis.com/auth/userinfo.profile"

# Google grants these without a tick box and reports the short names by their long form.
SHORT_NAMES = {"email": EMAIL, "profile": PROFILE}
SIGN_IN_SCOPES = frozenset({OPENID, EMAIL, PROFILE})


@dataclass(frozen=True)
class Account:
    """A Google account of the seed; `email` in lower case, `hd` the Workspace domain."""

    email: str
    name: str
    given_name: str = ""
    family_name: str = ""
    picture: str | None = None
    hd: str | None = None


@dataclass(frozen=True)
class OAuthClient:
    """A registered OAuth client; redirect URIs are compared byte for byte. An empty secret: it has none."""

    client_id: str
    client_secret: str
    name: str
    redirect_uris: frozenset[str]


@dataclass(frozen=True)
class AccessGrant:
    """What a live access token stands for (the `Grant` that the Gmail API reads)."""

    email: str
    scopes: frozenset[str]
    client_id: str


@dataclass(frozen=True)
class Consent:
    """What an account has granted to a client so far; `offline` if a refresh token was part of it."""

    scopes: frozenset[str] = frozenset()
    offline: bool = False


@dataclass(frozen=True)
class Code:
    """An authorization code's meaning. `authorization_id` ties the tokens to the code they came from."""

    authorization_id: str
    email: str
    client_id: str
    redirect_uri: str
    scopes: frozenset[str]
    nonce: str
    code_challenge: str
    code_challenge_method: str
    gives_refresh_token: bool
    expires_at: float


@dataclass(frozen=True)
class Token:
    """An issued token without its secret value; times are seconds of the local clock."""

    kind: str
    authorization_id: str
    email: str
    client_id: str
    scopes: frozenset[str]
    expires_at: float


def read_scopes(text: str) -> frozenset[str]:
    """The scopes of a space-delimited list (RFC 6749 section 3.3), short names in their long form."""
    return frozenset(SHORT_NAMES.get(scope, scope) for scope in text.split())


def write_scopes(scopes: Iterable[str]) -> str:
    """A space-delimited list, in a stable order."""
    return " ".join(sorted(scopes))


def subject(email: str) -> str:
    """Google's `sub`: 21 digits, the same for an address on every machine and in every run."""
    digest = hashlib.sha256(email.casefold().encode()).digest()
    return "1" + str(int.from_bytes(digest) % 10**20).zfill(20)
