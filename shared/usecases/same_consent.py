"""Writing what the use of a consent has told, and never over a newer consent's row.

An `invalid_grant` of an old consent may come after the owner has connected again; it must not end the new one.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from shared.domain.audit import AuditEntry
from shared.domain.mailbox import Mailbox
from shared.errors import Stale
from shared.ports.mailboxes import MailboxStore

ATTEMPTS: Final = 4


def update_same_consent(
    mailbox: Mailbox, mailboxes: MailboxStore, *fields: str, audit: Collection[AuditEntry] = ()
) -> bool:
    """Writes the named fields, and answers whether the mailbox still lives on the consent that was used.

    One write, and two calls more for each other write that came between. Raises NotFound if the row is gone.
    """
    told = {name: getattr(mailbox, name) for name in fields}
    current: Mailbox | None = mailbox
    for _ in range(ATTEMPTS):
        if current is None or current.granted_at != mailbox.granted_at:
            return False
        try:
            mailboxes.update(replace(current, **told), *fields, if_unchanged=True, audit=audit)
            return True
        except Stale:
            current = mailboxes.get(mailbox.id)
    return False
