"""A structured query: checked, given its full sort order, and run over the documents of its collections."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from local.firestore.errors import invalid, precondition_failed, unsupported
from local.firestore.filters import (
    ARRAY_MEMBERSHIPS,
    Composite,
    Condition,
    Operator,
    compile_filter,
    conditions,
    has_or,
    kind_of_filter,
)
from local.firestore.messages import Message, StructuredQuery
from local.firestore.paths import DOCUMENT_ID, split_path
from local.firestore.snapshot import Snapshot
from local.firestore.values import Key, order_key

# https://firebase.google.com/docs/firestore/query-data/queries#query_limitations
_MAX_DISJUNCTIONS = 30


@dataclass(frozen=True)
class Order:
    """One step of a sort order."""

    path: str
    descending: bool


@dataclass(frozen=True)
class Scope:
    """Which collections a query reads: those called `collection_id` (all of them if empty) below `parent`."""

    parent: str
    collection_id: str
    all_descendants: bool


@dataclass(frozen=True)
class _Cursor:
    keys: tuple[Key, ...]
    before: bool


class Query:
    """A compiled query, to be run any number of times. Raises FirestoreError for what Firestore refuses."""

    def __init__(self, parent: str, query: StructuredQuery, aggregated: Sequence[str] = ()) -> None:
        if query.HasField("find_nearest"):
            raise unsupported("This server has no vector search.")
        self.where = query.where
        self.conditions = list(conditions(query.where))
        orders = sort_order(query, self.conditions)
        self.scope = _scope(parent, query)
        _check_filter(self.where, self.conditions)
        _check_order(orders, self.conditions)
        self.orders = _with_aggregated(orders, query, aggregated)
        _check_counts(query)
        self._matches = compile_filter(self.where)
        self._start = _cursor(query, "start_at", self.orders)
        self._end = _cursor(query, "end_at", self.orders)
        self._offset: int = query.offset
        self._limit: int | None = query.limit.value if query.HasField("limit") else None
        self.selected = (
            [each.field_path for each in query.select.fields] if query.HasField("select") else None
        )

    def run(self, snapshots: Iterable[Snapshot]) -> list[Snapshot]:
        """What matches, in order, within cursors, offset and limit. `snapshots`: those of the scope."""
        rows: list[tuple[list[Key], Snapshot]] = []
        for snapshot in snapshots:
            keys = self._sort_keys(snapshot)
            if keys is not None and self._matches(snapshot) and self._within(keys):
                rows.append((keys, snapshot))
        # Sorting is stable, so the last step goes first.
        for step in reversed(range(len(self.orders))):
            by_step = itemgetter(step)
            rows.sort(key=lambda row: by_step(row[0]), reverse=self.orders[step].descending)
        end = None if self._limit is None else self._offset + self._limit
        return [snapshot for _, snapshot in rows[self._offset : end]]

    def _sort_keys(self, snapshot: Snapshot) -> list[Key] | None:
        """None where a field of the order is missing: such a document is in no index of that order."""
        keys: list[Key] = []
        for order in self.orders:
            key = snapshot.key(order.path)
            if key is None:
                return None
            keys.append(key)
        return keys

    def _within(self, keys: list[Key]) -> bool:
        if self._start is not None:
            side = self._compare(keys, self._start.keys)
            if side < 0 or (side == 0 and not self._start.before):
                return False
        if self._end is not None:
            side = self._compare(keys, self._end.keys)
            return side < 0 or (side == 0 and not self._end.before)
        return True

    def _compare(self, keys: list[Key], cursor: tuple[Key, ...]) -> int:
        for order, mine, other in zip(self.orders, keys, cursor, strict=False):
            if mine != other:
                return -1 if (mine < other) != order.descending else 1
        return 0


def sort_order(query: StructuredQuery, parts: list[Condition]) -> list[Order]:
    """The explicit order, the inequality fields by name, and last the document's name."""
    orders = [
        Order(each.field.field_path, each.direction == StructuredQuery.DESCENDING) for each in query.order_by
    ]
    descending = orders[-1].descending if orders else False
    named = {order.path for order in orders}
    for path in sorted({each.path for each in parts if each.is_inequality} - named - {DOCUMENT_ID}):
        orders.append(Order(path, descending))
    if DOCUMENT_ID not in named:
        orders.append(Order(DOCUMENT_ID, descending))
    return orders


def _with_aggregated(orders: list[Order], query: StructuredQuery, aggregated: Sequence[str]) -> list[Order]:
    """An aggregation reads its fields from the index, so they are part of the order, before an implied name.

    Documents without one of them do not count.
    """
    paths = [order.path for order in orders]
    missing = [path for path in dict.fromkeys(aggregated) if path not in paths]
    if missing and any(each.field.field_path == DOCUMENT_ID for each in query.order_by):
        raise invalid(
            f"This query requires an index that has fields [{', '.join(missing)}] after __name__ and Firestore "
            "does not currently support such an index. Please try the query again with additional ordering on "
            "those fields."
        )
    last = orders[-1]
    return [*orders[:-1], *(Order(path, last.descending) for path in missing), last]


def _scope(parent: str, query: StructuredQuery) -> Scope:
    sources = query.from_
    if len(sources) > 1:
        raise invalid("A query may have one collection selector at most.")
    if not sources:
        return Scope(parent, "", all_descendants=True)
    return Scope(parent, sources[0].collection_id, sources[0].all_descendants)


def _check_counts(query: StructuredQuery) -> None:
    if query.HasField("limit") and query.limit.value < 0:
        raise invalid("limit is negative")
    if query.offset < 0:
        raise invalid("offset is negative")


def _check_filter(where: Message, parts: list[Condition]) -> None:
    for each in parts:
        if each.path != DOCUMENT_ID:
            split_path(each.path)
    if _disjunctions(where) > _MAX_DISJUNCTIONS:
        raise invalid(f"The maximum number of disjunctions after normalization is {_MAX_DISJUNCTIONS}.")
    if sum(each.is_negation for each in parts) > 1:
        raise invalid(
            "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter allowed per query."
        )
    listed = any(each.has(Operator.IN) or each.has(Operator.ARRAY_CONTAINS_ANY) for each in parts)
    if any(each.has(Operator.NOT_IN) for each in parts) and (listed or has_or(where)):
        raise invalid("'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.")
    if _array_memberships(where) > 1:
        raise invalid("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.")


def _check_order(orders: list[Order], parts: list[Condition]) -> None:
    if set(orders) == {Order(DOCUMENT_ID, descending=True)} and not parts:
        raise precondition_failed("Firestore does not support descending key scans")
    paths = [order.path for order in orders]
    for position, path in enumerate(paths):
        if path in paths[:position]:
            raise invalid(f"order by clause cannot contain duplicate fields {path}")
    if paths.index(DOCUMENT_ID) != len(paths) - 1:
        raise invalid("order by clause cannot contain more fields after the key")


def _disjunctions(part: Message) -> int:
    """How many ANDs the filter has once every OR and every list is multiplied out."""
    kind = kind_of_filter(part)
    if kind == "composite_filter":
        counts = [_disjunctions(each) for each in part.composite_filter.filters]
        return sum(counts) if part.composite_filter.op == Composite.OR else math.prod(counts)
    if kind == "field_filter" and part.field_filter.op in {Operator.IN, Operator.ARRAY_CONTAINS_ANY}:
        count = len(part.field_filter.value.array_value.values)
        if not count:
            raise invalid("'IN' requires a non-empty array.")
        if count > _MAX_DISJUNCTIONS:
            raise invalid(f"'IN' supports up to {_MAX_DISJUNCTIONS} comparison values.")
        return count
    return 1


def _array_memberships(part: Message) -> int:
    kind = kind_of_filter(part)
    if kind == "composite_filter":
        counts = [_array_memberships(each) for each in part.composite_filter.filters]
        return max(counts, default=0) if part.composite_filter.op == Composite.OR else sum(counts)
    return int(kind == "field_filter" and part.field_filter.op in ARRAY_MEMBERSHIPS)


def _cursor(query: StructuredQuery, field: str, orders: list[Order]) -> _Cursor | None:
    if not query.HasField(field):
        return None
    cursor = getattr(query, field)
    if len(cursor.values) > len(orders):
        raise invalid("Cursor has too many values.")
    return _Cursor(tuple(order_key(value) for value in cursor.values), cursor.before)
