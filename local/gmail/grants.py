"""What the Gmail API needs to know of an access token."""

from typing import Protocol


class Grant(Protocol):
    """Who an access token speaks for: the account, the scopes granted, the OAuth client that asked."""

    @property
    def email(self) -> str: ...
    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def client_id(self) -> str: ...


class Tokens(Protocol):
    """The access tokens that the OAuth server has given out."""

    def authenticate(self, bearer: str | None) -> Grant:
        """The grant behind the token. Raises GoogleError 401 for None, unknown, expired and revoked."""

    def revoke_account(self, email: str) -> int:
        """Ends every access and refresh token of the account, as a password change does. How many."""
