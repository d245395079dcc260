"""The database itself: one lock, under which every read is of one moment and every commit is whole."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grpc import StatusCode

from local.firestore.errors import FirestoreError, contention, invalid, precondition_failed
from local.firestore.indexes import IndexCatalog
from local.firestore.messages import Message, StructuredQuery, TransactionOptions, Write, WriteResult
from local.firestore.names import check_document_name, check_parent
from local.firestore.queries import Query, Scope
from local.firestore.snapshot import Snapshot
from local.firestore.sqlite_store import SqliteStore
from local.firestore.storage import Change, Storage
from local.firestore.times import CommitClock, to_micros
from local.firestore.transactions import Transaction, Transactions
from local.firestore.values import reference_key
from local.firestore.writes import plan_writes

Subscriber = Callable[[], None]


@dataclass(frozen=True)
class View:
    """The moment at which a request reads: `time` in microseconds, None for the present."""

    time: int | None
    read_time: int
    transaction: Transaction | None = None
    begun: bytes = b""


class Engine:
    """All operations, free of gRPC. Every public method may be called from any thread."""

    def __init__(self, indexes: IndexCatalog | None = None, store: SqliteStore | None = None) -> None:
        self.lock = threading.RLock()
        self.storage = Storage()
        self.clock = CommitClock()
        self._transactions = Transactions()
        self._indexes = indexes
        self._store = store
        self._subscribers: set[Subscriber] = set()
        # Nothing is known of what documents were before the server started.
        self._oldest = self.clock.present()
        for snapshot in store.load() if store else ():
            self.storage.apply({snapshot.name: snapshot}, snapshot.update_time)
            self.clock.catch_up(snapshot.update_time)

    def commit(self, writes: Iterable[Write], transaction: bytes = b"") -> tuple[list[WriteResult], int]:
        """Does all of `writes` or none; the results and the time of the commit in microseconds."""
        with self.lock:
            if transaction:
                self._check_transaction(self._transactions.get(transaction), writes)
            time = self.clock.tick()
            plan = plan_writes(writes, self.storage.get, time)
            self._apply(plan.changes, time)
            if transaction:
                self._transactions.end(transaction)
            return plan.results, time

    def batch_write(self, writes: Sequence[Write]) -> list[WriteResult | FirestoreError]:
        """Does each of `writes` for itself."""
        outcomes: list[WriteResult | FirestoreError] = []
        names = [each.update.name or each.delete or each.transform.document for each in writes]
        if len(set(names)) < len(names):
            raise invalid("the same document cannot be written more than once in a single request")
        for write in writes:
            try:
                results, _ = self.commit([write])
                outcomes.append(results[0])
            except FirestoreError as error:
                outcomes.append(error)
        return outcomes

    def begin(self, options: TransactionOptions) -> bytes:
        """The id of a new transaction."""
        with self.lock:
            return self._transactions.begin(options).id

    def rollback(self, transaction: bytes) -> None:
        """Gives a transaction up."""
        with self.lock:
            self._transactions.end(transaction)

    def view(self, request: Message) -> View:
        """The moment that a request's consistency_selector names."""
        with self.lock:
            now = self.clock.present()
            selector = request.WhichOneof("consistency_selector")
            if selector == "read_time":
                return self._past(to_micros(request.read_time), now)
            if selector == "new_transaction":
                return self._within(self._transactions.begin(request.new_transaction), now, new=True)
            if selector == "transaction":
                return self._within(self._transactions.get(request.transaction), now, new=False)
            return View(None, now)

    def document(self, name: str, view: View) -> Snapshot | None:
        """One document."""
        check_document_name(name)
        with self.lock:
            snapshot = self.storage.get(name, view.time)
            if view.transaction:
                view.transaction.saw_document(name, snapshot)
            return snapshot

    def query(
        self, parent: str, structured: StructuredQuery, view: View, aggregated: Sequence[str] = ()
    ) -> tuple[Query, list[Snapshot]]:
        """The compiled query and its answer. `aggregated`: the fields that are summed up or averaged."""
        query = self.compile(parent, structured, aggregated)
        with self.lock:
            snapshots = query.run(self.storage.database(parent).scan(query.scope, view.time))
            if view.transaction:
                view.transaction.saw_query(query, snapshots)
            return query, snapshots

    def compile(self, parent: str, structured: StructuredQuery, aggregated: Sequence[str] = ()) -> Query:
        """A checked query. Raises FirestoreError, also where its index is missing."""
        check_parent(parent)
        query = Query(parent, structured, aggregated)
        if self._indexes is not None:
            self._indexes.check(query)
        return query

    def list_documents(self, parent: str, collection_id: str, view: View, missing: bool) -> list[str]:
        """Names in order; with `missing` also of documents that exist only as parents of others."""
        check_parent(parent)
        with self.lock:
            database = self.storage.database(parent)
            scope = Scope(parent, collection_id, all_descendants=False)
            names = {each.name for each in database.scan(scope, view.time)}
            if missing:
                depth = parent.count("/") + 2
                prefix = f"{parent}/{collection_id}/" if collection_id else f"{parent}/"
                below = (each.name for each in database.below(parent))
                names |= {
                    "/".join(name.split("/")[: depth + 1])
                    for name in below
                    if name.startswith(prefix) and name.count("/") > depth
                }
            return sorted(names, key=reference_key)

    def list_collections(self, parent: str) -> list[str]:
        """The ids of the collections right below `parent`, in order."""
        check_parent(parent)
        with self.lock:
            below = self.storage.database(parent).below(parent)
            return sorted({each.name[len(parent) + 1 :].split("/", 1)[0] for each in below})

    def subscribe(self, subscriber: Subscriber) -> None:
        """Calls `subscriber` after each commit that changed something, under the lock."""
        with self.lock:
            self._subscribers.add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Calls it no more."""
        with self.lock:
            self._subscribers.discard(subscriber)

    def reset(self) -> None:
        """Forgets every document and transaction."""
        with self.lock:
            if self._store:
                self._store.clear()
            self.storage.clear()
            self._transactions.clear()
            self._tell_subscribers()

    def _check_transaction(self, transaction: Transaction, writes: Iterable[Write]) -> None:
        if not writes:
            return
        if transaction.read_only:
            raise invalid("Cannot modify entities in a read-only transaction.")
        if not transaction.still_holds(self.storage):
            raise contention()

    def _past(self, time: int, now: int) -> View:
        if time > now:
            raise invalid("The requested 'read_time' cannot be in the future.")
        if time < self._oldest:
            raise precondition_failed("The requested snapshot version is too old.")
        return View(time, time)

    def _within(self, transaction: Transaction, now: int, new: bool) -> View:
        if transaction.moment is None:
            transaction.moment = now
        elif new:
            self._past(transaction.moment, now)
        return View(transaction.moment, transaction.moment, transaction, transaction.id if new else b"")

    def _apply(self, changes: Change, time: int) -> None:
        if not changes:
            return
        if self._store:
            try:
                self._store.save(changes)
            except sqlite3.Error as error:
                raise FirestoreError(
                    StatusCode.UNAVAILABLE, f"The store cannot be written: {error}"
                ) from error
        self.storage.apply(changes, time)
        self._tell_subscribers()

    def _tell_subscribers(self) -> None:
        for subscriber in self._subscribers:
            subscriber()
