"""Picks and the audit in memory, each held to the same contract as its Firestore twin (tests/contracts)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.audit import KEPT_AFTER_LEAVING, OWNER_ONLY, AuditEntry, without_owner
from shared.domain.share import Share


@dataclass
class FakeAudit:
    """AuditStore; what other fakes write with their rows comes in through `written`."""

    of_org: list[AuditEntry] = field(default_factory=list)
    of_owner: list[AuditEntry] = field(default_factory=list)

    def add(self, entry: AuditEntry) -> None:
        self.written(entry)

    def written(self, *entries: AuditEntry) -> None:
        """What a store commits with a change."""
        for entry in entries:
            if entry.action not in OWNER_ONLY:
                kept = without_owner(entry) if entry.action == "mailbox.disconnected" else entry
                self.of_org = [e for e in self.of_org if e.id != entry.id] + [kept]
            if entry.owner is not None and entry.action != "mailbox.disconnected":
                self.of_owner = [e for e in self.of_owner if e.id != entry.id] + [entry]

    def page_of_org(self, org: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[AuditEntry]:
        return _page([entry for entry in self.of_org if entry.org == org], before, limit)

    def page_of_owner(
        self, org: str, owner: str, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[AuditEntry]:
        theirs = [entry for entry in self.of_owner if (entry.org, entry.owner) == (org, owner)]
        return _page(theirs, before, limit)

    def erase_owner(self, org: str, owner: str) -> int:
        def is_theirs(entry: AuditEntry) -> bool:
            return (entry.org, entry.owner) == (org, owner)

        erased = sum(is_theirs(entry) for entry in self.of_owner)
        self.of_owner = [entry for entry in self.of_owner if not is_theirs(entry)]
        kept = [e for e in self.of_org if not is_theirs(e) or e.action in KEPT_AFTER_LEAVING]
        self.of_org = [without_owner(e) if is_theirs(e) else e for e in kept]
        return erased


@dataclass
class FakeShares:
    """ShareStore; rows by mailbox and contact."""

    audit: FakeAudit = field(default_factory=FakeAudit)
    rows: dict[tuple[str, str], Share] = field(default_factory=dict)

    def get(self, mailbox: str, contact_id: str) -> Share | None:
        return self.rows.get((mailbox, contact_id))

    def put(self, share: Share, *audit: AuditEntry) -> Share:
        key = (share.mailbox, share.contact_id)
        if key not in self.rows:
            self.rows[key] = share
            self.audit.written(*audit)
        return self.rows[key]

    def delete(self, mailbox: str, contact_id: str, *audit: AuditEntry) -> bool:
        if self.rows.pop((mailbox, contact_id), None) is None:
            return False
        self.audit.written(*audit)
        return True

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[tuple[str, Share]]:
        rows = sorted((share.contact_id, share) for share in self.rows.values() if share.mailbox == mailbox)
        return [row for row in rows if row[0] > (after or "")][:limit]

    def mailboxes_for(self, org: str, contact_id: str) -> frozenset[str]:
        wanted = (org, contact_id)
        return frozenset(s.mailbox for s in self.rows.values() if (s.org, s.contact_id) == wanted)

    def picked(self, mailbox: str, contact_ids: Collection[str]) -> frozenset[str]:
        return frozenset(contact for contact in contact_ids if (mailbox, contact) in self.rows)

    def delete_all(self, mailbox: str) -> int:
        keys = [key for key in self.rows if key[0] == mailbox]
        for key in keys:
            del self.rows[key]
        return len(keys)


def _page(
    entries: Sequence[AuditEntry], before: tuple[datetime, str] | None, limit: int
) -> Sequence[AuditEntry]:
    newest_first = sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)
    return [entry for entry in newest_first if before is None or (entry.at, entry.id) < before][:limit]
