"""Notices (`mailboxes/{mailbox}/notices/{message}`) and read marks (`mailboxes/{mailbox}/reads/…`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.adapters.firestore.documents import Document, Documents, field_filter, known_moment
from shared.domain.notice import Notice
from shared.errors import Conflict


class FirestoreNotices:
    """A notice is its id, From and received time; a read mark is a document without fields."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def create(self, mailbox: str, notice: Notice) -> bool:
        fields = {"from": notice.sender, "received_at": notice.received_at}
        try:
            self._documents.create(f"mailboxes/{mailbox}/notices/{notice.message_id}", fields)
        except Conflict:
            return False
        return True

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

    def mark_read(self, mailbox: str, message_id: str) -> None:
        self._documents.put(f"mailboxes/{mailbox}/reads/{message_id}", {})

    def count(self, mailbox: str) -> int:
        return self._documents.count(f"mailboxes/{mailbox}/notices")

    def delete_all(self, mailbox: str) -> int:
        self._documents.delete_collection(f"mailboxes/{mailbox}/reads")
        return self._documents.delete_collection(f"mailboxes/{mailbox}/notices")


def _notice(document: Document) -> Notice:
    return Notice(document.id, document.fields["from"], known_moment(document.fields["received_at"]))
