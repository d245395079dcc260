"""What is written about a mailbox beside its row, by who has read the row before: it may come after the end."""

from typing import Protocol

from shared.domain.mailbox import Mailbox
from shared.ports.mailboxes import MailboxStore
from shared.ports.sharing import AuditStore, ShareStore


class EraseServices(Protocol):
    """What holds picks and the audit: part of what those have who write them."""

    @property
    def mailboxes(self) -> MailboxStore: ...

    @property
    def shares(self) -> ShareStore: ...

    @property
    def audit(self) -> AuditStore: ...


def erase_if_left(mailbox: Mailbox, services: EraseServices) -> bool:
    """To be called after such a write: where the owner has left meanwhile, it is erased once more. One read.

    Who leaves marks the row first and erases then: either that erasing finds what was written, or we see the mark.
    """
    current = services.mailboxes.get(mailbox.id)
    if current is not None and current.leaving is None:
        return False
    services.shares.delete_all(mailbox.id)
    services.audit.erase_owner(mailbox.org, mailbox.user)
    return True
