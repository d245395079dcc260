"""Values: their order across types, and what may be stored.

Order: null, boolean, number (NaN first), timestamp, string, bytes, reference, geo point, array, vector, map.
https://firebase.google.com/docs/firestore/manage-data/data-types
"""

import math
import re
from typing import Any

from local.firestore.errors import invalid
from local.firestore.messages import Document, Fields, Value
from local.firestore.times import to_micros

# A value turned into something Python compares as Firestore does. The first item is the rank of the type.
Key = tuple[Any, ...]

RANKS = {
    "null_value": 0,
    "boolean_value": 1,
    "integer_value": 2,
    "double_value": 2,
    "timestamp_value": 3,
    "string_value": 4,
    "bytes_value": 5,
    "reference_value": 6,
    "geo_point_value": 7,
    "array_value": 8,
    "map_value": 10,
}
VECTOR_RANK = 9
NULL: Key = (0,)
NAN: Key = (2, 0, 0)

MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**63 - 1

_MAX_DOCUMENT_BYTES = 1 << 20
_MAX_DEPTH = 20
_RESERVED = re.compile(r"__.*__", re.DOTALL)
_NUMERIC_ID = re.compile(r"__id(-?\d+)__")


def kind_of(value: Value) -> str:
    """The name of the set field of a Value; an unset Value counts as null."""
    return value.WhichOneof("value_type") or "null_value"


def order_key(value: Value) -> Key:
    """The key by which `value` is ordered and compared; equal keys mean equal values (1 equals 1.0)."""
    kind = kind_of(value)
    if kind in {"integer_value", "double_value"}:
        return number_key(getattr(value, kind))
    if kind == "map_value":
        return _map_key(value.map_value.fields)
    if kind == "array_value":
        return (RANKS[kind], tuple(order_key(each) for each in value.array_value.values))
    if kind == "reference_value":
        return (RANKS[kind], reference_key(value.reference_value))
    if kind == "timestamp_value":
        return (RANKS[kind], to_micros(value.timestamp_value))
    if kind == "string_value":
        # Firestore orders strings by their UTF-8 bytes.
        return (RANKS[kind], value.string_value.encode())
    if kind == "geo_point_value":
        return (RANKS[kind], value.geo_point_value.latitude, value.geo_point_value.longitude)
    return NULL if kind == "null_value" else (RANKS[kind], getattr(value, kind))


def number_key(number: float) -> Key:
    """The key of an integer or a double."""
    return NAN if math.isnan(number) else (2, 1, number)


def reference_key(name: str) -> Key:
    """Document names are ordered segment by segment, numeric ids (__id7__) before all others."""
    segments: list[Key] = []
    for segment in name.split("/"):
        numeric = _NUMERIC_ID.fullmatch(segment)
        segments.append((0, int(numeric[1])) if numeric else (1, segment.encode()))
    return tuple(segments)


def is_number(value: Value) -> bool:
    """Whether arithmetic applies."""
    return kind_of(value) in {"integer_value", "double_value"}


def number_of(value: Value) -> float:
    """The Python int or float in a numeric Value."""
    number: float = getattr(value, kind_of(value))
    return number


def number_value(number: float) -> Value:
    """A double for a float, an integer held within 64 bits for an int."""
    if isinstance(number, float):
        return Value(double_value=number)
    return Value(integer_value=max(MIN_INTEGER, min(MAX_INTEGER, number)))


def make_storable(document: Document) -> None:
    """Cuts timestamps to microseconds. Raises FirestoreError for what Firestore refuses to store.

    https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields
    """
    _make_fields_storable(document.fields, 1)
    size = len(document.name.encode()) + sum(
        len(name.encode()) + 1 + value.ByteSize() for name, value in document.fields.items()
    )
    if size > _MAX_DOCUMENT_BYTES:
        raise invalid(
            f"Document '{document.name}' cannot be written because its size ({size:,} bytes) exceeds the "
            f"maximum allowed size of {_MAX_DOCUMENT_BYTES:,} bytes."
        )


def _make_fields_storable(fields: Fields, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise invalid(f"Property contains an invalid nested entity: maps nest deeper than {_MAX_DEPTH}.")
    vector = _is_vector(fields)
    for name, value in fields.items():
        if not name:
            raise invalid("The property.name is the empty string.")
        if _RESERVED.fullmatch(name) and not vector:
            raise invalid(f"field name {name} is reserved")
        _make_storable(value, depth)


def _make_storable(value: Value, depth: int) -> None:
    kind = kind_of(value)
    if kind == "map_value":
        _make_fields_storable(value.map_value.fields, depth + 1)
    elif kind == "array_value":
        for each in value.array_value.values:
            if kind_of(each) == "array_value":
                raise invalid("Property array contains an invalid nested entity.")
            _make_storable(each, depth)
    elif kind == "timestamp_value":
        value.timestamp_value.nanos -= value.timestamp_value.nanos % 1000
    elif kind == "reference_value" and not value.reference_value.startswith("projects/"):
        raise invalid(f'Resource name "{value.reference_value}" lacks "projects" at index 0.')


def _map_key(fields: Fields) -> Key:
    if _is_vector(fields):
        numbers = fields["value"].array_value.values
        return (VECTOR_RANK, len(numbers), tuple(order_key(each) for each in numbers))
    ordered = sorted(fields.items(), key=lambda item: item[0].encode())
    return (RANKS["map_value"], tuple((name.encode(), order_key(value)) for name, value in ordered))


def _is_vector(fields: Fields) -> bool:
    """Vectors travel as a map of this shape."""
    return "__type__" in fields and "value" in fields and fields["__type__"].string_value == "__vector__"
