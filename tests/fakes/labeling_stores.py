"""The labeler's stores in memory, each held to the same contract as its Firestore twin."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from shared.domain.label_run import LabelRun
from shared.domain.labeling_row import LabelingRow, org_key
from shared.domain.labels import Deed
from shared.domain.notice import Notice
from shared.errors import Stale
from shared.ports.labeling import CrmCursor


def _numbers() -> Callable[[], int]:
    numbers = count(1)
    return lambda: next(numbers)


@dataclass
class FakeLabelings:
    """LabelingStore."""

    rows: dict[str, LabelingRow] = field(default_factory=dict)
    _next_version: Callable[[], int] = field(default_factory=_numbers)

    def get(self, mailbox: str) -> LabelingRow | None:
        return self.rows.get(mailbox)

    def begin(self, mailbox: str, org: str) -> None:
        if mailbox in self.rows:
            again = {"backfill": True, "backfill_before": "", "backfill_left": (), "backfill_more": False}
            self._write(mailbox, **again, work=True, held=False, confirmed=False, refused={})
        else:
            self.rows[mailbox] = LabelingRow(mailbox, org, work=True, version=self._next_version())

    def save(self, row: LabelingRow) -> LabelingRow:
        self._check(row)
        self.rows[row.mailbox] = replace(
            row, contacts=self.rows[row.mailbox].contacts, version=self._next_version()
        )
        return self.rows[row.mailbox]

    def add_contacts(self, row: LabelingRow, keys: Collection[str]) -> object:
        self._check(row)
        return self._write(row.mailbox, contacts=self.rows[row.mailbox].contacts | frozenset(keys)).version

    def mark_changed(self, mailbox: str, since: datetime) -> None:
        row = self.rows.get(mailbox)
        if row is not None:
            earliest = min(since, row.changed_since) if row.changed_since else since
            self._write(mailbox, changed_since=earliest, work=not row.held)

    def wake(self, mailbox: str) -> None:
        if mailbox in self.rows:
            self._write(mailbox, work=True)

    def confirm(self, mailbox: str, org: str) -> bool:
        row = self.rows.get(mailbox)
        if row is None or row.org != org or not row.held:
            return False
        self._write(mailbox, held=False, confirmed=True, work=True)
        return True

    def holding(self, keys: Sequence[str]) -> Sequence[str]:
        assert 0 < len(keys) <= 30
        return [row.mailbox for row in self.rows.values() if row.contacts & set(keys)]

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids(lambda row: row.work, limit, after)

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids(lambda row: row.org == org, limit, after)

    def delete(self, mailbox: str) -> int:
        return 1 if self.rows.pop(mailbox, None) else 0

    def _ids(self, wanted: Callable[[LabelingRow], bool], limit: int, after: str | None) -> Sequence[str]:
        return sorted(m for m, row in self.rows.items() if wanted(row) and m > (after or ""))[:limit]

    def _check(self, row: LabelingRow) -> None:
        kept = self.rows.get(row.mailbox)
        if kept is None or kept.version != row.version:
            raise Stale("The record changed meanwhile.")

    def _write(self, mailbox: str, **changes: Any) -> LabelingRow:
        self.rows[mailbox] = replace(self.rows[mailbox], **changes, version=self._next_version())
        return self.rows[mailbox]


@dataclass
class FakeLabelRuns:
    """LabelRunStore."""

    rows: dict[str, dict[str, LabelRun]] = field(default_factory=dict)

    def put(self, mailbox: str, run: LabelRun) -> None:
        self.rows.setdefault(mailbox, {})[run.id] = run

    def get(self, mailbox: str, run: str) -> LabelRun | None:
        return self.rows.get(mailbox, {}).get(run)

    def page(self, mailbox: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[LabelRun]:
        rows = sorted(self._of(mailbox), key=lambda run: (run.started_at, run.id), reverse=True)
        return [run for run in rows if before is None or (run.started_at, run.id) < before][:limit]

    def since(
        self, mailbox: str, since: datetime, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[LabelRun]:
        rows = sorted(self._of(mailbox), key=lambda run: (run.started_at, run.id))
        found = [run for run in rows if run.started_at >= since]
        return [run for run in found if after is None or (run.started_at, run.id) > after][:limit]

    def last_deeds(self, mailbox: str, message_ids: Collection[str]) -> Mapping[str, Deed]:
        last: dict[str, Deed] = {}
        for run in sorted(self._of(mailbox), key=lambda run: run.started_at):
            last |= {deed.message_id: deed for deed in run.certain if deed.message_id in message_ids}
        return last

    def unsettled(self, mailbox: str) -> Sequence[LabelRun]:
        return sorted((run for run in self._of(mailbox) if run.doubtful), key=lambda run: run.started_at)

    def has_any(self, mailbox: str) -> bool:
        return bool(self._of(mailbox))

    def delete_all(self, mailbox: str) -> int:
        return len(self.rows.pop(mailbox, {}))

    def _of(self, mailbox: str) -> list[LabelRun]:
        return list(self.rows.get(mailbox, {}).values())


@dataclass
class FakeCrmCursors:
    """CrmCursorStore."""

    rows: dict[str, CrmCursor] = field(default_factory=dict)
    _next_version: Callable[[], int] = field(default_factory=_numbers)

    def get(self, org: str) -> CrmCursor | None:
        return self.rows.get(org_key(org))

    def begin(self, cursor: CrmCursor) -> None:
        self.save(self.rows.get(org_key(cursor.org), cursor))

    def save(self, cursor: CrmCursor) -> None:
        self.rows[org_key(cursor.org)] = replace(cursor, version=self._next_version())

    def end(self, cursor: CrmCursor) -> bool:
        kept = self.rows.get(org_key(cursor.org))
        if kept is None or kept.version != cursor.version:
            return False
        del self.rows[org_key(cursor.org)]
        return True

    def orgs(self, limit: int, after: str | None = None) -> Sequence[tuple[str, str]]:
        rows = sorted((key, cursor.org) for key, cursor in self.rows.items() if key > (after or ""))
        return rows[:limit]


@dataclass
class FakeSenderNotices:
    """SenderNotices over the notices of FakeNotices: `rows` are its, by mailbox and message id."""

    rows: Mapping[str, Mapping[str, Notice]]

    def from_senders(self, mailbox: str, senders: Collection[str], since: datetime) -> Sequence[Notice]:
        kept = self.rows.get(mailbox, {}).values()
        return [n for n in kept if n.sender in senders and n.received_at >= since]
