"""count, sum and average over the answer to a query."""

from collections.abc import Iterable

from local.firestore.errors import invalid
from local.firestore.messages import Message, Value
from local.firestore.paths import read_field, split_path
from local.firestore.snapshot import Snapshot
from local.firestore.values import MAX_INTEGER, MIN_INTEGER, is_number, number_of


def aggregate(aggregations: Iterable[Message], snapshots: list[Snapshot]) -> dict[str, Value]:
    """The value of each aggregation under its alias.

    https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#structuredaggregationquery
    """
    values: dict[str, Value] = {}
    for position, each in enumerate(aggregations, start=1):
        alias = each.alias or f"field_{position}"
        if alias in values:
            raise invalid(f"Aggregation aliases contain duplicate alias: {alias}.")
        values[alias] = _one(each, snapshots)
    if not values:
        raise invalid("An aggregation query needs an aggregation.")
    return values


def aggregated_paths(aggregations: Iterable[Message]) -> list[str]:
    """The fields that sums and averages are made of."""
    operators = ((each, each.WhichOneof("operator")) for each in aggregations)
    return [getattr(each, kind).field.field_path for each, kind in operators if kind in {"sum", "avg"}]


def _one(aggregation: Message, snapshots: list[Snapshot]) -> Value:
    kind = aggregation.WhichOneof("operator")
    if kind == "count":
        counted = len(snapshots)
        if aggregation.count.HasField("up_to"):
            counted = min(counted, aggregation.count.up_to.value)
        return Value(integer_value=counted)
    if kind == "sum":
        return _sum_value(sum(_numbers(aggregation.sum.field.field_path, snapshots)))
    if kind == "avg":
        numbers = _numbers(aggregation.avg.field.field_path, snapshots)
        return Value(double_value=sum(numbers) / len(numbers)) if numbers else Value(null_value=0)
    raise invalid("empty aggregation operation")


def _numbers(path: str, snapshots: list[Snapshot]) -> list[float]:
    names = split_path(path)
    values = (read_field(each.document.fields, names) for each in snapshots)
    return [number_of(value) for value in values if value is not None and is_number(value)]


def _sum_value(total: float) -> Value:
    # A sum of integers that leaves 64 bits becomes a double.
    if isinstance(total, int) and MIN_INTEGER <= total <= MAX_INTEGER:
        return Value(integer_value=total)
    return Value(double_value=float(total))
