"""Random documents, queries and writes, the same for every server, from a seed."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.types import Document, Value

FIELDS = ("x", "y", "m.p", "l")
DIRECTIONS = ("ASCENDING", "DESCENDING")
OPERATORS = ("==", "==", "<", "<=", ">", ">=", "!=", "in", "not-in", "array_contains", "array_contains_any")
LISTS = frozenset({"in", "not-in", "array_contains_any"})
TRANSFORMS = ("increment", "maximum", "minimum", "append_missing_elements", "remove_all_from_array", "time")

# A filter: (path, operator, value), or ("and" | "or", [filters]).
Filter = tuple[Any, ...]
# ("refused", error class), or what came back.
Outcome = Any


def random_value(rnd: random.Random, nested: bool = False) -> Any:
    """A value of any type, often one that meets another."""
    makers: list[tuple[float, Callable[[], Any]]] = [
        (0.35, lambda: rnd.randint(-3, 5)),
        (0.1, lambda: rnd.choice([0.5, -1.5, 2.0, math.nan, -0.0, 1e300])),
        (0.15, lambda: rnd.choice(["a", "b", "", "é", "z", "B"])),
        (0.08, lambda: rnd.choice([True, False])),
        (0.06, lambda: None),
        (0.06, lambda: datetime(2020, 1, rnd.randint(1, 3), tzinfo=UTC)),
        (0.04, lambda: rnd.choice([b"", b"a", b"\xff"])),
    ]
    if not nested:
        makers.append((0.09, lambda: random_list(rnd)))
        makers.append(
            (0.07, lambda: {rnd.choice("pq"): random_value(rnd, True) for _ in range(rnd.randint(0, 2))})
        )
    [(_, make)] = rnd.choices(makers, [weight for weight, _ in makers])
    return make()


def random_list(rnd: random.Random, least: int = 0) -> list[Any]:
    """Up to three simple values."""
    return [random_value(rnd, nested=True) for _ in range(rnd.randint(least, 3))]


def random_document(rnd: random.Random) -> dict[str, Any]:
    """Some of the fields x, y, m.p and l, which is always a list."""
    makers: dict[str, tuple[float, Callable[[], Any]]] = {
        "x": (0.9, lambda: random_value(rnd)),
        "y": (0.8, lambda: random_value(rnd)),
        "m": (0.5, lambda: {"p": random_value(rnd, nested=True)}),
        "l": (0.6, lambda: random_list(rnd)),
    }
    return {name: make() for name, (chance, make) in makers.items() if rnd.random() < chance}


@dataclass(frozen=True)
class QuerySpec:
    """A query as data, so that a failure can be read."""

    filters: list[Filter]
    orders: list[tuple[str, str]]
    cursor: tuple[str, str] | None
    limit: int | None
    offset: int
    select: list[str] | None
    aggregate: bool
    group: bool


def random_query(rnd: random.Random, documents: list[str]) -> QuerySpec:
    """Any combination of clauses, refused ones among them."""
    cursor = rnd.choice([None, None, None, "start_at", "start_after", "end_at", "end_before"])
    paths = (*FIELDS, "__name__")
    return QuerySpec(
        filters=[_random_filter(rnd) for _ in range(rnd.choice([0, 1, 1, 2]))],
        orders=[(rnd.choice(paths), rnd.choice(DIRECTIONS)) for _ in range(rnd.choice([0, 1, 1, 2]))],
        cursor=(cursor, rnd.choice(documents)) if cursor else None,
        limit=rnd.choice([None, None, 3, 10]),
        offset=rnd.choice([0, 0, 0, 2]),
        select=rnd.choice([None, None, ["x"], ["m.p", "l"]]),
        aggregate=rnd.random() < 0.15,
        group=rnd.random() < 0.1,
    )


def _random_filter(rnd: random.Random, depth: int = 0) -> Filter:
    if depth < 2 and rnd.random() < 0.25:
        parts = [_random_filter(rnd, depth + 1) for _ in range(rnd.randint(2, 3))]
        return rnd.choice(["and", "or"]), parts
    operator = rnd.choice(OPERATORS)
    value = random_list(rnd, least=1) if operator in LISTS else random_value(rnd)
    return rnd.choice(FIELDS), operator, value


def _build_filter(spec: Filter) -> Any:
    if spec[0] in {"and", "or"}:
        return {"and": And, "or": Or}[spec[0]]([_build_filter(each) for each in spec[1]])
    return FieldFilter(*spec)


def run_query(client: Any, spec: QuerySpec) -> Outcome:
    """The answer in comparable form, or ("refused", error class). Raises ValueError where the client refuses."""
    try:
        query = _build_query(client, spec)
        if spec.aggregate:
            query = query.count(alias="n").sum("x", alias="sum").avg("y", alias="average")
            return sorted((each.alias, comparable(each.value)) for each in query.get()[0])
        return [(each.reference.path, comparable(each.to_dict())) for each in query.stream()]
    except exceptions.GoogleAPICallError as error:
        return "refused", type(error).__name__


def _build_query(client: Any, spec: QuerySpec) -> Any:
    query = client.collection_group("s") if spec.group else client.collection("c")
    for each in spec.filters:
        query = query.where(filter=_build_filter(each))
    for path, direction in spec.orders:
        query = query.order_by(path, direction=direction)
    query = query.offset(spec.offset)
    if spec.cursor and not spec.group:
        method, id = spec.cursor
        query = getattr(query, method)(client.document(f"c/{id}").get())
    if spec.limit:
        query = query.limit(spec.limit)
    return query.select(spec.select) if spec.select and not spec.aggregate else query


def comparable(value: Any) -> Any:
    """NaN equals NaN, 1 differs from 1.0 and True, 0.0 from -0.0."""
    if isinstance(value, float):
        return "double", str(value)
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in sorted(value.items())}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return type(value).__name__, value


def random_write(rnd: random.Random, id: str) -> dict[str, Any]:
    """A Write message as a dict, for document `id`; the condition is one of none, exists, present and stale."""
    kind = rnd.choice(["set", "set", "merge", "merge", "transform", "delete"])
    write: dict[str, Any] = {"kind": kind, "id": id, "transforms": []}
    write["condition"] = rnd.choice(["none", "none", "none", "exists", "absent", "present", "stale"])
    if kind in {"set", "merge"}:
        write["fields"] = random_document(rnd)
    if kind == "merge":
        write["mask"] = rnd.sample(["x", "y", "m", "m.p", "l", "x.deep", "`odd name`"], rnd.randint(1, 3))
    if kind == "transform" or (kind != "delete" and rnd.random() < 0.3):
        write["transforms"] = [_random_transform(rnd) for _ in range(rnd.randint(1, 2))]
    return write


def _random_transform(rnd: random.Random) -> dict[str, Any]:
    kind, path = rnd.choice(TRANSFORMS), rnd.choice([*FIELDS, "x.deep"])
    if kind == "time":
        return {"field_path": "t", "set_to_server_value": "REQUEST_TIME"}
    if kind in {"append_missing_elements", "remove_all_from_array"}:
        return {"field_path": path, kind: {"values": [as_value(each) for each in random_list(rnd)]}}
    number = rnd.choice([1, -2, 0, 0.5, 1.0, -0.0, math.nan, 2**63 - 1, -(2**63), 1e308])
    return {"field_path": path, kind: as_value(number)}


def as_value(value: Any) -> Value:
    """The Value message of a Python value."""
    from google.cloud.firestore_v1 import _helpers

    return _helpers.encode_value(value)


def as_document(name: str, fields: dict[str, Any]) -> Document:
    """The Document message of a dict."""
    return Document(name=name, fields={key: as_value(value) for key, value in fields.items()})
