"""What the life of a mailbox needs from outside, beside `shared.ports`; the same rules hold."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.connection import SealedToken
from shared.ports import TokenCipher


class SealedGrants(Protocol):
    """The stored grants as a whole, for the rotation of the key that seals them."""

    def get(self, mailbox: str) -> SealedToken | None:
        """One read."""
        ...

    def page(self, after: str | None, limit: int) -> Sequence[tuple[str, SealedToken]]:
        """Grants by mailbox id, in the order of these, following the id `after`. One query, one read a grant."""
        ...

    def replace(self, mailbox: str, before: SealedToken, after: SealedToken) -> None:
        """Writes `after` where `before` is still what is stored. Raises Stale if not, NotFound if the row is gone."""
        ...


class RotatingCipher(TokenCipher, Protocol):
    """A cipher whose key has versions."""

    def newest(self) -> str:
        """The key version that `seal` uses now."""
        ...


class Webhook(Protocol):
    """The CRM's endpoint for events."""

    def send(self, url: str, message_id: str, body: str) -> int:
        """Posts once and answers the status, which is 2xx.

        Raises BadInput for a URL that may not be called, NotFound where the receiver wants no more, UpstreamDown
        where it does not take the event now.
        """
        ...
