"""Documents, as both Firestore servers keep them."""

import math
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import firestore as google_firestore
from google.cloud.firestore_v1.field_path import FieldPath

pytest_plugins = ["tests.contracts.firestore_fixtures"]


def test_what_is_set_is_got(document: Any) -> None:
    document.set({"x": 1, "map": {"y": "z"}})
    assert document.get().to_dict() == {"x": 1, "map": {"y": "z"}}


def test_a_missing_document_does_not_exist(document: Any) -> None:
    snapshot = document.get()
    assert not snapshot.exists
    assert snapshot.to_dict() is None


def test_set_replaces_the_whole_document(document: Any) -> None:
    document.set({"x": 1})
    document.set({"y": 2})
    assert document.get().to_dict() == {"y": 2}


def test_set_with_merge_keeps_other_fields_also_in_maps(document: Any) -> None:
    document.set({"x": 1, "map": {"a": 1}})
    document.set({"map": {"b": 2}}, merge=True)
    assert document.get().to_dict() == {"x": 1, "map": {"a": 1, "b": 2}}


def test_set_with_named_merge_fields_writes_only_those(document: Any) -> None:
    document.set({"x": 1, "y": 1})
    document.set({"x": 2, "y": 2}, merge=["x"])
    assert document.get().to_dict() == {"x": 2, "y": 1}


def test_a_dotted_update_changes_one_field_of_a_map(document: Any) -> None:
    document.set({"map": {"a": 1, "b": 1}})
    document.update({"map.a": 5})
    assert document.get().to_dict() == {"map": {"a": 5, "b": 1}}


def test_a_quoted_path_names_a_field_with_dots_in_it(document: Any) -> None:
    document.set({"map": {"a.b@x.com": 1}})
    document.update({FieldPath("map", "c.d@x.com").to_api_repr(): 2})
    assert document.get().to_dict() == {"map": {"a.b@x.com": 1, "c.d@x.com": 2}}


def test_updating_a_missing_document_is_not_found(document: Any) -> None:
    with pytest.raises(exceptions.NotFound):
        document.update({"x": 1})


def test_a_deleted_field_is_gone(document: Any) -> None:
    document.set({"x": 1, "y": 1})
    document.update({"x": google_firestore.DELETE_FIELD})
    assert document.get().to_dict() == {"y": 1}


def test_create_refuses_a_document_that_exists(document: Any) -> None:
    document.create({"x": 1})
    with pytest.raises(exceptions.AlreadyExists):
        document.create({"x": 2})
    assert document.get().to_dict() == {"x": 1}


def test_a_deleted_document_is_gone_and_may_be_deleted_again(document: Any) -> None:
    document.set({"x": 1})
    document.delete()
    assert not document.get().exists
    document.delete()


def test_deleting_what_must_exist_but_does_not_is_not_found(document: Any, client: Any) -> None:
    with pytest.raises(exceptions.NotFound):
        document.delete(option=client.write_option(exists=True))


def test_an_update_time_precondition_holds_once(document: Any, client: Any) -> None:
    document.set({"x": 1})
    option = client.write_option(last_update_time=document.get().update_time)
    document.update({"x": 2}, option=option)
    with pytest.raises(exceptions.FailedPrecondition):
        document.update({"x": 3}, option=option)
    assert document.get().to_dict() == {"x": 2}


def test_a_stale_update_time_deletes_nothing(document: Any, client: Any) -> None:
    document.set({"x": 1})
    option = client.write_option(last_update_time=document.get().update_time)
    document.set({"x": 2})
    with pytest.raises(exceptions.FailedPrecondition):
        document.delete(option=option)
    assert document.get().exists


def test_the_create_time_stays_and_the_update_time_moves(document: Any) -> None:
    written = document.set({"x": 1})
    first = document.get()
    document.set({"x": 2})
    second = document.get()
    assert written.update_time == first.update_time
    assert second.create_time == first.create_time
    assert second.update_time > first.update_time


def test_a_write_that_changes_nothing_leaves_the_update_time(document: Any) -> None:
    document.set({"x": 1, "n": math.nan})
    first = document.get()
    written = document.set({"x": 1, "n": math.nan})
    assert written.update_time == first.update_time == document.get().update_time


def test_the_server_puts_in_its_own_time(document: Any) -> None:
    document.set({"at": google_firestore.SERVER_TIMESTAMP, "x": 1})
    fields = document.get().to_dict()
    assert abs((datetime.now(UTC) - fields["at"]).total_seconds()) < 60
    assert fields["x"] == 1


def test_an_increment_adds(document: Any) -> None:
    document.set({"n": 1})
    document.update({"n": google_firestore.Increment(4)})
    assert document.get().to_dict() == {"n": 5}


def test_an_array_union_adds_what_is_missing_and_a_removal_takes_out(document: Any) -> None:
    document.set({"list": [1, 2]})
    document.update({"list": google_firestore.ArrayUnion([2, 3])})
    assert document.get().to_dict() == {"list": [1, 2, 3]}
    document.update({"list": google_firestore.ArrayRemove([1])})
    assert document.get().to_dict() == {"list": [2, 3]}


def test_maximum_and_minimum_keep_the_greater_and_the_lesser(document: Any) -> None:
    document.set({"most": 1, "least": 1})
    document.update({"most": google_firestore.Maximum(9), "least": google_firestore.Minimum(-3)})
    assert document.get().to_dict() == {"most": 9, "least": -3}


def test_every_type_comes_back_as_it_was(document: Any, client: Any) -> None:
    fields = {
        "bytes": b"\x00\x01",
        "double": 1.5,
        "integer": 2**53 + 1,
        "null": None,
        "boolean": True,
        "point": google_firestore.GeoPoint(1.5, 2.5),
        "time": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "list": [1, "a", {"k": [None]}],
        "empty map": {},
        "empty list": [],
        "text": "é✓",
    }
    document.set({**fields, "reference": client.document("z/z1")})
    got = document.get().to_dict()
    assert got.pop("reference").path == "z/z1"
    assert got == fields


def test_nan_comes_back_as_nan(document: Any) -> None:
    document.set({"n": math.nan})
    assert math.isnan(document.get().to_dict()["n"])


def test_an_added_document_gets_an_id_of_twenty_letters(collection: Any) -> None:
    _, reference = collection.add({"x": 1})
    assert len(reference.id) == 20
    assert reference.get().to_dict() == {"x": 1}


def test_a_field_mask_reduces_what_is_read(document: Any) -> None:
    document.set({"x": 1, "y": 2, "map": {"a": 1, "b": 2}})
    assert document.get(field_paths=["x", "map.a"]).to_dict() == {"x": 1, "map": {"a": 1}}


def test_documents_are_read_together_and_the_missing_one_is_named(collection: Any, client: Any) -> None:
    collection.document("a").set({"x": 1})
    snapshots = client.get_all([collection.document("a"), collection.document("b")])
    assert {each.id: each.exists for each in snapshots} == {"a": True, "b": False}


def test_a_listing_names_the_missing_parent_of_a_document(collection: Any) -> None:
    collection.document("parent").collection("s").document("k").set({"x": 1})
    collection.document("plain").set({"x": 1})
    assert sorted(each.id for each in collection.list_documents()) == ["parent", "plain"]


def test_a_listing_is_read_page_by_page(collection: Any) -> None:
    for number in range(7):
        collection.document(f"d{number}").set({"x": 1})
    assert [each.id for each in collection.list_documents(page_size=3)] == [f"d{n}" for n in range(7)]


def test_a_document_names_its_collections(collection: Any) -> None:
    for name in ("s2", "s1"):
        collection.document("p").collection(name).document("k").set({"x": 1})
    assert [each.id for each in collection.document("p").collections()] == ["s1", "s2"]


def test_a_read_time_shows_the_document_as_it_was(document: Any) -> None:
    document.set({"x": 1})
    moment = document.get().read_time
    document.set({"x": 2})
    assert document.get(read_time=moment).to_dict() == {"x": 1}


def test_a_read_time_shows_a_collection_as_it_was(collection: Any) -> None:
    collection.document("a").set({"x": 1})
    collection.document("b").set({"x": 1})
    moment = collection.document("a").get().read_time
    collection.document("a").delete()
    collection.document("b").set({"x": 2})
    collection.document("c").set({"x": 3})
    past = collection.order_by("x").stream(read_time=moment)
    assert [(each.id, each.to_dict()) for each in past] == [("a", {"x": 1}), ("b", {"x": 1})]


def _deep(levels: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"x": 1}
    for _ in range(levels):
        fields = {"map": fields}
    return fields


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda c: c.document("__x__").set({"x": 1}), id="a reserved id"),
        pytest.param(lambda c: c.document("a").set({"__x__": 1}), id="a reserved field name"),
        pytest.param(lambda c: c.document("a").set({"x": "a" * (1 << 20)}), id="a document over 1 MiB"),
        pytest.param(lambda c: c.document("a").set({"x": [[1]]}), id="an array in an array"),
        pytest.param(lambda c: c.document("a").set(_deep(30)), id="maps 30 deep"),
    ],
)
def test_what_firestore_refuses_is_refused(collection: Any, write: Callable[[Any], Any]) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        write(collection)


def test_databases_of_a_project_are_apart(firestore: Any, client: Any) -> None:
    path = f"c{uuid.uuid4().hex[:8]}/a"
    firestore.client(database="other").document(path).set({"x": 1})
    assert not client.document(path).get().exists
