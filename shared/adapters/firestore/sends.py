"""Keys of sent mail: `mailboxes/{mailbox}/sends/{hash of the key}`, gone after a day."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.adapters.firestore.documents import Document, Documents, field_filter, known_moment
from shared.domain.sending import SendRecord
from shared.errors import Conflict


class FirestoreSends:
    """Ids and hashes only; which mail they stand for is known to Gmail alone."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str, record: str) -> SendRecord | None:
        document = self._documents.get(_path(mailbox, record))
        return _record(document) if document else None

    def create(self, mailbox: str, record: SendRecord) -> SendRecord | None:
        try:
            version = self._documents.create(_path(mailbox, record.id), _fields(record))
        except Conflict:
            return None
        return replace(record, version=version)

    def save(self, mailbox: str, record: SendRecord) -> SendRecord:
        path = _path(mailbox, record.id)
        return replace(record, version=self._documents.update(path, _fields(record), version=record.version))

    def delete(self, mailbox: str, record: str) -> int:
        return self._documents.delete_existing(_path(mailbox, record))

    def open_ones(self, mailbox: str, limit: int) -> Sequence[SendRecord]:
        def shape(query: Any) -> Any:
            return query.where(filter=field_filter("open", "==", True)).limit(limit)

        return [_record(document) for document in self._documents.query(f"mailboxes/{mailbox}/sends", shape)]

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[SendRecord]:
        def shape(query: Any) -> Any:
            query = query.order_by("__name__")
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [_record(document) for document in self._documents.query(f"mailboxes/{mailbox}/sends", shape)]

    def count(self, mailbox: str) -> int:
        return self._documents.count(f"mailboxes/{mailbox}/sends")

    def delete_all(self, mailbox: str) -> int:
        return self._documents.delete_collection(f"mailboxes/{mailbox}/sends")


def _path(mailbox: str, record: str) -> str:
    return f"mailboxes/{mailbox}/sends/{record}"


def _fields(record: SendRecord) -> dict[str, Any]:
    return {
        "content": record.content,
        "claimed_by": record.claimed_by,
        "claimed_until": record.claimed_until,
        "began_at": record.began_at,
        "expires_at": record.expires_at,
        "draft_id": record.draft_id,
        "thread_id": record.thread_id,
        "message_id": record.message_id,
        "draft_is_ours": record.draft_is_ours,
        "drafted_again": record.drafted_again,
        "open": record.is_open,
    }


def _record(document: Document) -> SendRecord:
    row = document.fields
    return SendRecord(
        id=document.id,
        content=row["content"],
        claimed_by=row["claimed_by"],
        claimed_until=known_moment(row["claimed_until"]),
        began_at=known_moment(row["began_at"]),
        expires_at=known_moment(row["expires_at"]),
        draft_id=row["draft_id"],
        thread_id=row["thread_id"],
        message_id=row["message_id"],
        # A row of an older release does not say; what may be the user's is not deleted.
        draft_is_ours=row.get("draft_is_ours", False),
        drafted_again=row.get("drafted_again", False),
        version=document.version,
    )
