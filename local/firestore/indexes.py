"""Which composite index a query needs, and whether it exists.

Firestore keeps an ascending, a descending and an array index of each field of a collection by itself; queries
on equalities alone are served by merging those. Everything else needs an index that somebody made.
https://firebase.google.com/docs/firestore/query-data/index-overview
"""

from collections.abc import Iterable
from dataclasses import dataclass

from local.firestore.errors import precondition_failed
from local.firestore.filters import Condition, conjunctions
from local.firestore.paths import DOCUMENT_ID
from local.firestore.queries import Order, Query

ASCENDING = "ASCENDING"
DESCENDING = "DESCENDING"
CONTAINS = "CONTAINS"

COLLECTION = "COLLECTION"
COLLECTION_GROUP = "COLLECTION_GROUP"


@dataclass(frozen=True)
class IndexField:
    """A field of an index: `mode` is ASCENDING, DESCENDING or CONTAINS (elements of an array)."""

    path: str
    mode: str

    def __str__(self) -> str:
        return f"{self.path} {self.mode}"


@dataclass(frozen=True)
class CompositeIndex:
    """An index over several fields of the collections called `collection`."""

    collection: str
    scope: str
    fields: tuple[IndexField, ...]


@dataclass(frozen=True)
class FieldOverride:
    """The indexes of one field, in place of the automatic ones: pairs of scope and mode."""

    collection: str
    path: str
    indexes: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Requirement:
    """What one conjunction of a query asks of an index: fields in any order, then fields in this order."""

    lookups: frozenset[IndexField]
    sorted: tuple[IndexField, ...]

    def __str__(self) -> str:
        lookups = sorted(self.lookups, key=lambda each: each.path)
        return ", ".join(str(each) for each in (*lookups, *self.sorted))


def requirements(query: Query) -> list[Requirement]:
    """One requirement for each conjunction of the query's filter."""
    return [_requirement(parts, query.orders) for parts in conjunctions(query.where)]


def _requirement(parts: list[Condition], orders: list[Order]) -> Requirement:
    lookups = frozenset(
        IndexField(each.path, CONTAINS if each.is_array_membership else ASCENDING)
        for each in parts
        if not each.is_inequality and each.path != DOCUMENT_ID
    )
    # A field that is held equal needs no order; a field of which an array element is asked does.
    equal = {each.path for each in lookups if each.mode != CONTAINS}
    ordered = [_index_field(each) for each in orders if each.path not in equal]
    return Requirement(lookups, tuple(without_implied_name(ordered)))


def without_implied_name(fields: list[IndexField]) -> list[IndexField]:
    """Every index ends with the document's name, in the direction of the field before: no need to say so."""
    if fields and fields[-1].path == DOCUMENT_ID:
        before = fields[-2] if len(fields) > 1 else None
        if before is None or before.mode in {fields[-1].mode, CONTAINS}:
            return fields[:-1]
    return fields


def _index_field(order: Order) -> IndexField:
    return IndexField(order.path, DESCENDING if order.descending else ASCENDING)


class IndexCatalog:
    """The indexes that exist beside (or, by overrides, in place of) the automatic ones."""

    def __init__(self, composites: Iterable[CompositeIndex], overrides: Iterable[FieldOverride] = ()) -> None:
        self._composites = list(composites)
        self._overrides = {(each.collection, each.path): each.indexes for each in overrides}

    def check(self, query: Query) -> None:
        """Raises FirestoreError FAILED_PRECONDITION where an index of the query does not exist."""
        collection = query.scope.collection_id
        if not collection:
            return
        scope = COLLECTION_GROUP if query.scope.all_descendants else COLLECTION
        for each in requirements(query):
            if not self._served(collection, scope, each):
                raise precondition_failed(
                    f'The query requires an index: collection "{collection}", query scope {scope}, '
                    f"fields {each}"
                )

    def _served(self, collection: str, scope: str, needed: Requirement) -> bool:
        if not needed.sorted:
            singles = all(self._single(collection, scope, each, ordered=False) for each in needed.lookups)
            return singles or self._merged(collection, scope, needed)
        if not needed.lookups and len(needed.sorted) == 1:
            return self._single(collection, scope, needed.sorted[0], ordered=True)
        return self._merged(collection, scope, needed)

    def _single(self, collection: str, scope: str, field: IndexField, ordered: bool) -> bool:
        indexes = self._overrides.get((collection, field.path))
        if indexes is None:
            return scope == COLLECTION
        # An equality is looked up in either direction; only its own order serves an order.
        modes = (field.mode,) if ordered or field.mode == CONTAINS else (ASCENDING, DESCENDING)
        return any((scope, mode) in indexes for mode in modes)

    def _merged(self, collection: str, scope: str, needed: Requirement) -> bool:
        """Indexes that end in the same order can be merged; together they must cover all lookups."""
        covered: set[IndexField] = set()
        found = False
        for index in self._composites:
            if (index.collection, index.scope) != (collection, scope):
                continue
            head = _head_before(index, needed.sorted)
            if head is not None and head <= needed.lookups:
                covered |= head
                found = True
        return found and covered == needed.lookups


def _head_before(index: CompositeIndex, tail: tuple[IndexField, ...]) -> frozenset[IndexField] | None:
    """The fields before `tail`, their direction ignored; None where the index does not end in `tail`."""
    length = len(index.fields) - len(tail)
    if length < 0 or index.fields[length:] != tail:
        return None
    return frozenset(
        each if each.mode == CONTAINS else IndexField(each.path, ASCENDING) for each in index.fields[:length]
    )
