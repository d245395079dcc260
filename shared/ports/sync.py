"""Cursors, leases and waiting ids."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.sync import SyncState


class SyncStore(Protocol):
    """Cursors, leases and waiting ids."""

    def get(self, mailbox: str) -> SyncState | None: ...

    def create(self, state: SyncState) -> None:
        """Writes a first row; an existing one stays as it is, so that a reconnect keeps its cursor."""
        ...

    def save(self, state: SyncState) -> SyncState:
        """Writes the row if it is still the version that was read. Raises TryAgain if it is not."""
        ...

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of mailboxes whose row says that work waits, ordered, at most `limit`, following `after`."""
        ...

    def in_slot(self, slot: int, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of the mailboxes to be asked in this slot of the hour, ordered, following `after`."""
        ...

    def in_hour(self, hour: int, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of the mailboxes whose daily work falls into this hour (UTC), ordered, following `after`."""
        ...

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of an organisation's mailboxes, ordered, following `after`."""
        ...

    def unannounced(self, limit: int) -> Sequence[str]:
        """The organisation of each mailbox that pushes have failed, at most `limit`: one read each."""
        ...

    def delete(self, mailbox: str, version: object = None) -> int:
        """Answers how many there were. Raises Stale if `version` is given and the row is another one by now."""
        ...
