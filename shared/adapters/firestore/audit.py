"""The audit: `orgs/{hash}/audit/{id}` for the admin, `mailboxes/{mailbox}/audit/{id}` for the owner.

Two copies, because they have two readers and two ends: the owner's goes with the mailbox and alone holds views;
of the admin's, connecting and leaving stay without the owner's name. Each list is ordered by one field of its own
collection, so that it needs no composite index.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.adapters.firestore.documents import (
    DELETE_BATCH,
    Document,
    Documents,
    Write,
    field_filter,
    known_moment,
)
from shared.adapters.firestore.paths import org_path
from shared.domain.audit import KEPT_AFTER_LEAVING, OWNER_ONLY, AuditEntry, without_owner
from shared.domain.mailbox import mailbox_id


class FirestoreAudit:
    """Random ids; entries are never changed, but that a user who has left is no longer named."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def add(self, entry: AuditEntry) -> None:
        self._documents.commit(*audit_writes(entry))

    def page_of_org(self, org: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[AuditEntry]:
        return self._page(f"{org_path(org)}/audit", before, limit)

    def page_of_owner(
        self, org: str, owner: str, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[AuditEntry]:
        return self._page(f"mailboxes/{mailbox_id(org, owner)}/audit", before, limit)

    def erase_owner(self, org: str, owner: str) -> int:
        collection = f"{org_path(org)}/audit"
        after: str | None = None
        while page := self._page_about(collection, owner, after):
            if page:
                self._documents.commit(*(_left(collection, row) for row in page))
            if len(page) < DELETE_BATCH:
                break
            after = page[-1].id
        return self._documents.delete_collection(f"mailboxes/{mailbox_id(org, owner)}/audit")

    def _page_about(self, collection: str, owner: str, after: str | None) -> Sequence[Document]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter("owner", "==", owner)).order_by("__name__")
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(DELETE_BATCH)

        return self._documents.query(collection, shape)

    def _page(self, collection: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[AuditEntry]:
        def shape(query: Any) -> Any:
            query = query.order_by("at", direction="DESCENDING").order_by("__name__", direction="DESCENDING")
            if before is not None:
                query = query.start_after({"at": before[0], "__name__": before[1]})
            return query.limit(limit)

        return [_entry(document) for document in self._documents.query(collection, shape)]


def _left(collection: str, row: Document) -> Write:
    """What becomes of the admin's copy of an entry when its owner leaves: it loses the name, or goes."""
    path, entry = f"{collection}/{row.id}", _entry(row)
    if entry.action in KEPT_AFTER_LEAVING:
        return Write("put", path, _fields(without_owner(entry)))
    return Write("forget", path)


def audit_writes(*entries: AuditEntry) -> Sequence[Write]:
    """The writes that keep these entries: to be committed with what they tell of. Two at most for each."""
    writes = []
    for given in entries:
        # The admin's copy of an owner's leaving is all that stays; it names neither mailbox nor user.
        entry = without_owner(given) if given.action == "mailbox.disconnected" else given
        fields = _fields(entry)
        if entry.action not in OWNER_ONLY:
            writes.append(Write("put", f"{org_path(entry.org)}/audit/{entry.id}", fields))
        if entry.owner is not None and entry.action != "mailbox.disconnected":
            mailbox = mailbox_id(entry.org, entry.owner)
            writes.append(Write("put", f"mailboxes/{mailbox}/audit/{entry.id}", fields))
    return writes


def _fields(entry: AuditEntry) -> dict[str, Any]:
    return {
        "org": entry.org,
        "actor": entry.actor,
        "action": entry.action,
        "at": entry.at,
        "owner": entry.owner,
        "changes": {
            name: {"from": _plain(before), "to": _plain(after)}
            for name, (before, after) in entry.changes.items()
        },
        "contact_id": entry.contact_id,
        "message_id": entry.message_id,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _entry(document: Document) -> AuditEntry:
    row = document.fields
    return AuditEntry(
        org=row["org"],
        actor=row["actor"],
        action=row["action"],
        at=known_moment(row["at"]),
        owner=row["owner"],
        changes={name: (change["from"], change["to"]) for name, change in row["changes"].items()},
        contact_id=row["contact_id"],
        message_id=row["message_id"],
        id=document.id,
    )
