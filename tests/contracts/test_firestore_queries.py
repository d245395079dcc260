"""Queries, as both Firestore servers answer them."""

import math
import uuid
from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore as google_firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.vector import Vector

from tests.contracts.firestore_servers import ids

pytest_plugins = ["tests.contracts.firestore_fixtures"]


def where(collection: Any, path: str, operator: str, value: Any) -> Any:
    return collection.where(filter=FieldFilter(path, operator, value))


def test_equality(letters: Any) -> None:
    assert ids(where(letters, "kind", "==", "x")) == ["a", "c", "e"]


def test_and_within_or(letters: Any) -> None:
    both = And([FieldFilter("kind", "==", "x"), FieldFilter("number", ">", 2)])
    assert sorted(ids(letters.where(filter=Or([both, FieldFilter("number", "==", 2)])))) == ["b", "c", "e"]


def test_a_range_beside_an_equality_backwards(letters: Any) -> None:
    query = where(where(letters, "kind", "==", "x"), "number", ">=", 2)
    assert ids(query.order_by("number", direction="DESCENDING")) == ["e", "c"]


def test_ranges_on_two_fields(letters: Any) -> None:
    query = where(where(letters, "number", ">", 1), "nested.tenfold", "<", 50)
    assert sorted(ids(query)) == ["b", "c", "d"]


def test_in(letters: Any) -> None:
    assert ids(where(letters, "number", "in", [1, 4, 9])) == ["a", "d"]


def test_not_in(letters: Any) -> None:
    assert ids(where(letters, "number", "not-in", [1, 4])) == ["b", "c", "e"]


def test_not_equal(letters: Any) -> None:
    assert ids(where(letters, "number", "!=", 3)) == ["a", "b", "d", "e"]


def test_array_contains(letters: Any) -> None:
    assert ids(where(letters, "tags", "array_contains", "g")) == ["b", "c"]


def test_array_contains_any(letters: Any) -> None:
    assert ids(where(letters, "tags", "array_contains_any", ["b", "r"])) == ["a", "b", "e"]


def test_a_field_of_a_map(letters: Any) -> None:
    assert ids(where(letters, "nested.tenfold", "==", 30)) == ["c"]


def test_two_orders_and_a_limit(letters: Any) -> None:
    query = letters.order_by("kind").order_by("number", direction="DESCENDING").limit(3)
    assert ids(query) == ["e", "c", "a"]


def test_an_order_leaves_out_documents_without_the_field(letters: Any) -> None:
    letters.document("z").set({"other": 1})
    assert ids(letters.order_by("number")) == ["a", "b", "c", "d", "e"]


def test_without_an_order_names_decide(collection: Any) -> None:
    for id in ("c", "a", "b"):
        collection.document(id).set({"x": 1})
    assert ids(collection) == ["a", "b", "c"]


def test_a_start_at_values(letters: Any) -> None:
    assert ids(letters.order_by("number").start_at({"number": 3})) == ["c", "d", "e"]


def test_a_start_after_a_document(letters: Any) -> None:
    snapshot = letters.document("b").get()
    assert ids(letters.order_by("number").start_after(snapshot).limit(2)) == ["c", "d"]


def test_an_end_before_values(letters: Any) -> None:
    assert ids(letters.order_by("number").end_before({"number": 3})) == ["a", "b"]


def test_an_end_at_values(letters: Any) -> None:
    assert ids(letters.order_by("number").end_at({"number": 3})) == ["a", "b", "c"]


def test_a_cursor_over_two_fields(letters: Any) -> None:
    query = letters.order_by("kind").order_by("number").start_after({"kind": "x", "number": 3})
    assert ids(query) == ["e", "b", "d"]


def test_paging_through_equal_values_gives_each_document_once(collection: Any) -> None:
    for number in range(11):
        collection.document(f"d{number:02}").set({"group": number % 2})
    query = collection.order_by("group").order_by("__name__").limit(3)
    got: list[str] = []
    page = list(query.stream())
    while page:
        got += [each.id for each in page]
        page = list(query.start_after(page[-1]).stream())
    assert len(got) == 11
    assert len(set(got)) == 11


def test_an_offset(letters: Any) -> None:
    assert ids(letters.order_by("number").offset(3)) == ["d", "e"]


def test_a_limit_of_nothing(letters: Any) -> None:
    assert ids(letters.limit(0)) == []


def test_a_limit_from_the_end(letters: Any) -> None:
    assert [each.id for each in letters.order_by("number").limit_to_last(2).get()] == ["d", "e"]


def test_a_selection_of_fields(letters: Any) -> None:
    query = where(letters, "number", "==", 1).select(["kind"])
    assert [each.to_dict() for each in query.stream()] == [{"kind": "x"}]


def test_document_ids_in_a_list(letters: Any) -> None:
    assert ids(where(letters, "__name__", "in", [letters.document("a"), letters.document("e")])) == ["a", "e"]


def test_a_range_of_document_ids(letters: Any) -> None:
    assert ids(where(letters, "__name__", ">=", letters.document("d"))) == ["d", "e"]


def test_null_and_nan_are_found_and_a_missing_field_is_neither(collection: Any) -> None:
    for id, fields in {"null": {"x": None}, "nan": {"x": math.nan}, "one": {"x": 1}, "none": {}}.items():
        collection.document(id).set(fields)
    assert ids(where(collection, "x", "==", None)) == ["null"]
    assert ids(where(collection, "x", "==", math.nan)) == ["nan"]


def test_types_have_an_order(collection: Any, client: Any) -> None:
    values = {
        "a": None,
        "b": False,
        "c": True,
        "d": math.nan,
        "e": -1.5,
        "f": 1,
        "g": datetime(2020, 1, 1, tzinfo=UTC),
        "h": "Z",
        "i": "a",
        "j": "é",
        "k": b"b",
        "l": client.document("a/b"),
        "m": google_firestore.GeoPoint(1, 2),
        "n": [1],
        "o": [1, 0],
        "p": Vector([1.0]),
        "q": {"a": 1},
        "r": {"a": 1, "b": 0},
    }
    for id in reversed(values):
        collection.document(id).set({"x": values[id]})
    assert "".join(ids(collection.order_by("x"))) == "".join(values)


def test_a_range_stays_within_the_type_of_its_bound(collection: Any) -> None:
    collection.document("number").set({"x": 5})
    collection.document("text").set({"x": "5"})
    assert ids(where(collection, "x", ">", 1)) == ["number"]


def test_a_collection_group_reads_every_collection_of_that_name(collection: Any, client: Any) -> None:
    group = f"g{uuid.uuid4().hex[:8]}"
    for parent in ("p", "q"):
        collection.document(parent).collection(group).document("k").set({"x": parent})
    client.collection(group).document("top").set({"x": "t"})
    found = client.collection_group(group)
    assert sorted(each.to_dict()["x"] for each in found.stream()) == ["p", "q", "t"]
    one = where(found, "x", "==", "q").stream()
    assert [each.reference.path for each in one] == [f"{collection.id}/q/{group}/k"]


def test_a_collection_query_does_not_reach_into_subcollections(collection: Any) -> None:
    collection.document("a").set({"x": 1})
    collection.document("a").collection(collection.id).document("below").set({"x": 1})
    assert ids(collection) == ["a"]


def test_a_count(letters: Any) -> None:
    assert int(where(letters, "kind", "==", "x").count(alias="n").get()[0][0].value) == 3


def test_a_count_of_a_limited_query(letters: Any) -> None:
    assert int(letters.limit(2).count(alias="n").get()[0][0].value) == 2


def test_a_sum_and_an_average(letters: Any) -> None:
    query = where(letters, "number", "<=", 4).sum("number", alias="sum")
    query.avg("number", alias="average")
    assert {each.alias: each.value for each in query.get()[0]} == {"sum": 10, "average": 2.5}
