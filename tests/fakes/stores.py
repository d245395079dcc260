"""The stores in memory, each held to the same contract as its Firestore twin (tests/contracts/test_*_port.py)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from shared.domain.audit import AuditEntry
from shared.domain.connection import Connection, SealedToken
from shared.domain.mailbox import Mailbox
from shared.domain.notice import Notice
from shared.domain.policy import Policy
from shared.domain.recount import Recount
from shared.domain.sync import SyncState, hour_of
from shared.errors import Conflict, NotFound, Stale, TryAgain
from tests.fakes.sharing_stores import FakeAudit


def _numbers() -> Callable[[], int]:
    numbers = count(1)
    return lambda: next(numbers)


@dataclass
class FakeGrants:
    """GrantStore."""

    rows: dict[str, SealedToken] = field(default_factory=dict)

    def get(self, mailbox: str) -> SealedToken | None:
        return self.rows.get(mailbox)

    def put(self, mailbox: str, token: SealedToken) -> None:
        self.rows[mailbox] = token

    def delete(self, mailbox: str) -> int:
        return 1 if self.rows.pop(mailbox, None) else 0


@dataclass
class FakeMailboxes:
    """MailboxStore. `audit` and `grants` take the entries and grants that are written with rows."""

    rows: dict[str, Mailbox] = field(default_factory=dict)
    audit: FakeAudit = field(default_factory=FakeAudit)
    grants: FakeGrants = field(default_factory=FakeGrants)
    _next_version: Callable[[], int] = field(default_factory=_numbers)

    def get(self, mailbox: str) -> Mailbox | None:
        return self.rows.get(mailbox)

    def by_email(self, email: str) -> Sequence[Mailbox]:
        return [row for row in self.rows.values() if row.email == email]

    def of_org(self, org: str) -> Sequence[Mailbox]:
        return [row for row in self.rows.values() if row.org == org]

    def get_many(self, mailboxes: Collection[str]) -> Sequence[Mailbox]:
        return [self.rows[mailbox] for mailbox in sorted(mailboxes) if mailbox in self.rows]

    def page_of_org(self, org: str, after: str | None, limit: int) -> Sequence[Mailbox]:
        rows = sorted(self.of_org(org), key=lambda row: row.id)
        return [row for row in rows if row.id > (after or "")][:limit]

    def watch_ending(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        return self._between("watch_expires_at", after, before)

    def refreshed_between(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        return self._between("refreshed_at", after, before)

    def granted_between(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        return self._between("granted_at", after, before)

    def _between(self, field: str, after: datetime, before: datetime) -> Sequence[Mailbox]:
        rows = [(moment, row.id) for row in self.rows.values() if (moment := getattr(row, field)) is not None]
        return [self.rows[identifier] for moment, identifier in sorted(rows) if after < moment < before]

    def leaving(self, limit: int) -> Sequence[Mailbox]:
        rows = [row for row in self.rows.values() if row.leaving is not None]
        return sorted(rows, key=lambda row: row.leaving.since if row.leaving else None)[:limit]  # type: ignore[arg-type,return-value]

    def with_sharing(self, org: str, sharing: str) -> Sequence[Mailbox]:
        return [row for row in self.of_org(org) if row.settings.sharing == sharing]

    def create(self, mailbox: Mailbox, *audit: AuditEntry, grant: SealedToken | None = None) -> Mailbox:
        if mailbox.id in self.rows:
            raise Conflict("There is such a record already.", code="exists")
        self.rows[mailbox.id] = created = replace(mailbox, version=self._next_version())
        self._written(mailbox.id, grant, audit)
        return created

    def update(
        self,
        mailbox: Mailbox,
        *fields: str,
        if_unchanged: bool = False,
        audit: Collection[AuditEntry] = (),
        grant: SealedToken | None = None,
    ) -> Mailbox:
        kept = self.rows.get(mailbox.id)
        if kept is None:
            raise NotFound("There is no such record.")
        if if_unchanged and kept.version != mailbox.version:
            raise Stale("The record changed meanwhile.")
        version = self._next_version()
        changes: dict[str, Any] = {name: getattr(mailbox, name) for name in fields}
        self.rows[mailbox.id] = replace(kept, **changes, version=version)
        self._written(mailbox.id, grant, audit)
        return replace(mailbox, version=version)

    def _written(self, mailbox: str, grant: SealedToken | None, audit: Collection[AuditEntry]) -> None:
        if grant is not None:
            self.grants.put(mailbox, grant)
        self.audit.written(*audit)

    def delete(self, mailbox: str, *audit: AuditEntry, version: object = None) -> int:
        kept = self.rows.get(mailbox)
        if kept is None:
            return 0
        if version not in (None, kept.version):
            raise Stale("The record changed meanwhile.")
        del self.rows[mailbox]
        self.grants.delete(mailbox)
        self.audit.written(*audit)
        return 1


@dataclass
class FakeSyncs:
    """SyncStore."""

    rows: dict[str, SyncState] = field(default_factory=dict)
    _next_version: Callable[[], int] = field(default_factory=_numbers)

    def get(self, mailbox: str) -> SyncState | None:
        return self.rows.get(mailbox)

    def create(self, state: SyncState) -> None:
        if state.mailbox not in self.rows:
            self.rows[state.mailbox] = replace(state, version=self._next_version())

    def save(self, state: SyncState) -> SyncState:
        kept = self.rows.get(state.mailbox)
        if kept is None or kept.version != state.version:
            raise TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")
        saved = replace(state, version=self._next_version())
        self.rows[state.mailbox] = saved
        return saved

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids(lambda state: state.has_work or state.lease_owner is not None, limit, after)

    def in_slot(self, slot: int, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids(lambda state: state.slot == slot, limit, after)

    def in_hour(self, hour: int, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids(lambda state: hour_of(state.mailbox) == hour, limit, after)

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids(lambda state: state.org == org, limit, after)

    def unannounced(self, limit: int) -> Sequence[str]:
        return [row.org for _, row in sorted(self.rows.items()) if row.unannounced][:limit]

    def delete(self, mailbox: str, version: object = None) -> int:
        kept = self.rows.get(mailbox)
        if kept is not None and version not in (None, kept.version):
            raise Stale("The record changed meanwhile.")
        return 1 if self.rows.pop(mailbox, None) else 0

    def _ids(self, wanted: Callable[[SyncState], bool], limit: int, after: str | None) -> Sequence[str]:
        return sorted(id for id, row in self.rows.items() if wanted(row) and id > (after or ""))[:limit]


@dataclass
class FakeNotices:
    """NoticeStore; rows by mailbox and message. `syncs` holds the rows that notices are written with."""

    syncs: FakeSyncs = field(default_factory=FakeSyncs)
    rows: dict[str, dict[str, Notice]] = field(default_factory=dict)
    marks_of: dict[str, set[str]] = field(default_factory=dict)
    recounts: dict[str, Recount] = field(default_factory=dict)

    def keep_with(
        self, state: SyncState, notices: Sequence[Notice], recount: Recount | None = None
    ) -> tuple[SyncState, int]:
        saved = self.syncs.save(state)
        if recount is not None:
            self.recounts[state.mailbox] = recount
        rows = self.rows.setdefault(state.mailbox, {}) if notices else {}
        before = len(rows)
        for notice in notices:
            rows.setdefault(notice.message_id, notice)
        return saved, len(rows) - before

    def get_many(self, mailbox: str, message_ids: Sequence[str]) -> Sequence[Notice]:
        rows = self.rows.get(mailbox, {})
        return [rows[message_id] for message_id in message_ids if message_id in rows]

    def page(
        self, mailbox: str, *, since: datetime | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Notice]:
        newest_first = sorted(self.rows.get(mailbox, {}).values(), key=_position, reverse=True)
        wanted = [
            notice
            for notice in newest_first
            if (since is None or notice.received_at >= since)
            and (before is None or _position(notice) < before)
        ]
        return wanted[:limit]

    def read_marks(self, mailbox: str, message_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(message_ids) & self.marks_of.get(mailbox, set())

    def marks(self, mailbox: str, after: str | None, limit: int) -> Sequence[str]:
        return [one for one in sorted(self.marks_of.get(mailbox, ())) if one > (after or "")][:limit]

    def mark_read(self, mailbox: str, notice: Notice) -> None:
        if notice.message_id not in self.rows.get(mailbox, {}):
            raise NotFound("There is no such record.")
        self.marks_of.setdefault(mailbox, set()).add(notice.message_id)

    def count(self, mailbox: str) -> int:
        return len(self.rows.get(mailbox, {}))

    def recount(self, mailbox: str) -> Recount | None:
        return self.recounts.get(mailbox)

    def delete_all(self, mailbox: str) -> int:
        self.marks_of.pop(mailbox, None)
        self.recounts.pop(mailbox, None)
        return len(self.rows.pop(mailbox, {}))


def _position(notice: Notice) -> tuple[datetime, str]:
    return notice.received_at, notice.message_id


@dataclass
class FakeConnections:
    """ConnectionStore."""

    rows: dict[str, Connection] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)
    _next_version: Callable[[], int] = field(default_factory=_numbers)

    def create(self, connection: Connection) -> None:
        if connection.id in self.rows:
            raise Conflict("There is such a record already.", code="exists")
        self.rows[connection.id] = replace(connection, version=self._next_version())

    def get(self, connection: str) -> Connection | None:
        return self.rows.get(connection)

    def save(self, connection: Connection) -> Connection:
        kept = self.rows.get(connection.id)
        if kept is None:
            raise NotFound("There is no such record.")
        if kept.version != connection.version:
            raise Stale("The record changed meanwhile.")
        self.rows[connection.id] = saved = replace(connection, version=self._next_version())
        return saved

    def delete(self, connection: str) -> bool:
        return self.rows.pop(connection, None) is not None

    def of_user(self, org: str, user: str) -> Sequence[Connection]:
        return [row for row in self.rows.values() if (row.org, row.user) == (org, user)]

    def expired(self, now: datetime, limit: int) -> Sequence[Connection]:
        return [row for row in self.rows.values() if row.expires_at <= now][:limit]

    def note_end(self, google_sub: str, until: datetime) -> None:
        self.ended[google_sub] = until

    def is_ending(self, google_sub: str, now: datetime) -> bool:
        return google_sub in self.ended and self.ended[google_sub] > now


@dataclass
class FakeOrgs:
    """OrgStore."""

    rows: dict[str, Policy] = field(default_factory=dict)
    audit: FakeAudit = field(default_factory=FakeAudit)

    def get(self, org: str) -> Policy:
        return self.rows.get(org, Policy())

    def put(self, org: str, policy: Policy, *audit: AuditEntry) -> None:
        self.rows[org] = policy
        self.audit.written(*audit)

    def get_with_version(self, org: str) -> tuple[Policy, object]:
        return self.get(org), self.rows.get(org)

    def replace(self, org: str, policy: Policy, version: object, *audit: AuditEntry) -> None:
        if self.rows.get(org) is not version:
            raise Stale("The policy was changed meanwhile; read it again.")
        self.put(org, policy, *audit)
