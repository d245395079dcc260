"""One worker per mailbox: a lease in the mailbox's sync row, taken with a precondition and expiring by itself.

Whoever finds the row leased leaves word in it and goes. The holder's own save finds that word, because it is a save of
the version that the holder has read: no push is lost between the holder's last look and its leaving, and looking for
word costs nothing while there is none.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.sync import LEASE, SyncState
from shared.errors import AppError, GrantLost, NotFound, TryAgain
from shared.ports.clock import Clock
from shared.ports.sync import SyncStore

SAVES: Final = 10
"""Attempts at one save, each but the first after others have left word."""


class Held:
    """A leased row. The holder replaces `state`; what stands there at the end is saved with the lease given back."""

    def __init__(self, taken: SyncState, syncs: SyncStore) -> None:
        self.state = taken
        self._saved = taken
        self._is_asked_for = False
        self._syncs = syncs

    def checkpoint(self) -> None:
        """Saves `state` as it is now and keeps the lease: one write."""
        for _ in range(SAVES):
            if self._save(replace(self.state, pushed_to=self._saved.pushed_to)):
                return
        raise _busy()

    def give_back(self) -> None:
        """Saves `state` and ends the lease: one write. What pushes told of meanwhile is left to the next tick."""
        for _ in range(SAVES):
            due = self.state.due or self._is_told_of_more()
            if self._end(replace(self.state, due=due)):
                return
        raise _busy()

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
        raise _busy()

    def give_back_unfinished(self, due: bool) -> None:
        """Ends the lease; the row stays as it was last saved, and if `due` the next tick tries again."""
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
        state = replace(state, unannounced=silent, due=due, version=self._saved.version)
        try:
            self._saved = self._syncs.save(state)
        except TryAgain:
            fresh = self._syncs.get(state.mailbox)
            if fresh is None or fresh.lease_owner != self._saved.lease_owner:
                raise
            self._is_asked_for |= fresh.due and not self._saved.due
            self._saved = fresh
            return False
        return True


def take(
    found: SyncState, syncs: SyncStore, now: datetime, lasting: timedelta = LEASE, push: int | None = None
) -> SyncState:
    """Takes the lease of a row as it was read: one write; `lasting` is longer than the caller can run.

    `push` is the historyId of the push that is worked on, if any.

    Raises TryAgain if somebody holds it, or was quicker.
    """
    if found.leased(now):
        raise _busy()
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
def leased(mailbox: str, syncs: SyncStore, clock: Clock) -> Iterator[Held]:
    """Holds the mailbox for the block: one read and one write to take it, one write to save and give it back.

    Raises NotFound if the mailbox has no sync row (MailMagnet is off), TryAgain if somebody else holds it.
    """
    found = syncs.get(mailbox)
    if found is None:
        raise NotFound("MailMagnet is off for this mailbox.")
    with holding(take(found, syncs, clock.now()), syncs) as held:
        yield held


def _busy() -> TryAgain:
    return TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")
