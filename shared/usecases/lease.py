"""One worker per mailbox: a lease in the mailbox's sync row, taken with a precondition and expiring by itself."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from shared.domain.sync import LEASE, SyncState
from shared.errors import AppError, GrantLost, NotFound, TryAgain
from shared.ports.clock import Clock
from shared.ports.sync import SyncStore


class Held:
    """A leased row. The holder replaces `state`; what stands there at the end is saved with the lease given back."""

    def __init__(self, taken: SyncState, syncs: SyncStore) -> None:
        self.state = taken
        self._saved = taken
        self._syncs = syncs

    def checkpoint(self) -> None:
        """Saves `state` as it is now and keeps the lease: one write."""
        self._saved = self._syncs.save(replace(self.state, version=self._saved.version))

    def give_back(self) -> None:
        """Saves `state` and ends the lease: one write."""
        self._end(self.state)

    def give_back_unfinished(self, due: bool) -> None:
        """Ends the lease; the row stays as it was last saved, and if `due` the next tick tries again."""
        self._end(replace(self._saved, due=due or self._saved.due))

    def _end(self, state: SyncState) -> None:
        ended = replace(state, version=self._saved.version, lease_owner=None, lease_until=None)
        self._saved = self._syncs.save(ended)


@contextmanager
def leased(
    mailbox: str,
    syncs: SyncStore,
    clock: Clock,
    *,
    found: SyncState | None = None,
    lasting: timedelta = LEASE,
) -> Iterator[Held]:
    """Holds the mailbox for the block: one read and one write to take it, one write to save and give it back.

    `found` is the row if the caller has read it already; `lasting` is longer than the caller can run.

    Raises NotFound if the mailbox has no sync row (MailMagnet is off), TryAgain if somebody else holds it.
    If the block fails, the row is given back as it was last saved: the cursor has not moved.
    """
    now = clock.now()
    found = found or syncs.get(mailbox)
    if found is None:
        raise NotFound("MailMagnet is off for this mailbox.")
    if found.leased(now):
        raise TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")
    taken = syncs.save(replace(found, lease_owner=uuid.uuid4().hex, lease_until=now + lasting))
    held = Held(taken, syncs)
    try:
        yield held
    except BaseException as error:
        # If this fails too, the lease ends by itself; the error that brought us here is the one to tell.
        with suppress(AppError):
            held.give_back_unfinished(due=not isinstance(error, GrantLost))
        raise
    held.give_back()
