"""The store of keys of sent mail in memory, held to the same contract as its Firestore twin."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from shared.domain.sending import SendRecord
from shared.errors import Stale


@dataclass
class FakeSends:
    """SendStore. Safe under threads."""

    rows: dict[tuple[str, str], SendRecord] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _versions: "count[int]" = field(default_factory=lambda: count(1))

    def get(self, mailbox: str, record: str) -> SendRecord | None:
        return self.rows.get((mailbox, record))

    def create(self, mailbox: str, record: SendRecord) -> SendRecord | None:
        with self._lock:
            if (mailbox, record.id) in self.rows:
                return None
            return self._write(mailbox, record)

    def save(self, mailbox: str, record: SendRecord) -> SendRecord:
        with self._lock:
            known = self.rows.get((mailbox, record.id))
            if known is None or known.version != record.version:
                raise Stale("The record changed meanwhile.")
            return self._write(mailbox, record)

    def delete(self, mailbox: str, record: str) -> int:
        return 1 if self.rows.pop((mailbox, record), None) else 0

    def open_ones(self, mailbox: str, limit: int) -> Sequence[SendRecord]:
        rows = [row for (owner, _), row in self.rows.items() if owner == mailbox]
        left = [row for row in rows if row.is_open]
        return sorted(left, key=lambda row: row.id)[:limit]

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[SendRecord]:
        rows = [row for (owner, _), row in self.rows.items() if owner == mailbox and row.id > (after or "")]
        return sorted(rows, key=lambda row: row.id)[:limit]

    def count(self, mailbox: str) -> int:
        return sum(owner == mailbox for owner, _ in self.rows)

    def delete_all(self, mailbox: str) -> int:
        gone = [key for key in self.rows if key[0] == mailbox]
        for key in gone:
            del self.rows[key]
        return len(gone)

    def _write(self, mailbox: str, record: SendRecord) -> SendRecord:
        self.rows[mailbox, record.id] = replace(record, version=next(self._versions))
        return self.rows[mailbox, record.id]
