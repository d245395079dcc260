"""How far a mailbox has been read: the cursor, the lease, and the ids that still wait for work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

LEASE: Final = timedelta(minutes=5)
"""A worker that dies frees its mailbox after this long."""
VISIBLE_WITHIN: Final = timedelta(minutes=10)
"""A message that history names may be invisible for so long; later it is deleted."""
SLOTS: Final = 6
"""Quiet mailboxes are swept once an hour: one slot per ten-minute tick."""
TICK: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class SyncState:
    """The stored row. `cursor` is Gmail's historyId as an integer; times are UTC.

    `unsorted` are ids of notices the labeler has not handled yet; `unseen` are ids that history named but
    Gmail did not show yet, with the time we first asked. `due` asks for a sweep at the next tick, whoever's turn
    it is: a mailbox that was paused has missed its pushes.
    """

    mailbox: str
    org: str
    cursor: int
    handled_at: datetime
    slot: int
    unsorted: tuple[str, ...] = ()
    unseen: Mapping[str, datetime] = field(default_factory=dict)
    due: bool = False
    lease_owner: str | None = None
    lease_until: datetime | None = None
    version: object = field(default=None, compare=False)

    @property
    def has_work(self) -> bool:
        """Whether the next tick must visit this mailbox."""
        return bool(self.unsorted or self.unseen or self.due)

    def leased(self, now: datetime) -> bool:
        """Whether somebody holds this mailbox at `now`."""
        return self.lease_until is not None and self.lease_until > now


def slot_of(mailbox: str) -> int:
    """The tick of the hour, 0 to 5, in which a quiet mailbox is asked; even over mailboxes."""
    return int.from_bytes(mailbox.encode()[-8:], "big") % SLOTS


def slot_at(now: datetime) -> int:
    """The slot whose turn it is."""
    return int(now.timestamp() // TICK.total_seconds()) % SLOTS
