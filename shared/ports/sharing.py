"""What was shared by hand, and the audit."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.audit import AuditEntry
from shared.domain.share import Share


class ShareStore(Protocol):
    """Custom picks, by mailbox and contact."""

    def get(self, mailbox: str, contact_id: str) -> Share | None: ...

    def put(self, share: Share, *audit: AuditEntry) -> Share:
        """Keeps a pick together with its audit entries, and answers it; one that is there stays as it is."""
        ...

    def delete(self, mailbox: str, contact_id: str, *audit: AuditEntry) -> bool:
        """Ends a pick together with its audit entries; False (and no entry) if there was none."""
        ...

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[tuple[str, Share]]:
        """Picks of a mailbox with their document ids, in the order of these, following the id `after`."""
        ...

    def mailboxes_for(self, org: str, contact_id: str) -> frozenset[str]:
        """Ids of the mailboxes whose owners picked this contact. One query, one read a pick, at least one."""
        ...

    def picked(self, mailbox: str, contact_ids: Collection[str]) -> frozenset[str]:
        """Which of these contacts the owner picked: one read each, one round trip."""
        ...

    def delete_all(self, mailbox: str) -> int: ...


class AuditStore(Protocol):
    """The audit. What changes a store is written by that store in the same commit; this one reads, and notes views."""

    def add(self, entry: AuditEntry) -> None:
        """Writes an entry; one with the same id is overwritten."""
        ...

    def page_of_org(self, org: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[AuditEntry]:
        """Newest first, older than the entry that `before` names. One query, one read an entry."""
        ...

    def page_of_owner(
        self, org: str, owner: str, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[AuditEntry]:
        """As above, of one mailbox, with the colleagues' views."""
        ...

    def erase_owner(self, org: str, owner: str) -> int:
        """Erases what the audit holds about a mailbox, but for its connecting and leaving; answers how much."""
        ...
