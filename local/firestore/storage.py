"""The documents in memory: by name, by collection, and as they were at any recent time."""

from collections.abc import Iterable, Iterator

from local.firestore.errors import precondition_failed
from local.firestore.names import collection_of, database_of, group_of
from local.firestore.queries import Scope
from local.firestore.snapshot import Snapshot

# Firestore reads up to an hour back. A document written more often than this within it forgets sooner.
_KEPT_VERSIONS = 100
_KEPT_MICROS = 3_600 * 1_000_000

# None stands for "not there": deleted, or not yet made.
Change = dict[str, Snapshot | None]


class _Versions:
    """The versions of one document, oldest first, as (time, snapshot or None)."""

    __slots__ = ("complete", "entries")

    def __init__(self) -> None:
        self.entries: list[tuple[int, Snapshot | None]] = []
        # Whether nothing existed before the first entry.
        self.complete = True

    def add(self, time: int, snapshot: Snapshot | None) -> None:
        self.entries.append((time, snapshot))
        outdated = len(self.entries) > _KEPT_VERSIONS or self.entries[0][0] < time - _KEPT_MICROS
        if outdated and len(self.entries) > 1:
            del self.entries[0]
            self.complete = False

    def at(self, time: int) -> Snapshot | None:
        for written, snapshot in reversed(self.entries):
            if written <= time:
                return snapshot
        if not self.complete:
            raise precondition_failed("The requested snapshot version is too old.")
        return None


class Collection:
    """The documents directly in one collection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.documents: dict[str, Snapshot] = {}
        self.changed_at = 0
        self._versions: dict[str, _Versions] = {}

    def put(self, name: str, snapshot: Snapshot | None, time: int) -> None:
        """Makes `snapshot` the present version."""
        if snapshot is None:
            self.documents.pop(name, None)
        else:
            self.documents[name] = snapshot
        self.changed_at = time
        self._versions.setdefault(name, _Versions()).add(time, snapshot)

    def get(self, name: str, time: int | None) -> Snapshot | None:
        """The version at `time` (None: now)."""
        if time is None or time >= self.changed_at:
            return self.documents.get(name)
        versions = self._versions.get(name)
        return None if versions is None else versions.at(time)

    def all(self, time: int | None) -> Iterable[Snapshot]:
        """The versions of all documents at `time` (None: now)."""
        if time is None or time >= self.changed_at:
            return self.documents.values()
        versions = (each.at(time) for each in self._versions.values())
        return (snapshot for snapshot in versions if snapshot is not None)


class Database:
    """All collections of one projects/P/databases/D."""

    def __init__(self) -> None:
        self._collections: dict[str, Collection] = {}
        self._groups: dict[str, list[Collection]] = {}

    def get(self, name: str, time: int | None = None) -> Snapshot | None:
        """A document at `time` (None: now)."""
        collection = self._collections.get(collection_of(name))
        return None if collection is None else collection.get(name, time)

    def put(self, name: str, snapshot: Snapshot | None, time: int) -> None:
        """Makes `snapshot` the present version of a document."""
        self._collection(collection_of(name)).put(name, snapshot, time)

    def scan(self, scope: Scope, time: int | None = None) -> Iterator[Snapshot]:
        """The documents of the collections in `scope` at `time` (None: now), in no particular order."""
        for collection in self.in_scope(scope):
            yield from collection.all(time)

    def in_scope(self, scope: Scope) -> list[Collection]:
        """The collections that `scope` covers."""
        if scope.all_descendants:
            candidates = (
                self._groups.get(scope.collection_id, [])
                if scope.collection_id
                else self._collections.values()
            )
            return [each for each in candidates if each.name.startswith(scope.parent + "/")]
        if scope.collection_id:
            one = self._collections.get(f"{scope.parent}/{scope.collection_id}")
            return [] if one is None else [one]
        return [each for each in self._collections.values() if each.name.rsplit("/", 1)[0] == scope.parent]

    def below(self, parent: str) -> Iterator[Collection]:
        """Every collection with documents somewhere below `parent`."""
        for name, collection in self._collections.items():
            if collection.documents and name.startswith(parent + "/"):
                yield collection

    def _collection(self, name: str) -> Collection:
        if name not in self._collections:
            self._collections[name] = Collection(name)
            self._groups.setdefault(group_of(name), []).append(self._collections[name])
        return self._collections[name]


class Storage:
    """Every database of the server; each springs up when it is first named, as in Google's emulator."""

    def __init__(self) -> None:
        self._databases: dict[str, Database] = {}

    def database(self, name: str) -> Database:
        """The database that the document, parent or database `name` belongs to."""
        return self._databases.setdefault(database_of(name), Database())

    def get(self, name: str, time: int | None = None) -> Snapshot | None:
        """A document at `time` (None: now)."""
        return self.database(name).get(name, time)

    def apply(self, changes: Change, time: int) -> None:
        """Makes all of `changes` the present state."""
        for name, snapshot in changes.items():
            self.database(name).put(name, snapshot, time)

    def clear(self) -> None:
        """Forgets everything."""
        self._databases.clear()
