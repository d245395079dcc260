"""Field transforms: increments, bounds, array changes and the server's time, computed by the server.

https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#documenttransform
"""

from collections.abc import Iterable

from local.firestore.errors import invalid
from local.firestore.messages import Document, Message, Value
from local.firestore.paths import read_field, split_path, write_field
from local.firestore.times import to_timestamp
from local.firestore.values import (
    NAN,
    Key,
    is_number,
    kind_of,
    number_of,
    number_value,
    order_key,
)

_MICROS_IN_MILLI = 1000
_ARITHMETIC = frozenset({"increment", "maximum", "minimum"})


def apply_transforms(document: Document, transforms: Iterable[Message], time: int) -> list[Value]:
    """Changes `document`; one result for each of the checked transforms. `time`: the commit's, in microseconds."""
    results: list[Value] = []
    for transform in transforms:
        names = split_path(transform.field_path)
        value, result = _transformed(read_field(document.fields, names), transform, time)
        # Copied first: the result may be the stored value itself, which the next transform changes.
        told = Value()
        told.CopyFrom(result)
        results.append(told)
        write_field(document.fields, names, value)
    return results


def check_transforms(transforms: Iterable[Message]) -> None:
    """Raises FirestoreError for transforms that can never be done, whatever the document is."""
    paths: list[tuple[str, ...]] = []
    for transform in transforms:
        kind = transform.WhichOneof("transform_type")
        if kind is None:
            raise invalid("empty transform operation")
        if kind in _ARITHMETIC and not is_number(getattr(transform, kind)):
            raise invalid("Input must be int64 or double.")
        paths.append(split_path(transform.field_path))
    for outer in paths:
        if any(len(inner) > len(outer) and inner[: len(outer)] == outer for inner in paths):
            raise invalid(
                f"Cannot transform property {'.'.join(outer)} and its nested property at the same time."
            )


def _transformed(old: Value | None, transform: Message, time: int) -> tuple[Value, Value]:
    """The new value of the field, and what the client is told."""
    kind = transform.WhichOneof("transform_type")
    if kind == "set_to_server_value":
        # The server's time is given in whole milliseconds.
        value = Value(timestamp_value=to_timestamp(time - time % _MICROS_IN_MILLI))
    elif kind in _ARITHMETIC:
        value = _number(kind, old, getattr(transform, kind))
    elif kind == "append_missing_elements":
        return _array(_united(_elements(old), transform.append_missing_elements.values)), Value(null_value=0)
    else:
        unwanted = {order_key(each) for each in transform.remove_all_from_array.values}
        kept = [each for each in _elements(old) if order_key(each) not in unwanted]
        return _array(kept), Value(null_value=0)
    return value, value


def _number(kind: str | None, old: Value | None, operand: Value) -> Value:
    if old is None or not is_number(old):
        return operand
    if kind == "increment":
        return number_value(number_of(old) + number_of(operand))
    mine, other = order_key(old), order_key(operand)
    if NAN in (mine, other):
        return Value(double_value=float("nan"))
    # Equal numbers keep the stored one, so 1 stays an integer beside 1.0.
    keeps = mine >= other if kind == "maximum" else mine <= other
    return old if keeps else operand


def _elements(old: Value | None) -> list[Value]:
    if old is None or kind_of(old) != "array_value":
        return []
    return list(old.array_value.values)


def _united(elements: list[Value], added: Iterable[Value]) -> list[Value]:
    united = list(elements)
    known: set[Key] = {order_key(each) for each in elements}
    for each in added:
        key = order_key(each)
        if key not in known:
            united.append(each)
            known.add(key)
    return united


def _array(elements: list[Value]) -> Value:
    value = Value()
    value.array_value.SetInParent()
    value.array_value.values.extend(elements)
    return value
