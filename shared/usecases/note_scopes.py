"""What Google's answer to a refresh tells: the scopes that are granted now, and that the consent is in use."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.domain.audit import AuditEntry, found_at_google
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.domain.scopes import Feature, allows
from shared.errors import NotFound
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.mailboxes import MailboxStore
from shared.usecases.same_consent import update_same_consent

NOTED_EVERY: Final = timedelta(days=30)
"""That a consent is in use is written so seldom: it is told of only months later."""


def note_scopes(
    mailbox: Mailbox, granted: Sequence[str], mailboxes: MailboxStore, clock: Clock, log: Log
) -> None:
    """Writes the granted scopes where they are others than before, with the health that they lead to and the audit's
    entry: one commit.

    Else at most one write a month, of when the consent was used.
    """
    now = clock.now()
    if set(granted) == set(mailbox.scopes):
        used = mailbox.refreshed_at or mailbox.granted_at or mailbox.connected_at
        if now - used >= NOTED_EVERY:
            _update(replace(mailbox, refreshed_at=now), mailboxes, "refreshed_at")
        return
    after = replace(mailbox, scopes=tuple(granted), refreshed_at=now)
    code = health_of(after, mailbox.scopes)
    if code != mailbox.health.code:
        after = replace(after, health=Health(code, now))
    changes = {"scopes": (mailbox.scopes, after.scopes), "health": (mailbox.health.code, code)}
    told = found_at_google(mailbox, "grant.scopes_changed", now, **changes)
    if _update(after, mailboxes, "scopes", "health", "refreshed_at", audit=[told]):
        log.event("mailbox.scopes_changed", "WARNING", mailbox=mailbox.id, code=code)


def _update(
    mailbox: Mailbox, mailboxes: MailboxStore, *fields: str, audit: Collection[AuditEntry] = ()
) -> bool:
    try:
        return update_same_consent(mailbox, mailboxes, *fields, audit=audit)
    except NotFound:
        # Disconnected meanwhile: there is nothing left to note.
        return False


def health_of(mailbox: Mailbox, before: Collection[str] = ()) -> str:
    """`scope_missing` where no mail can be reached, `scope_partly_missing` where a feature in use stops.

    In use is what the settings say and, of reading and writing, what the scopes `before` allowed.
    """
    if not allows("notices", mailbox.scopes):
        return "scope_missing"
    used: dict[Feature, bool] = {
        "notices": mailbox.settings.mailmagnet,
        "read": allows("read", before),
        "send": allows("send", before),
        "labels": mailbox.settings.labels,
    }
    if any(on and not allows(feature, mailbox.scopes) for feature, on in used.items()):
        return "scope_partly_missing"
    return "ok" if mailbox.health.code in NEEDS_RECONNECT | {"scope_partly_missing"} else mailbox.health.code
