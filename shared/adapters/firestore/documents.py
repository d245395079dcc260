"""The one door to Firestore: an allow-list of what may be written, counted calls, our own errors.

Every store in this folder goes through `Documents`. A field that is not listed here cannot be written, so
nothing of a mail can come to rest by a new argument somewhere.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from shared.adapters.firestore.paths import is_possible
from shared.errors import Conflict, NotFound, Stale, UpstreamDown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud.firestore import Client

ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "mailboxes": frozenset(
        {
            "org", "user", "user_name", "email", "google_sub", "connected_at", "settings", "health", "scopes",
            "watch_expires_at", "labels", "labeling", "roles", "granted_at", "refreshed_at", "leaving",
            "warned", "making",
        }
    ),
    "grants": frozenset({"key_version", "nonce", "ciphertext"}),
    "syncs": frozenset(
        {
            "org", "cursor", "handled_at", "slot", "work", "unsorted", "unseen", "lease_owner", "lease_until",
            "due", "hour", "tries", "set_aside", "unannounced", "relist_from", "since",
            "recounting", "pushed_to", "lease_push", "archived", "rested_at",
        }
    ),
    "notices": frozenset({"from", "received_at", "expires_at"}),
    "reads": frozenset({"expires_at"}),
    "recounts": frozenset({"from", "to", "expected", "seen", "repaired", "repaired_ids", "missing", "counted_to"}),
    "connections": frozenset(
        {
            "org", "user", "user_name", "origin", "asked", "return_url",
            "nonce", "code_verifier", "expires_at", "used", "browser",
            "ticket",
            "email", "google_sub", "scopes", "key_version", "sealed_nonce", "ciphertext",
        }
    ),
    "ended_consents": frozenset({"expires_at"}),
    "orgs": frozenset({"policy"}),
    "sends": frozenset(
        {
            "content", "claimed_by", "claimed_until", "began_at", "expires_at", "draft_id", "thread_id",
            "message_id", "draft_is_ours", "drafted_again", "open",
        }
    ),
    "labelings": frozenset(
        {
            "org", "contacts", "work", "changed_since", "calendar", "calendar_before", "backfill", "backfill_before",
            "backfill_left", "backfill_more",
            "held", "confirmed", "remade", "refused",
        }
    ),
    "label_runs": frozenset(
        {
            "tick", "started_at", "expires_at", "state", "ids", "before", "after", "inbox", "units", "duration_ms",
            "is_undo", "doubtful",
        }
    ),
    "crm_cursors": frozenset({"org", "since", "calendar", "untold_since", "searched_at", "begun"}),
    "quota_shards": frozenset({"full_at"}),
    "shares": frozenset({"mailbox", "org", "contact_id", "shared_at"}),
    "audit": frozenset({"org", "actor", "action", "at", "owner", "changes", "contact_id", "message_id"}),
}  # fmt: skip
"""Collection -> the only top-level fields that may be written to its documents."""

TIMEOUT_S: Final = 10.0
DELETE_BATCH: Final = 400


@dataclass(frozen=True)
class Document:
    """One document as read. `version` is its update time, for preconditions."""

    id: str
    fields: Mapping[str, Any]
    version: Any


@dataclass(frozen=True)
class Write:
    """One write of a commit. `version` is the update time that the document must still have.

    `delete` is of a document that is there; `forget` deletes what may be gone already.
    """

    kind: Literal["create", "put", "update", "delete", "forget"]
    path: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    version: Any = None


class Documents:
    """Reads and writes documents by path (`mailboxes/abc`). Safe under threads."""

    def __init__(self, client: "Callable[[], Client]") -> None:
        self._client = client
        self._lock = threading.Lock()
        self.reads = 0
        self.writes = 0
        self.round_trips = 0

    def get(self, path: str, *, timeout_s: float = TIMEOUT_S) -> Document | None:
        """One read; none where no document can have this path."""
        if not is_possible(path):
            return None
        with self._calling(reads=1):
            return _document(self._client().document(path).get(timeout=timeout_s))

    def get_many(self, paths: Sequence[str]) -> Sequence[Document]:
        """One read each, one round trip; those that do not exist are left out."""
        paths = [path for path in paths if is_possible(path)]
        if not paths:
            return []
        with self._calling(reads=len(paths)):
            client = self._client()
            found = client.get_all([client.document(path) for path in paths], timeout=TIMEOUT_S)
            return [document for snapshot in found if (document := _document(snapshot)) is not None]

    def query(self, collection: str, shape: Callable[[Any], Any] = lambda query: query) -> Sequence[Document]:
        """The documents of a query; `shape` adds filters, order and limit. One read each, at least one."""
        with self._calling():
            query = shape(self._client().collection(collection))
            found = [
                document for snapshot in query.stream(timeout=TIMEOUT_S) if (document := _document(snapshot))
            ]
        with self._lock:
            self.reads += max(1, len(found))
        return found

    def listen(
        self, collection: str, shape: Callable[[Any], Any], changed: Callable[[Any, Any, Any], None]
    ) -> Any:
        """Calls `changed(documents, changes, read time)` from a thread of its own, now and at each change."""
        with self._calling():
            return shape(self._client().collection(collection)).on_snapshot(changed)

    def note_reads(self, count: int) -> None:
        """Counts documents that a listener was sent."""
        with self._lock:
            self.reads += count

    def count(self, collection: str) -> int:
        """How many documents a collection has: one read per thousand index entries."""
        with self._calling(reads=1):
            query: Any = self._client().collection(collection)
            answer = query.count(alias="n").get(timeout=TIMEOUT_S)
            return int(answer[0][0].value)

    def create(self, path: str, fields: Mapping[str, Any], *, timeout_s: float = TIMEOUT_S) -> Any:
        """Answers the new document's version. Raises Conflict if the document exists already."""
        with self._calling(writes=1):
            result = self._client().document(path).create(_allowed(path, fields), timeout=timeout_s)
            return result.update_time

    def put(self, path: str, fields: Mapping[str, Any]) -> None:
        """Writes the whole document, new or not."""
        with self._calling(writes=1):
            self._client().document(path).set(_allowed(path, fields), timeout=TIMEOUT_S)

    def update(
        self, path: str, fields: Mapping[str, Any], *, version: Any = None, timeout_s: float = TIMEOUT_S
    ) -> Any:
        """Writes some top-level fields of an existing document and answers its new version.

        Raises NotFound if it is gone, Stale if `version` is given and is not the stored one.
        """
        with self._calling(writes=1):
            client = self._client()
            option = client.write_option(last_update_time=version) if version is not None else None
            result = client.document(path).update(_allowed(path, fields), option=option, timeout=timeout_s)
            return result.update_time

    def commit(self, *writes: Write) -> Sequence[Any]:
        """Does all of them or none, and answers the documents' new versions; raises what each alone would raise.

        A delete raises NotFound where there is nothing to delete.
        """
        with self._calling(writes=len(writes)):
            client = self._client()
            batch = client.batch()
            for write in writes:
                _add(batch, client, write)
            return [result.update_time for result in batch.commit(timeout=TIMEOUT_S)]

    def delete(self, path: str) -> None:
        """Deletes a document; a missing one is as good."""
        with self._calling(writes=1):
            self._client().document(path).delete(timeout=TIMEOUT_S)

    def delete_existing(self, path: str, *, version: Any = None) -> int:
        """Deletes a document and answers how many there were: 1 or 0.

        Raises Stale if `version` is given and is not the stored one.
        """
        try:
            self.commit(Write("delete", path, version=version))
        except NotFound:
            return 0
        except Stale:
            # A document that is gone is another version, too.
            if self.get(path) is None:
                return 0
            raise
        return 1

    def delete_collection(self, collection: str) -> int:
        """Deletes every document of a collection, in batches; answers how many there were."""
        deleted = 0
        while ids := [d.id for d in self.query(collection, lambda q: q.select([]).limit(DELETE_BATCH))]:
            self.delete_all([f"{collection}/{document_id}" for document_id in ids])
            deleted += len(ids)
        return deleted

    def delete_all(self, paths: Sequence[str]) -> None:
        """Deletes documents, `DELETE_BATCH` in one commit; missing ones are as good."""
        for start in range(0, len(paths), DELETE_BATCH):
            some = paths[start : start + DELETE_BATCH]
            with self._calling(writes=len(some)):
                client = self._client()
                batch = client.batch()
                for path in some:
                    batch.delete(client.document(path))
                batch.commit(timeout=TIMEOUT_S)

    @contextmanager
    def _calling(self, reads: int = 0, writes: int = 0) -> "Iterator[None]":
        from google.api_core import exceptions  # noqa: PLC0415 - costs a cold start; only a call needs it

        with self._lock:
            self.reads += reads
            self.writes += writes
            self.round_trips += 1
        try:
            yield
        except exceptions.NotFound:
            raise NotFound("There is no such record.") from None
        except (exceptions.AlreadyExists, exceptions.Conflict) as fault:
            if isinstance(fault, exceptions.Aborted):
                raise UpstreamDown("The store is contended.", code="store_contended") from None
            raise Conflict("There is such a record already.", code="exists") from None
        except exceptions.FailedPrecondition as fault:
            if "requires an index" in str(fault):
                raise  # a defect of ours: a query without its index in Terraform
            raise Stale("The record changed meanwhile.") from None
        except (exceptions.GoogleAPICallError, exceptions.RetryError):
            raise UpstreamDown("The store did not answer.", code="store_down") from None


def field_filter(field: str, operator: str, value: object) -> Any:
    """A filter for `Query.where(filter=…)`."""
    from google.cloud.firestore_v1.base_query import FieldFilter  # noqa: PLC0415 - as above

    return FieldFilter(field, operator, value)


def _document(snapshot: Any) -> Document | None:
    if not snapshot.exists:
        return None
    return Document(snapshot.id, snapshot.to_dict() or {}, snapshot.update_time)


def _add(batch: Any, client: "Client", write: Write) -> None:
    reference = client.document(write.path)
    dated = client.write_option(last_update_time=write.version) if write.version is not None else None
    if write.kind in ("delete", "forget"):
        there = client.write_option(exists=True) if write.kind == "delete" else None
        batch.delete(reference, option=dated or there)
        return
    fields = _allowed(write.path, write.fields)
    if write.kind == "create":
        batch.create(reference, fields)
    elif write.kind == "put":
        batch.set(reference, fields)
    else:
        batch.update(reference, fields, option=dated)


def _allowed(path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    collection = path.split("/")[-2]
    unknown = fields.keys() - ALLOWED[collection]
    if unknown:
        raise ValueError(f"{collection}: fields outside the allow-list: {', '.join(sorted(unknown))}")
    return dict(fields)


def known_moment(value: Any) -> datetime:
    """A plain datetime from Firestore's own subclass."""
    return datetime.fromtimestamp(value.timestamp(), tz=value.tzinfo)


def moment(value: Any) -> datetime | None:
    """A plain datetime, or None."""
    return None if value is None else known_moment(value)
