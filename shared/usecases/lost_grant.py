"""When Google ends a consent, or is ill, in the middle of work: the mailbox says so once, and raises on."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from shared.domain.audit import found_at_google
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.domain.scopes import allows
from shared.errors import AppError, GrantLost, NotFound, ScopeMissing, UpstreamDown
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.mailboxes import MailboxStore
from shared.usecases.note_health import note_failure, note_success
from shared.usecases.same_consent import update_same_consent


@contextmanager
def noting_lost_grant(mailbox: Mailbox, mailboxes: MailboxStore, clock: Clock, log: Log) -> Iterator[None]:
    """Runs a block of calls to Gmail; what it tells about the mailbox's health is written, one write where it changes.

    A lost grant ends all work until the owner connects again; what passes by itself is cleared by the next success.
    """
    try:
        yield
    except GrantLost as error:
        # A feature that was not allowed stops by itself; the others go on.
        partly = isinstance(error, ScopeMissing) and allows("notices", mailbox.scopes)
        if mailbox.health.code not in NEEDS_RECONNECT and not partly:
            note_lost_grant(mailbox, error, mailboxes, clock, log)
        raise
    except AppError as error:
        # The error at hand is the one to tell, whatever becomes of the note.
        with suppress(UpstreamDown):
            note_failure(mailbox, error, mailboxes, clock, log)
        raise
    with suppress(UpstreamDown):
        note_success(mailbox, mailboxes, clock, log)


def note_lost_grant(
    mailbox: Mailbox, error: GrantLost, mailboxes: MailboxStore, clock: Clock, log: Log
) -> None:
    """Writes that a mailbox needs a reconnect, and why, with the audit's entry, unless the owner has connected
    again meanwhile: one commit.
    """
    code = error.code if error.code in NEEDS_RECONNECT else "grant_lost"
    try:
        now = clock.now()
        told = found_at_google(mailbox, "grant.lost", now, health=(mailbox.health.code, code))
        lost = replace(mailbox, health=Health(code, now))
        if update_same_consent(lost, mailboxes, "health", audit=[told]):
            log.event("mailbox.needs_reconnect", "WARNING", mailbox=mailbox.id, code=code)
    except NotFound:
        # Disconnected meanwhile: there is nothing left to mark.
        log.event("mailbox.gone", mailbox=mailbox.id)
    except UpstreamDown:
        # The store, or the topic that announces it, does not answer; the next call meets the same and writes it.
        log.event("mailbox.not_marked", "WARNING", mailbox=mailbox.id, code=code)
