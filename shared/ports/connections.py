"""Connects in progress."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.connection import Connection


class ConnectionStore(Protocol):
    """Connects in progress, and the ends of consents that they may meet."""

    def create(self, connection: Connection) -> None: ...

    def get(self, connection: str) -> Connection | None: ...

    def save(self, connection: Connection) -> Connection:
        """Writes the row if it is still the version that was read. Raises Stale if it is not."""
        ...

    def delete(self, connection: str) -> bool:
        """Whether it was there: of two callers only one is told so."""
        ...

    def of_user(self, org: str, user: str) -> Sequence[Connection]: ...

    def expired(self, now: datetime, limit: int) -> Sequence[Connection]: ...

    def note_end(self, google_sub: str, until: datetime) -> None:
        """Remembers until then (UTC) that the consent of this Google account is being ended. One write."""
        ...

    def is_ending(self, google_sub: str, now: datetime) -> bool:
        """Whether an end of this account's consent is remembered. One read."""
        ...
