"""One worker per mailbox: a lease in the mailbox's sync row, taken with a precondition and expiring by itself.

Whoever finds the row leased leaves word in it and goes. The holder's own save finds that word, because it is a save of
the version that the holder has read: no push is lost between the holder's last look and its leaving, and looking for
word costs nothing while there is none.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.notice import Notice
from shared.domain.quota import affordable, rested_after
from shared.domain.recount import Recount
from shared.domain.sync import LEASE, SyncState
from shared.errors import AppError, GrantLost, NotFound, TryAgain
from shared.ports.clock import Clock
from shared.ports.gmail import Gmail
from shared.ports.notices import NoticeStore
from shared.ports.sync import SyncStore

SAVES: Final = 10
"""Attempts at one save, each but the first after others have left word."""


@dataclass(frozen=True)
class Findings:
    """What a visit has found and not written yet."""

    store: NoticeStore
    notices: tuple[Notice, ...] = ()
    recount: Recount | None = None


class Held:
    """A leased row. The holder replaces `state`; what stands there at the end is saved with the lease given back.

    Notices are written in the same commit as the row. So who has lost it, to another worker or because MailMagnet went
    off meanwhile, leaves none behind. `created` counts those that were new.
    """

    def __init__(self, taken: SyncState, syncs: SyncStore) -> None:
        self.state = taken
        self.created = 0
        self._saved = taken
        self._is_asked_for = False
        self._syncs = syncs
        self._findings: Findings | None = None
        self._gmail: Gmail | None = None
        self._clock: Clock | None = None
        self._paid = 0
        self._rested_at = taken.rested_at

    def keep(self, notices: Sequence[Notice], store: NoticeStore, recount: Recount | None = None) -> None:
        """Remembers what is to be written with the row: at the next checkpoint, or when it is given back."""
        earlier = self._findings or Findings(store)
        merged = (*earlier.notices, *notices)
        if merged or recount:
            self._findings = Findings(store, merged, recount or earlier.recount)

    def settle(self) -> None:
        """A checkpoint where something is to be kept: who goes on to read notices finds these too."""
        if self._findings is not None:
            self.checkpoint()

    def settle_way(self) -> None:
        """A checkpoint where the cursor has moved since the last save."""
        if self.state.cursor != self._saved.cursor:
            self.checkpoint()

    def affordable(self, clock: Clock) -> int:
        """Units of the Gmail user's that background work may spend in this turn."""
        return affordable(self.state.rested_at, clock.now())

    def pay(self, gmail: Gmail, clock: Clock) -> None:
        """From now on each save notes what this client has spent, also one after a failure."""
        self._gmail, self._clock = gmail, clock
        self._paid, self._rested_at = gmail.units, self.state.rested_at

    def checkpoint(self) -> None:
        """Saves `state` as it is now and keeps the lease: one write, and one for each notice."""
        for _ in range(SAVES):
            if self._save(replace(self.state, pushed_to=self._saved.pushed_to)):
                return
        raise busy()

    def give_back(self) -> None:
        """Saves `state` and ends the lease: one write. What pushes told of meanwhile is left to the next tick."""
        for _ in range(SAVES):
            due = self.state.due or self._is_told_of_more()
            if self._end(replace(self.state, due=due)):
                return
        raise busy()

    def give_back_unless_told(self) -> bool:
        """The same, unless pushes told of more than `state` has reached: then the lease stays, and the answer is False.

        The word is taken out of the row before history is read for it: whatever is told from then on is new.
        """
        for _ in range(SAVES):
            if self._is_told_of_more():
                if self._save(self.state):
                    return False
            elif self._end(self.state):
                return True
        raise busy()

    def give_back_unfinished(self, due: bool) -> None:
        """Ends the lease; the row stays as it was last saved, and if `due` the next tick tries again."""
        self._findings = None
        for _ in range(SAVES):
            if self._end(replace(self._saved, due=due or self._saved.due)):
                return

    def _is_told_of_more(self) -> bool:
        return (self._saved.pushed_to or 0) > self.state.cursor

    def _end(self, state: SyncState) -> bool:
        if self._saved.lease_owner is None:
            return True
        return self._save(replace(state, lease_owner=None, lease_until=None, lease_push=None, pushed_to=None))

    def _save(self, state: SyncState) -> bool:
        """Saves; False where others have left word meanwhile, which is now known. Raises TryAgain without the lease."""
        # A push that has come ends the suspicion that none do.
        silent = state.unannounced and self._saved.pushed_to is None
        due = state.due or self._is_asked_for
        rested_at = self._note_spending()
        state = replace(state, unannounced=silent, due=due, rested_at=rested_at, version=self._saved.version)
        try:
            self._saved = self._commit(state)
        except TryAgain:
            fresh = self._syncs.get(state.mailbox)
            if fresh is None or fresh.lease_owner != self._saved.lease_owner:
                raise
            self._is_asked_for |= fresh.due and not self._saved.due
            self._saved = fresh
            return False
        return True

    def _note_spending(self) -> datetime | None:
        if self._gmail is not None and self._clock is not None:
            units = self._gmail.units - self._paid
            self._rested_at = rested_after(self._rested_at, units, self._clock.now())
            self._paid += units
        return self._rested_at

    def _commit(self, state: SyncState) -> SyncState:
        if self._findings is None:
            return self._syncs.save(state)
        found = self._findings
        saved, created = found.store.keep_with(state, found.notices, found.recount)
        self.created += created
        self._findings = None
        return saved


def take(
    found: SyncState, syncs: SyncStore, now: datetime, lasting: timedelta = LEASE, push: int | None = None
) -> SyncState:
    """Takes the lease of a row as it was read: one write; `lasting` is longer than the caller can run.

    `push` is the historyId of the push that is worked on, if any.

    Raises TryAgain if somebody holds it, or was quicker.
    """
    if found.leased(now):
        raise busy()
    leased = replace(found, lease_owner=uuid.uuid4().hex, lease_until=now + lasting, lease_push=push)
    return syncs.save(replace(leased, pushed_to=None))


@contextmanager
def holding(taken: SyncState, syncs: SyncStore) -> Iterator[Held]:
    """Works under a lease that was taken, and gives it back at the end if that was not done: one write.

    If the block fails, the row is given back as it was last saved: the cursor has not moved.
    """
    held = Held(taken, syncs)
    try:
        yield held
    except BaseException as error:
        # If this fails too, the lease ends by itself; the error that brought us here is the one to tell.
        with suppress(AppError):
            held.give_back_unfinished(due=not isinstance(error, GrantLost))
        raise
    held.give_back()


@contextmanager
def leased(mailbox: str, syncs: SyncStore, clock: Clock, *, lasting: timedelta = LEASE) -> Iterator[Held]:
    """Holds the mailbox for the block: one read and one write to take it, one write to save and give it back.

    `lasting` is longer than the caller can run.

    Raises NotFound if the mailbox has no sync row (MailMagnet is off), TryAgain if somebody else holds it.
    """
    found = syncs.get(mailbox)
    if found is None:
        raise NotFound("MailMagnet is off for this mailbox.")
    with holding(take(found, syncs, clock.now(), lasting), syncs) as held:
        yield held


def busy() -> TryAgain:
    """The mailbox, or its row, is in others' hands at this moment."""
    return TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")
