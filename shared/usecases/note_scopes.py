"""When Google's answer to a refresh names other scopes than the mailbox row: the row and its health follow."""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.domain.scopes import Feature, allows
from shared.errors import NotFound
from shared.log import Log
from shared.ports import Clock, MailboxStore


def note_scopes(
    mailbox: Mailbox, granted: Sequence[str], mailboxes: MailboxStore, clock: Clock, log: Log
) -> None:
    """Writes the granted scopes, and the health that they lead to: one write."""
    after = replace(mailbox, scopes=tuple(granted))
    code = health_of(after)
    if code != mailbox.health.code:
        after = replace(after, health=Health(code, clock.now()))
    try:
        mailboxes.update(after, "scopes", "health")
    except NotFound:
        # Disconnected meanwhile: there is nothing left to note.
        return
    log.event("mailbox.scopes_changed", "WARNING", mailbox=mailbox.id, code=code)


def health_of(mailbox: Mailbox) -> str:
    """`scope_missing` where no mail can be reached, `scope_partly_missing` where a feature in use stops."""
    if not allows("notices", mailbox.scopes):
        return "scope_missing"
    used: dict[Feature, bool] = {
        "notices": mailbox.settings.mailmagnet,
        "read": True,
        "labels": mailbox.settings.labels,
    }
    stopped = [feature for feature, on in used.items() if on and not allows(feature, mailbox.scopes)]
    if stopped:
        return "scope_partly_missing"
    return "ok" if mailbox.health.code in NEEDS_RECONNECT | {"scope_partly_missing"} else mailbox.health.code
