"""Notices (`mailboxes/{mailbox}/notices/{message}`) and beside them `reads/{message}` and `recounts/last`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from shared.adapters.firestore.documents import (
    Document,
    Documents,
    Write,
    field_filter,
    known_moment,
    moment,
)
from shared.adapters.firestore.syncs import sync_write
from shared.domain.notice import Notice
from shared.domain.recount import Recount
from shared.domain.sync import SyncState
from shared.errors import Conflict, NotFound, Stale, TryAgain
from shared.ports.clock import Clock

RETENTION: Final = timedelta(days=90)
ATTEMPTS: Final = 3
"""How often a commit is made that meets notices which were there before; only the holder of the lease makes any."""


class FirestoreNotices:
    """A notice is its id, From and received time; a read mark holds nothing of a mail.

    Both say when Firestore may delete them: `retention` after they were written. That is for cleaning only; who
    lists notices looks at the received time.
    """

    def __init__(self, documents: Documents, clock: Clock, retention: timedelta = RETENTION) -> None:
        self._documents = documents
        self._clock = clock
        self._retention = retention

    def keep_with(
        self, state: SyncState, notices: Sequence[Notice], recount: Recount | None = None
    ) -> tuple[SyncState, int]:
        new = {notice.message_id: notice for notice in reversed(notices)}
        for _ in range(ATTEMPTS):
            writes = [self._creation(state.mailbox, notice) for notice in reversed(new.values())]
            try:
                versions = self._documents.commit(
                    sync_write(state), *writes, *_recount_writes(state.mailbox, recount)
                )
            except (Stale, NotFound):
                break
            except Conflict:
                # Some were there before, from a reading of the same mail that took another way.
                kept = self.get_many(state.mailbox, list(new))
                new = {
                    i: notice for i, notice in new.items() if i not in {known.message_id for known in kept}
                }
            else:
                return replace(state, version=versions[0]), len(new)
        raise TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy")

    def _creation(self, mailbox: str, notice: Notice) -> Write:
        expires_at = self._clock.now() + self._retention
        fields = {"from": notice.sender, "received_at": notice.received_at, "expires_at": expires_at}
        return Write("create", f"mailboxes/{mailbox}/notices/{notice.message_id}", fields)

    def get_many(self, mailbox: str, message_ids: Sequence[str]) -> Sequence[Notice]:
        paths = [f"mailboxes/{mailbox}/notices/{message_id}" for message_id in message_ids]
        return [_notice(document) for document in self._documents.get_many(paths)]

    def page(
        self, mailbox: str, *, since: datetime | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Notice]:
        def shape(query: Any) -> Any:
            query = query.order_by("received_at", direction="DESCENDING")
            query = query.order_by("__name__", direction="DESCENDING")
            if since is not None:
                query = query.where(filter=field_filter("received_at", ">=", since))
            if before is not None:
                query = query.start_after({"received_at": before[0], "__name__": before[1]})
            return query.limit(limit)

        return [_notice(d) for d in self._documents.query(f"mailboxes/{mailbox}/notices", shape)]

    def read_marks(self, mailbox: str, message_ids: Sequence[str]) -> frozenset[str]:
        paths = [f"mailboxes/{mailbox}/reads/{message_id}" for message_id in message_ids]
        return frozenset(document.id for document in self._documents.get_many(paths))

    def marks(self, mailbox: str, after: str | None, limit: int) -> Sequence[str]:
        def shape(query: Any) -> Any:
            query = query.order_by("__name__").select([])
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [document.id for document in self._documents.query(f"mailboxes/{mailbox}/reads", shape)]

    def mark_read(self, mailbox: str, notice: Notice) -> None:
        # The notice is written as it is, which changes and tells nothing, but must be there: so no mark outlives it.
        there = Write(
            "update",
            f"mailboxes/{mailbox}/notices/{notice.message_id}",
            {"received_at": notice.received_at},
        )
        fields = {"expires_at": self._clock.now() + self._retention}
        mark = Write("put", f"mailboxes/{mailbox}/reads/{notice.message_id}", fields)
        self._documents.commit(there, mark)

    def count(self, mailbox: str) -> int:
        return self._documents.count(f"mailboxes/{mailbox}/notices")

    def recount(self, mailbox: str) -> Recount | None:
        document = self._documents.get(f"mailboxes/{mailbox}/recounts/last")
        return _recount(document.fields) if document else None

    def delete_all(self, mailbox: str) -> int:
        # Notices first: a mark is made beside its notice only, so that none can be made any more.
        deleted = self._documents.delete_collection(f"mailboxes/{mailbox}/notices")
        self._documents.delete_collection(f"mailboxes/{mailbox}/reads")
        self._documents.delete_collection(f"mailboxes/{mailbox}/recounts")
        return deleted


def _notice(document: Document) -> Notice:
    return Notice(document.id, document.fields["from"], known_moment(document.fields["received_at"]))


def _recount_writes(mailbox: str, recount: Recount | None) -> Sequence[Write]:
    if recount is None:
        return ()
    fields = {
        "from": recount.start,
        "to": recount.end,
        "expected": recount.expected,
        "seen": recount.seen,
        "repaired": recount.repaired,
        "missing": list(recount.missing),
        "repaired_ids": list(recount.repaired_ids),
        "counted_to": recount.counted_to,
    }
    return (Write("put", f"mailboxes/{mailbox}/recounts/last", fields),)


def _recount(row: Mapping[str, Any]) -> Recount:
    return Recount(
        start=known_moment(row["from"]),
        end=known_moment(row["to"]),
        expected=row["expected"],
        seen=row["seen"],
        repaired=row["repaired"],
        missing=tuple(row["missing"]),
        repaired_ids=tuple(row.get("repaired_ids", ())),
        counted_to=moment(row["counted_to"]),
    )
