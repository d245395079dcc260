"""Cursors and leases: `syncs/{mailbox}`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.adapters.firestore.documents import (
    Document,
    Documents,
    Write,
    field_filter,
    known_moment,
    moment,
)
from shared.domain.sync import SyncState, hour_of
from shared.errors import Conflict, NotFound, Stale, TryAgain


class FirestoreSyncs:
    """Every save carries the version that was read: of two workers one wins; the cursor never goes back."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str) -> SyncState | None:
        document = self._documents.get(f"syncs/{mailbox}")
        return _state(document) if document else None

    def create(self, state: SyncState) -> None:
        try:
            self._documents.create(f"syncs/{state.mailbox}", _fields(state))
        except Conflict:
            return

    def save(self, state: SyncState) -> SyncState:
        try:
            version = self._documents.update(f"syncs/{state.mailbox}", _fields(state), version=state.version)
        except (Stale, NotFound):
            raise TryAgain("Somebody else is at work on this mailbox.", code="mailbox_busy") from None
        return replace(state, version=version)

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids("work", True, limit, after)

    def in_slot(self, slot: int, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids("slot", slot, limit, after)

    def in_hour(self, hour: int, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids("hour", hour, limit, after)

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        return self._ids("org", org, limit, after)

    def unannounced(self, limit: int) -> Sequence[str]:
        def shape(query: Any) -> Any:
            return query.where(filter=field_filter("unannounced", "==", True)).select(["org"]).limit(limit)

        return [str(document.fields["org"]) for document in self._documents.query("syncs", shape)]

    def delete(self, mailbox: str, version: object = None) -> int:
        return self._documents.delete_existing(f"syncs/{mailbox}", version=version)

    def _ids(self, field: str, value: object, limit: int, after: str | None) -> Sequence[str]:
        def shape(query: Any) -> Any:
            query = query.where(filter=field_filter(field, "==", value)).order_by("__name__").select([])
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [document.id for document in self._documents.query("syncs", shape)]


def sync_write(state: SyncState) -> Write:
    """The write of a row that is still the version that was read, for a commit with more."""
    return Write("update", f"syncs/{state.mailbox}", _fields(state), version=state.version)


def _fields(state: SyncState) -> dict[str, Any]:
    return {
        "org": state.org,
        "cursor": _text(state.cursor),
        "handled_at": state.handled_at,
        "slot": state.slot,
        "hour": hour_of(state.mailbox),
        # A worker that dies leaves its lease behind: then the next tick looks after its mailbox.
        "work": state.has_work or state.lease_owner is not None,
        "unsorted": list(state.unsorted),
        "archived": list(state.archived),
        "unseen": dict(state.unseen),
        "due": state.due,
        "lease_owner": state.lease_owner,
        "lease_until": state.lease_until,
        "tries": dict(state.tries),
        "set_aside": dict(state.set_aside),
        "unannounced": state.unannounced,
        "relist_from": state.relist_from,
        "recounting": state.recounting,
        "since": state.since,
        "pushed_to": _text(state.pushed_to),
        "lease_push": _text(state.lease_push),
        "rested_at": state.rested_at,
    }


def _state(document: Document) -> SyncState:
    row = document.fields
    return SyncState(
        mailbox=document.id,
        org=row["org"],
        cursor=int(row["cursor"]),
        handled_at=known_moment(row["handled_at"]),
        slot=row["slot"],
        unsorted=tuple(row["unsorted"]),
        archived=frozenset(row.get("archived", ())),
        unseen=_moments(row["unseen"]),
        due=row.get("due", False),
        lease_owner=row["lease_owner"],
        lease_until=moment(row["lease_until"]),
        tries=dict(row.get("tries", {})),
        set_aside=_moments(row.get("set_aside", {})),
        unannounced=row.get("unannounced", False),
        relist_from=moment(row.get("relist_from")),
        recounting=row.get("recounting", False),
        since=moment(row.get("since")),
        pushed_to=_history_id(row.get("pushed_to")),
        lease_push=_history_id(row.get("lease_push")),
        rested_at=moment(row.get("rested_at")),
        version=document.version,
    )


def _text(history_id: int | None) -> str | None:
    # Gmail's historyId is an unsigned 64-bit number, Firestore's integers are signed.
    return None if history_id is None else str(history_id)


def _history_id(text: str | None) -> int | None:
    return None if text is None else int(text)


def _moments(row: Mapping[str, Any]) -> dict[str, datetime]:
    return {message_id: known_moment(when) for message_id, when in row.items()}
