"""Connects in progress."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.connection import Connection


class ConnectionStore(Protocol):
    """Connects in progress."""

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
