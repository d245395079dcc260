"""Open transactions: what each has read, so that its commit can tell whether anything of it has changed."""

import secrets
import time
from dataclasses import dataclass, field

from local.firestore.errors import invalid
from local.firestore.messages import TransactionOptions
from local.firestore.queries import Query
from local.firestore.snapshot import Snapshot
from local.firestore.storage import Storage
from local.firestore.times import to_micros

# https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
_LONGEST_S = 270.0
_LONGEST_IDLE_S = 60.0

Version = tuple[str, int]


@dataclass
class Transaction:
    """One transaction. All its reads see one `moment` (microseconds), set by the first of them."""

    id: bytes
    read_only: bool
    moment: int | None
    begun: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=time.monotonic)
    _documents: dict[str, int | None] = field(default_factory=dict)
    _queries: list[tuple[Query, list[Version]]] = field(default_factory=list)

    def saw_document(self, name: str, snapshot: Snapshot | None) -> None:
        """Remembers the version that was read."""
        if not self.read_only:
            self._documents[name] = snapshot.update_time if snapshot else None

    def saw_query(self, query: Query, snapshots: list[Snapshot]) -> None:
        """Remembers the answer to a query."""
        if not self.read_only:
            self._queries.append((query, _versions(snapshots)))

    def still_holds(self, storage: Storage) -> bool:
        """Whether everything that was read is still so, phantoms included."""
        for name, seen in self._documents.items():
            present = storage.get(name)
            if (present.update_time if present else None) != seen:
                return False
        return all(self._same_answer(storage, query, versions) for query, versions in self._queries)

    def _same_answer(self, storage: Storage, query: Query, versions: list[Version]) -> bool:
        database = storage.database(query.scope.parent)
        collections = database.in_scope(query.scope)
        if self.moment is not None and all(each.changed_at <= self.moment for each in collections):
            return True
        return _versions(query.run(database.scan(query.scope))) == versions

    def expired(self, now: float) -> bool:
        """Whether Firestore would have given it up by `now` (seconds of the monotonic clock)."""
        return now - self.begun > _LONGEST_S or now - self.used > _LONGEST_IDLE_S


class Transactions:
    """The open transactions by id."""

    def __init__(self) -> None:
        self._open: dict[bytes, Transaction] = {}

    def begin(self, options: TransactionOptions) -> Transaction:
        """A new transaction; the one it is a second try of is forgotten."""
        self._drop_expired()
        read_only = options.WhichOneof("mode") == "read_only"
        self._open.pop(options.read_write.retry_transaction, None)
        moment = to_micros(options.read_only.read_time) if options.read_only.HasField("read_time") else None
        transaction = Transaction(secrets.token_bytes(12), read_only, moment)
        self._open[transaction.id] = transaction
        return transaction

    def get(self, id: bytes) -> Transaction:
        """An open transaction. Raises FirestoreError."""
        self._drop_expired()
        if id not in self._open:
            raise invalid("The referenced transaction has expired or is no longer valid.")
        transaction = self._open[id]
        transaction.used = time.monotonic()
        return transaction

    def end(self, id: bytes) -> None:
        """Forgets an open transaction. Raises FirestoreError."""
        self.get(id)
        del self._open[id]

    def clear(self) -> None:
        """Forgets all of them."""
        self._open.clear()

    def _drop_expired(self) -> None:
        now = time.monotonic()
        for id in [id for id, each in self._open.items() if each.expired(now)]:
            del self._open[id]


def _versions(snapshots: list[Snapshot]) -> list[Version]:
    return [(each.name, each.update_time) for each in snapshots]
