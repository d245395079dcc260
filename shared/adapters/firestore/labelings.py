"""The labeler's rows (`labelings/{mailbox}`)."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.adapters.firestore.documents import Document, Documents, field_filter, known_moment, moment
from shared.domain.labeling_row import LabelingRow
from shared.errors import Conflict, NotFound, Stale

ATTEMPTS = 5
_BACKFILL = ("backfill_before", "backfill_left", "backfill_more")


class FirestoreLabelings:
    """Contacts are added by union, since they are many; every write carries the version that was read."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str) -> LabelingRow | None:
        document = self._documents.get(f"labelings/{mailbox}")
        return _row(document) if document else None

    def begin(self, mailbox: str, org: str) -> None:
        fresh = _fields(LabelingRow(mailbox, org, work=True))
        try:
            self._documents.create(f"labelings/{mailbox}", {**fresh, "contacts": []})
        except Conflict:
            again = ("backfill", *_BACKFILL, "work", "held", "confirmed", "refused")
            self._documents.update(f"labelings/{mailbox}", {name: fresh[name] for name in again})

    def save(self, row: LabelingRow) -> LabelingRow:
        version = self._documents.update(f"labelings/{row.mailbox}", _fields(row), version=row.version)
        return replace(row, version=version)

    def add_contacts(self, row: LabelingRow, keys: Collection[str]) -> object:
        from google.cloud.firestore_v1.transforms import ArrayUnion  # noqa: PLC0415 - costs a cold start

        added = {"contacts": ArrayUnion(sorted(keys))}
        return self._documents.update(f"labelings/{row.mailbox}", added, version=row.version)

    def mark_changed(self, mailbox: str, since: datetime) -> None:
        for _ in range(ATTEMPTS):
            row = self.get(mailbox)
            if row is None:
                return
            earliest = min(since, row.changed_since) if row.changed_since else since
            fields = {"changed_since": earliest, "work": not row.held}
            try:
                self._documents.update(f"labelings/{mailbox}", fields, version=row.version)
                return
            except NotFound:
                return
            except Stale:
                continue
        raise Stale("The record keeps changing.")

    def wake(self, mailbox: str) -> None:
        with suppress(NotFound):
            self._documents.update(f"labelings/{mailbox}", {"work": True})

    def confirm(self, mailbox: str, org: str) -> bool:
        row = self.get(mailbox)
        if row is None or row.org != org or not row.held:
            return False
        fields = {"held": False, "confirmed": True, "work": True}
        self._documents.update(f"labelings/{mailbox}", fields, version=row.version)
        return True

    def holding(self, keys: Sequence[str]) -> Sequence[str]:
        def shape(query: Any) -> Any:
            return query.where(filter=field_filter("contacts", "array_contains_any", list(keys))).select([])

        return [document.id for document in self._documents.query("labelings", shape)]

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids("work", True, limit, after)

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids("org", org, limit, after)

    def delete(self, mailbox: str) -> int:
        return self._documents.delete_existing(f"labelings/{mailbox}")

    def _ids(self, field: str, value: object, limit: int, after: str | None) -> Sequence[str]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter(field, "==", value)).order_by("__name__").select([])
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [document.id for document in self._documents.query("labelings", shape)]


def _fields(row: LabelingRow) -> dict[str, Any]:
    return {
        "org": row.org,
        "work": row.work,
        "changed_since": row.changed_since,
        "calendar": row.calendar,
        "calendar_before": row.calendar_before,
        "backfill": row.backfill,
        "backfill_before": row.backfill_before,
        # One text and no array, of which Firestore would index every element. No id of Gmail's has a space.
        "backfill_left": " ".join(f"{message_id}:{thread}" for message_id, thread in row.backfill_left),
        "backfill_more": row.backfill_more,
        "held": row.held,
        "confirmed": row.confirmed,
        "remade": dict(row.remade),
        "refused": " ".join(f"{message_id}:{tries}" for message_id, tries in row.refused.items()),
    }


def _pair(text: str) -> tuple[str, str]:
    message_id, _, thread = text.partition(":")
    return message_id, thread


def _row(document: Document) -> LabelingRow:
    row = document.fields
    return LabelingRow(
        mailbox=document.id,
        org=row["org"],
        contacts=frozenset(row["contacts"]),
        work=row["work"],
        changed_since=moment(row["changed_since"]),
        calendar=row["calendar"],
        calendar_before=row["calendar_before"],
        backfill=row["backfill"],
        backfill_before=row["backfill_before"],
        backfill_left=tuple(map(_pair, row.get("backfill_left", "").split())),
        backfill_more=row.get("backfill_more", False),
        held=row["held"],
        confirmed=row["confirmed"],
        remade={category: known_moment(when) for category, when in row["remade"].items()},
        refused={message_id: int(tries) for message_id, tries in map(_pair, row.get("refused", "").split())},
        version=document.version,
    )
