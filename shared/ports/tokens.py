"""How refresh tokens are sealed."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.connection import SealedToken


class TokenCipher(Protocol):
    """Seals refresh tokens. `bound_to` (organisation, user, mailbox) must be the same when opened."""

    def seal(self, token: str, bound_to: Sequence[str]) -> SealedToken: ...

    def open(self, sealed: SealedToken, bound_to: Sequence[str]) -> str:
        """Raises GrantLost (code token_unreadable) for a swapped, cut or foreign ciphertext."""
        ...


class RotatingCipher(TokenCipher, Protocol):
    """A cipher whose key has versions."""

    def newest(self) -> str:
        """The key version that `seal` uses now."""
        ...
