"""What the Gmail API needs to know of an access token, and of the accounts and clients behind it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Grant:
    """Who an access token speaks for: the account, the scopes granted, the OAuth client that asked."""

    email: str
    scopes: frozenset[str]
    client_id: str


class Tokens(Protocol):
    """The access tokens that the OAuth server has given out."""

    def authenticate(self, bearer: str | None) -> Grant:
        """The grant behind `bearer` (the token alone). Raises GoogleError 401: unknown, expired, revoked, None."""

    def revoke_account(self, email: str) -> None:
        """Makes every access and refresh token of the account invalid, as a password change does."""


@dataclass(frozen=True)
class Account:
    """A Google account of the emulator, as the consent page and `userinfo` show it."""

    email: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    picture: str | None = None
    email_verified: bool = True
    locale: str = "en"
    hd: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class OAuthClient:
    """A registered OAuth client; redirect URIs are compared byte for byte."""

    client_id: str
    client_secret: str
    name: str = "Local app"
    redirect_uris: tuple[str, ...] = ()
