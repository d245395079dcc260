"""Mailbox rows whose turning points the CRM hears of: connected, ill or well, needs a reconnect, disconnected."""

from collections.abc import Callable, Collection
from contextlib import suppress

from shared.adapters.firestore.documents import Documents
from shared.adapters.firestore.mailboxes import FirestoreMailboxes
from shared.domain.audit import AuditEntry
from shared.domain.connection import SealedToken
from shared.domain.event import EventType
from shared.domain.mailbox import NEEDS_RECONNECT, Mailbox
from shared.errors import AppError

Announce = Callable[[Mailbox, EventType], object]


class AnnouncedMailboxes(FirestoreMailboxes):
    """Announces before it writes: who dies in between does the same again. One place, so that no writer forgets it.

    A grant that is written is connecting; a health that asks for a reconnect is written once, when it begins. What
    `announce` raises goes up, and the row stays as it was: the next attempt meets the same.
    """

    def __init__(self, documents: Documents, announce: Announce) -> None:
        super().__init__(documents)
        self._announce = announce

    def create(self, mailbox: Mailbox, *audit: AuditEntry, grant: SealedToken | None = None) -> Mailbox:
        self._announce(mailbox, "mailbox.connected")
        return super().create(mailbox, *audit, grant=grant)

    def update(
        self,
        mailbox: Mailbox,
        *fields: str,
        if_unchanged: bool = False,
        audit: Collection[AuditEntry] = (),
        grant: SealedToken | None = None,
    ) -> Mailbox:
        if if_unchanged and (grant is not None or "health" in fields):
            # What will not be written must not be told.
            self.check_unchanged(mailbox)
        if grant is not None:
            self._announce(mailbox, "mailbox.connected")
        elif "health" in fields and mailbox.health.code in NEEDS_RECONNECT:
            self._announce(mailbox, "mailbox.needs_reconnect")
        elif "health" in fields:
            # The row says it too: a watch is not left to lapse because its illness could not be announced.
            with suppress(AppError):
                self._announce(mailbox, "mailbox.health")
        return super().update(mailbox, *fields, if_unchanged=if_unchanged, audit=audit, grant=grant)

    def delete(self, mailbox: str, *audit: AuditEntry, version: object = None) -> int:
        row = self.get(mailbox)
        if row is not None and version in (None, row.version):
            self._announce(row, "mailbox.disconnected")
        return super().delete(mailbox, *audit, version=version)
