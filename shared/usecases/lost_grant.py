"""When Google ends a consent in the middle of work: the mailbox says so once, and nothing calls Gmail any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.domain.scopes import allows
from shared.errors import GrantLost, NotFound, ScopeMissing
from shared.log import Log
from shared.ports import Clock, MailboxStore


@contextmanager
def noting_lost_grant(mailbox: Mailbox, mailboxes: MailboxStore, clock: Clock, log: Log) -> Iterator[None]:
    """Runs the block; a lost grant in it is written into the mailbox's health, and raised on."""
    try:
        yield
    except GrantLost as error:
        # A feature that was not allowed stops by itself; the others go on.
        partly = isinstance(error, ScopeMissing) and allows("notices", mailbox.scopes)
        if mailbox.health.code not in NEEDS_RECONNECT and not partly:
            code = error.code if error.code in NEEDS_RECONNECT else "grant_lost"
            try:
                mailboxes.update(replace(mailbox, health=Health(code, clock.now())), "health")
                log.event("mailbox.needs_reconnect", "WARNING", mailbox=mailbox.id, code=code)
            except NotFound:
                # Disconnected meanwhile: there is nothing left to mark.
                log.event("mailbox.gone", mailbox=mailbox.id)
        raise
