"""The nouns of the OAuth server: accounts, clients, scopes, consents, codes, tokens."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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


def accounts_of(users: Iterable[Mapping[str, Any]]) -> list[Account]:
    """The accounts of the seed's `users`, in their order. Raises KeyError for one without `email`."""
    accounts = []
    for user in users:
        email = str(user["email"]).lower()
        name = str(user.get("name") or email.partition("@")[0])
        given, _, family = name.partition(" ")
        accounts.append(
            Account(
                email,
                name,
                str(user.get("given_name") or given),
                str(user.get("family_name") or family),
                user.get("picture"),
                user.get("hd"),
            )
        )
    return accounts


def clients_of(entries: Iterable[Mapping[str, Any]]) -> list[OAuthClient]:
    """The clients of the seed's `oauth_clients`. Raises KeyError for one without `client_id`."""
    return [
        OAuthClient(
            client_id=str(entry["client_id"]),
            client_secret=str(entry.get("client_secret") or ""),
            name=str(entry.get("name") or entry["client_id"]),
            redirect_uris=frozenset(str(uri) for uri in entry.get("redirect_uris") or ()),
        )
        for entry in entries
    ]
