"""Filters of a query: turning them into predicates, and walking them."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from local.firestore.errors import invalid
from local.firestore.messages import Message, StructuredQuery, Value
from local.firestore.snapshot import Snapshot
from local.firestore.values import NAN, NULL, RANKS, Key, order_key

Predicate = Callable[[Snapshot], bool]
KeyTest = Callable[[Key], bool]

Operator: Any = StructuredQuery.FieldFilter.Operator
Unary: Any = StructuredQuery.UnaryFilter.Operator
Composite: Any = StructuredQuery.CompositeFilter.Operator

EQUALITIES = frozenset({Operator.EQUAL, Operator.IN})
ARRAY_MEMBERSHIPS = frozenset({Operator.ARRAY_CONTAINS, Operator.ARRAY_CONTAINS_ANY})
NEGATIONS = frozenset({Operator.NOT_EQUAL, Operator.NOT_IN, Unary.IS_NOT_NULL, Unary.IS_NOT_NAN})
RANGES = frozenset(
    {
        Operator.LESS_THAN,
        Operator.LESS_THAN_OR_EQUAL,
        Operator.GREATER_THAN,
        Operator.GREATER_THAN_OR_EQUAL,
    }
)


class Condition:
    """One comparison of a filter: a field, an operator and, unless unary, an operand."""

    __slots__ = ("operand", "operator", "path", "unary")

    def __init__(self, part: Message, unary: bool) -> None:
        self.unary = unary
        self.operator: int = part.op
        self.path: str = part.field.field_path
        self.operand: Value = Value() if unary else part.value

    @property
    def is_negation(self) -> bool:
        """!=, not-in, is not null, is not NaN."""
        return (
            (self.operator in {Unary.IS_NOT_NULL, Unary.IS_NOT_NAN})
            if self.unary
            else (self.operator in {Operator.NOT_EQUAL, Operator.NOT_IN})
        )

    @property
    def is_inequality(self) -> bool:
        """Ranges and negations: what an index must hold in order."""
        return self.is_negation or (not self.unary and self.operator in RANGES)

    @property
    def is_array_membership(self) -> bool:
        """array-contains and array-contains-any."""
        return not self.unary and self.operator in ARRAY_MEMBERSHIPS

    def has(self, operator: int) -> bool:
        """Whether this is the binary comparison `operator`."""
        return not self.unary and self.operator == operator


def kind_of_filter(part: Message) -> str | None:
    """composite_filter, field_filter, unary_filter, or None for an empty filter."""
    return part.WhichOneof("filter_type")


def conditions(part: Message) -> Iterator[Condition]:
    """Every comparison in a filter, from left to right."""
    kind = kind_of_filter(part)
    if kind == "composite_filter":
        for each in part.composite_filter.filters:
            yield from conditions(each)
    elif kind is not None:
        yield Condition(getattr(part, kind), unary=kind == "unary_filter")


def has_or(part: Message) -> bool:
    """Whether an OR stands anywhere in a filter."""
    if kind_of_filter(part) != "composite_filter":
        return False
    composite = part.composite_filter
    return composite.op == Composite.OR or any(has_or(each) for each in composite.filters)


def conjunctions(part: Message) -> list[list[Condition]]:
    """The filter as an OR of ANDs (disjunctive normal form); `in` lists stay whole."""
    if kind_of_filter(part) != "composite_filter":
        return [list(conditions(part))]
    branches = [conjunctions(each) for each in part.composite_filter.filters]
    if part.composite_filter.op == Composite.OR:
        return [conjunction for branch in branches for conjunction in branch]
    return [[each for one in choice for each in one] for choice in product(*branches)]


def compile_filter(part: Message) -> Predicate:
    """The predicate of a filter. Raises FirestoreError for an operator it does not know."""
    kind = kind_of_filter(part)
    if kind is None:
        return lambda _snapshot: True
    if kind == "composite_filter":
        return _compile_composite(part.composite_filter)
    condition = Condition(getattr(part, kind), unary=kind == "unary_filter")
    test = _unary_test(condition.operator) if condition.unary else _binary_test(condition)
    path = condition.path

    def holds(snapshot: Snapshot) -> bool:
        key = snapshot.key(path)
        return key is not None and test(key)

    return holds


def _compile_composite(composite: Message) -> Predicate:
    parts = [compile_filter(each) for each in composite.filters]
    if composite.op == Composite.OR:
        return lambda snapshot: any(part(snapshot) for part in parts)
    return lambda snapshot: all(part(snapshot) for part in parts)


def _unary_test(operator: int) -> KeyTest:
    tests: dict[int, KeyTest] = {
        Unary.IS_NULL: lambda key: key == NULL,
        Unary.IS_NOT_NULL: lambda key: key != NULL,
        Unary.IS_NAN: lambda key: key == NAN,
        Unary.IS_NOT_NAN: lambda key: key not in (NAN, NULL),
    }
    if operator not in tests:
        raise invalid("unary filter has no operator")
    return tests[operator]


def _binary_test(condition: Condition) -> KeyTest:
    operand, operator = condition.operand, condition.operator
    if operator == Operator.EQUAL:
        wanted = order_key(operand)
        return lambda key: key == wanted
    if operator == Operator.NOT_EQUAL:
        unwanted = order_key(operand)
        return lambda key: key not in (NULL, unwanted)
    if operator == Operator.ARRAY_CONTAINS:
        element = order_key(operand)
        return lambda key: key[0] == RANKS["array_value"] and element in key[1]
    if operator in RANGES:
        return _range_test(operator, order_key(operand))
    return _list_test(operator, [order_key(each) for each in operand.array_value.values])


def _list_test(operator: int, listed: list[Key]) -> KeyTest:
    members = frozenset(listed)
    if operator == Operator.IN:
        # null and NaN are found by `is null` and `is NaN` only.
        return lambda key: key in members and key not in (NULL, NAN)
    if operator == Operator.NOT_IN:
        return lambda key: NULL not in members and key != NULL and key not in members
    if operator == Operator.ARRAY_CONTAINS_ANY:
        elements = members - {NULL, NAN}
        return lambda key: key[0] == RANKS["array_value"] and not elements.isdisjoint(key[1])
    raise invalid("field filter has no operator")


def _range_test(operator: int, bound: Key) -> KeyTest:
    """Ranges stay within the type of the operand, and NaN is comparable with nothing but itself."""

    def comparable(key: Key) -> bool:
        return bool(key[0] == bound[0]) and (key == NAN) == (bound == NAN)

    tests: dict[int, KeyTest] = {
        Operator.LESS_THAN: lambda key: comparable(key) and key < bound,
        Operator.LESS_THAN_OR_EQUAL: lambda key: comparable(key) and key <= bound,
        Operator.GREATER_THAN: lambda key: comparable(key) and key > bound,
        Operator.GREATER_THAN_OR_EQUAL: lambda key: comparable(key) and key >= bound,
    }
    return tests[operator]
