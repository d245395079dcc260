"""Mailbox rows whose turning points the CRM hears of: connected, ill or well, needs a reconnect, disconnected."""

import hashlib
from collections.abc import Callable, Collection
from contextlib import suppress

from shared.adapters.firestore.documents import Documents
from shared.adapters.firestore.mailboxes import FirestoreMailboxes
from shared.domain.audit import AuditEntry
from shared.domain.connection import SealedToken
from shared.domain.event import EventType
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.errors import AppError

Announce = Callable[[Mailbox, EventType, str], object]
"""Mailbox, what has happened to it, and what tells this turn from any other."""


class AnnouncedMailboxes(FirestoreMailboxes):
    """Announces before it writes: who dies in between does the same again. One place, so that no writer forgets it.

    A grant that is written is connecting; a health that asks for a reconnect is written once, when it begins. What
    `announce` raises goes up, and the row stays as it was: the next attempt meets the same, and tells of it as the same
    turn, because a turn is named by the consent that is kept, or by the health that it ends: one read more.
    """

    def __init__(self, documents: Documents, announce: Announce) -> None:
        super().__init__(documents)
        self._announce = announce

    def create(self, mailbox: Mailbox, *audit: AuditEntry, grant: SealedToken | None = None) -> Mailbox:
        self._announce(mailbox, "mailbox.connected", _of_consent(mailbox, grant))
        return super().create(mailbox, *audit, grant=grant)

    def update(
        self,
        mailbox: Mailbox,
        *fields: str,
        if_unchanged: bool = False,
        audit: Collection[AuditEntry] = (),
        grant: SealedToken | None = None,
    ) -> Mailbox:
        if grant is not None:
            if if_unchanged:
                # What will not be written must not be told.
                self.current(mailbox)
            self._announce(mailbox, "mailbox.connected", _of_consent(mailbox, grant))
        elif "health" in fields:
            known = self.current(mailbox) if if_unchanged else self.get(mailbox.id)
            if known is not None and known.health.code != mailbox.health.code:
                self._announce_health(known.health, mailbox)
        return super().update(mailbox, *fields, if_unchanged=if_unchanged, audit=audit, grant=grant)

    def delete(self, mailbox: str, *audit: AuditEntry, version: object = None) -> int:
        row = self.get(mailbox)
        if row is not None and version in (None, row.version):
            self._announce(row, "mailbox.disconnected", _of_leaving(row))
        return super().delete(mailbox, *audit, version=version)

    def _announce_health(self, before: Health, mailbox: Mailbox) -> None:
        turn = f"{before.code} {before.since} {mailbox.health.code}"
        if mailbox.health.code in NEEDS_RECONNECT:
            self._announce(mailbox, "mailbox.needs_reconnect", turn)
            return
        # The row says it too: a watch is not left to lapse because its illness could not be announced.
        with suppress(AppError):
            self._announce(mailbox, "mailbox.health", turn)


def _of_consent(mailbox: Mailbox, grant: SealedToken | None) -> str:
    return hashlib.sha256(grant.nonce).hexdigest() if grant else str(mailbox.granted_at)


def _of_leaving(mailbox: Mailbox) -> str:
    return str(mailbox.leaving.since if mailbox.leaving else mailbox.granted_at)
