"""Custom picks: `shares/{mailbox}-{hash of the contact id}`."""

from collections.abc import Collection, Sequence
from typing import Any

from shared.adapters.firestore.audit import audit_writes
from shared.adapters.firestore.documents import Document, Documents, Write, field_filter, known_moment
from shared.adapters.firestore.paths import share_path
from shared.domain.audit import AuditEntry
from shared.domain.share import Share
from shared.errors import Conflict, NotFound


class FirestoreShares:
    """Found by mailbox and contact without a query, and by contact with one; equalities only, no composite index."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str, contact_id: str) -> Share | None:
        document = self._documents.get(share_path(mailbox, contact_id))
        return _share(document) if document else None

    def put(self, share: Share, *audit: AuditEntry) -> Share:
        fields = {
            "mailbox": share.mailbox,
            "org": share.org,
            "contact_id": share.contact_id,
            "shared_at": share.shared_at,
        }
        path = share_path(share.mailbox, share.contact_id)
        try:
            self._documents.commit(Write("create", path, fields), *audit_writes(*audit))
        except Conflict:
            return self.get(share.mailbox, share.contact_id) or share
        return share

    def delete(self, mailbox: str, contact_id: str, *audit: AuditEntry) -> bool:
        try:
            self._documents.commit(Write("delete", share_path(mailbox, contact_id)), *audit_writes(*audit))
        except NotFound:
            return False
        return True

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[tuple[str, Share]]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter("mailbox", "==", mailbox)).order_by("__name__")
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [(document.id, _share(document)) for document in self._documents.query("shares", shape)]

    def mailboxes_for(self, org: str, contact_id: str) -> frozenset[str]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter("org", "==", org))
            return query.where(filter=field_filter("contact_id", "==", contact_id))

        return frozenset(document.fields["mailbox"] for document in self._documents.query("shares", shape))

    def picked(self, mailbox: str, contact_ids: Collection[str]) -> frozenset[str]:
        found = self._documents.get_many(
            [share_path(mailbox, contact_id) for contact_id in sorted(contact_ids)]
        )
        return frozenset(document.fields["contact_id"] for document in found)

    def delete_all(self, mailbox: str) -> int:
        deleted = 0
        while page := self.page(mailbox, None, 500):
            self._documents.commit(*(Write("delete", f"shares/{identifier}") for identifier, _ in page))
            deleted += len(page)
        return deleted


def _share(document: Document) -> Share:
    row = document.fields
    return Share(row["mailbox"], row["org"], row["contact_id"], known_moment(row["shared_at"]))
