"""What the labeler did (`mailboxes/{mailbox}/label_runs/{run}`): ids and counts, kept as long as changes look back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.adapters.firestore.documents import Document, Documents, field_filter, known_moment
from shared.domain.label_run import LabelRun
from shared.domain.labels import Deed

IDS_PER_QUERY: Final = 30
"""Values that one array_contains_any may name (https://firebase.google.com/docs/firestore/query-data/queries)."""
_NONE: Final = "none"


class FirestoreLabelRuns:
    """A run holds its message ids as one array, so that a message's runs are found by one query."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def put(self, mailbox: str, run: LabelRun) -> None:
        self._documents.put(f"{_runs(mailbox)}/{run.id}", _fields(run))

    def get(self, mailbox: str, run: str) -> LabelRun | None:
        document = self._documents.get(f"{_runs(mailbox)}/{run}")
        return _run(document) if document else None

    def page(self, mailbox: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[LabelRun]:
        def shape(query: Any) -> Any:
            query = query.order_by("started_at", direction="DESCENDING")
            query = query.order_by("__name__", direction="DESCENDING")
            if before is not None:
                query = query.start_after({"started_at": before[0], "__name__": before[1]})
            return query.limit(limit)

        return [_run(document) for document in self._documents.query(_runs(mailbox), shape)]

    def since(
        self, mailbox: str, since: datetime, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[LabelRun]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter("started_at", ">=", since))
            query = query.order_by("started_at").order_by("__name__")
            if after is not None:
                query = query.start_after({"started_at": after[0], "__name__": after[1]})
            return query.limit(limit)

        return [_run(document) for document in self._documents.query(_runs(mailbox), shape)]

    def last_deeds(self, mailbox: str, message_ids: Collection[str]) -> Mapping[str, Deed]:
        wanted = sorted(set(message_ids))
        runs: dict[str, LabelRun] = {}
        for start in range(0, len(wanted), IDS_PER_QUERY):
            ids = wanted[start : start + IDS_PER_QUERY]

            def shape(query: Any, ids: list[str] = ids) -> Any:
                return query.where(filter=field_filter("ids", "array_contains_any", ids))

            found = [_run(document) for document in self._documents.query(_runs(mailbox), shape)]
            runs |= {run.id: run for run in found}
        asked, last = frozenset(wanted), dict[str, Deed]()
        for run in sorted(runs.values(), key=lambda run: run.started_at):
            last |= {deed.message_id: deed for deed in run.certain if deed.message_id in asked}
        return last

    def unsettled(self, mailbox: str) -> Sequence[LabelRun]:
        def shape(query: Any) -> Any:
            return query.where(filter=field_filter("doubtful", ">", 0))

        found = [_run(document) for document in self._documents.query(_runs(mailbox), shape)]
        return sorted(found, key=lambda run: run.started_at)

    def has_any(self, mailbox: str) -> bool:
        return bool(self._documents.query(_runs(mailbox), lambda query: query.select([]).limit(1)))

    def delete_all(self, mailbox: str) -> int:
        return self._documents.delete_collection(_runs(mailbox))


def _runs(mailbox: str) -> str:
    return f"mailboxes/{mailbox}/label_runs"


def _fields(run: LabelRun) -> dict[str, Any]:
    return {
        "tick": run.tick,
        "started_at": run.started_at,
        "expires_at": run.expires_at,
        "state": run.state,
        "ids": [deed.message_id for deed in run.deeds],
        "before": [deed.before or _NONE for deed in run.deeds],
        "after": [deed.after or _NONE for deed in run.deeds],
        "inbox": [deed.inbox for deed in run.deeds],
        "units": run.units,
        "duration_ms": run.duration_ms,
        "is_undo": run.is_undo,
        "doubtful": run.doubtful,
    }


def _run(document: Document) -> LabelRun:
    row = document.fields
    deeds = zip(row["ids"], row["before"], row["after"], row["inbox"], strict=True)
    return LabelRun(
        id=document.id,
        tick=row["tick"],
        started_at=known_moment(row["started_at"]),
        expires_at=known_moment(row["expires_at"]),
        state=row["state"],
        deeds=tuple(Deed(i, _named(b), _named(a), row["is_undo"], inbox) for i, b, a, inbox in deeds),
        units=row["units"],
        duration_ms=row["duration_ms"],
        is_undo=row["is_undo"],
        doubtful=row["doubtful"],
    )


def _named(category: str) -> Any:
    return None if category == _NONE else category
