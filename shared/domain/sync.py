"""How far a mailbox has been read: the cursor, the lease, and the ids that still wait for work."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

LEASE: Final = timedelta(minutes=5)
"""A worker that dies frees its mailbox after this long."""
VISIBLE_WITHIN: Final = timedelta(minutes=10)
"""A message that history names may be invisible for so long; later it is deleted."""
SLOTS: Final = 5
"""Quiet mailboxes are swept every fifth tick: within the hour also when a tick or Pub/Sub is late."""
TICK: Final = timedelta(minutes=10)
HOURS: Final = 24
_GOLDEN: Final = 0x9E3779B97F4A7C15
"""The golden ratio's fraction of 2^64."""
_DIGITS: Final = "234567abcdefghijklmnopqrstuvwxyz"
"""Base32 in the order of the store: what a mailbox's id is made of, evenly."""
MANY_WITHOUT_PUSHES: Final = 5
"""With so many mailboxes that pushes have failed, it is no longer the mailbox but the organisation that is swept."""


@dataclass(frozen=True)
class SyncState:
    """The stored row. `cursor` is Gmail's historyId as an integer; times are UTC.

    `unsorted` are ids of notices the labeler has not handled yet, `archived` those of them that were outside the Inbox
    when they were first looked at (a filter of the user's); `unseen` are ids that history named but
    Gmail did not show yet, with the time we first asked, and `tries` how often it refused those for another
    reason. Ids that cannot be read are `set_aside`, with the time we last asked.
    `due` asks for a sweep at the next tick, whoever's turn it is: a mailbox that was paused has missed its
    pushes, a visit has ended before it was done. `unannounced`: a sweep found mail of which no push told, and
    no push has come since. `relist_from`: an expired cursor was replaced, and Gmail's search is to be asked
    once more for what came after this moment. `recounting`: a recount goes on at the next tick. `since`: when
    MailMagnet went on; older mail earns no notice. `pushed_to`: the historyId of a push that found the mailbox leased;
    its holder reads history once more before it goes, unless the cursor has come that far. `lease_push`: the historyId
    of the push that the holder works on. `rested_at`: when background work may spend all of the Gmail user's units
    again that are its own (`shared/domain/quota.py`).
    """

    mailbox: str
    org: str
    cursor: int
    handled_at: datetime
    slot: int
    unsorted: tuple[str, ...] = ()
    archived: frozenset[str] = frozenset()
    unseen: Mapping[str, datetime] = field(default_factory=dict)
    due: bool = False
    lease_owner: str | None = None
    lease_until: datetime | None = None
    tries: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, datetime] = field(default_factory=dict)
    unannounced: bool = False
    relist_from: datetime | None = None
    recounting: bool = False
    since: datetime | None = None
    pushed_to: int | None = None
    lease_push: int | None = None
    rested_at: datetime | None = None
    version: object = field(default=None, compare=False)

    def with_queue(self, unsorted: Iterable[str]) -> "SyncState":
        """The row with another queue for the labeler."""
        queue = tuple(dict.fromkeys(unsorted))
        return replace(self, unsorted=queue, archived=self.archived & frozenset(queue))

    @property
    def has_work(self) -> bool:
        """Whether the next tick must visit this mailbox."""
        later = self.due or self.unannounced or self.recounting or self.relist_from is not None
        return bool(self.unsorted or self.unseen or later)

    def covers(self, history_id: int) -> bool:
        """Whether a push that names this has nothing new to tell: a double, or one that a reading has covered."""
        return history_id <= self.cursor and not self.unseen

    def leased(self, now: datetime) -> bool:
        """Whether somebody holds this mailbox at `now`."""
        return self.lease_until is not None and self.lease_until > now


def orgs_without_pushes(orgs: Iterable[str]) -> tuple[str, ...]:
    """The organisations to be swept whole. `orgs` names one for each mailbox that pushes have failed."""
    return tuple(sorted(org for org, many in Counter(orgs).items() if many >= MANY_WITHOUT_PUSHES))


def slot_of(mailbox: str) -> int:
    """Which of `SLOTS` ticks in a row asks this mailbox while it is quiet; even over mailboxes."""
    return int.from_bytes(mailbox.encode()[-8:], "big") % SLOTS


def slot_at(now: datetime) -> int:
    """The slot whose turn it is."""
    return int(now.timestamp() // TICK.total_seconds()) % SLOTS


def hour_of(mailbox: str) -> int:
    """The hour of the day (UTC) of the daily work for a mailbox: renewing its watch, recounting."""
    return int.from_bytes(mailbox.encode()[-8:], "big") // SLOTS % HOURS


def place_of_day(now: datetime) -> tuple[int, str]:
    """Where the daily walk over all mailboxes begins: a slot, and an id in it that need not exist.

    Days lie by the golden ratio round the circle of all mailboxes, so that any few in a row are spread evenly over it
    (the three-gap theorem). A walk that always ends after a share of the circle has come to everybody in twice
    the days that it would take from where it ended, and nothing has to be kept for it.
    """
    turn = int(now.timestamp() // timedelta(days=1).total_seconds()) * _GOLDEN % 2**64
    at = turn * SLOTS
    digits = (at >> shift & 31 for shift in range(59, 0, -5))
    return at >> 64, "".join(_DIGITS[digit] for digit in digits)
