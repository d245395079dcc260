"""Where the two Firestore servers differ from each other or from the cloud: known, and asserted as it is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import And, FieldFilter

from tests.contracts.firestore_servers import Firestore, ids

pytest_plugins = ["tests.contracts.firestore_fixtures"]

DONE = "done"
REFUSED = "InvalidArgument"
TOO_OLD = "FailedPrecondition"


@dataclass(frozen=True)
class Difference:
    """What an operation comes to on each server, and why that may stay so."""

    operation: Callable[[Any, Any], Any]
    embedded: str
    official: str
    reason: str


def _maps_21_deep(_client: Any, collection: Any) -> None:
    fields: dict[str, Any] = {"x": 1}
    for _ in range(20):
        fields = {"map": fields}
    collection.document("a").set(fields)


def _union_with_an_array(client: Any, collection: Any) -> None:
    transform = {"field_path": "x", "append_missing_elements": {"values": [{"array_value": {}}]}}
    name = collection.document("a")._document_path
    _commit(client, {"transform": {"document": name, "field_transforms": [transform]}})


def _create_after_delete(client: Any, collection: Any) -> None:
    document = {"name": collection.document("a")._document_path}
    create = {"update": document, "current_document": {"exists": False}}
    _commit(client, create, create)


def _commit(client: Any, *writes: Any) -> None:
    client._firestore_api.commit(request={"database": client._database_string, "writes": list(writes)})


def _read_a_day_back(_client: Any, collection: Any) -> None:
    collection.document("a").get(read_time=datetime.now(UTC) - timedelta(days=1))


def _look_for_a_long_text(_client: Any, collection: Any) -> None:
    ids(collection.where(filter=FieldFilter("x", "==", "b" * 2000)))


def _partition(client: Any, _collection: Any) -> None:
    assert len(list(client.collection_group(f"g{uuid.uuid4().hex}").get_partitions(3))) == 1


def _query_without_index(_client: Any, collection: Any) -> None:
    ids(collection.where(filter=FieldFilter("x", "==", "x")).order_by("n"))


def _list_of_31(_client: Any, collection: Any) -> None:
    ids(collection.where(filter=FieldFilter("x", "in", list(range(31)))))


def _forty_disjunctions(_client: Any, collection: Any) -> None:
    ten, four = FieldFilter("x", "in", list(range(10))), FieldFilter("y", "in", ["a", "b", "c", "d"])
    ids(collection.where(filter=And([ten, four])))


def _thirty_writes_to_one_document(_client: Any, collection: Any) -> None:
    begun = datetime.now(UTC)
    for number in range(30):
        collection.document("a").set({"n": number})
    assert datetime.now(UTC) - begun < timedelta(seconds=20)


def _keep_what_has_expired(_client: Any, collection: Any) -> None:
    collection.document("a").set({"expires_at": datetime.now(UTC) - timedelta(days=2)})
    assert collection.document("a").get().exists


DIFFERENCES = [
    Difference(_maps_21_deep, REFUSED, DONE, "the cloud allows 20 levels; the emulator counts some more"),
    Difference(
        _union_with_an_array, REFUSED, DONE, "the emulator stores arrays in arrays, which the cloud refuses"
    ),
    Difference(_create_after_delete, "AlreadyExists", REFUSED, "two creations in one commit: both refuse"),
    Difference(_read_a_day_back, TOO_OLD, DONE, "the cloud forgets after an hour; the emulator never"),
    Difference(
        _look_for_a_long_text, DONE, REFUSED, "the emulator has an index entry's limit, and no exemptions"
    ),
    Difference(_partition, DONE, "MethodNotImplemented", "the emulator has no PartitionQuery"),
    Difference(_query_without_index, DONE, DONE, "the cloud refuses; the embedded server with --indexes too"),
    Difference(_list_of_31, REFUSED, REFUSED, "as in the cloud"),
    Difference(_forty_disjunctions, REFUSED, REFUSED, "as in the cloud"),
    Difference(_thirty_writes_to_one_document, DONE, DONE, "the cloud slows down after one write a second"),
    Difference(
        _keep_what_has_expired, DONE, DONE, "the cloud deletes within a day by a TTL policy; TTL is cleaning"
    ),
]


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.operation.__name__.strip("_"))
def test_a_known_difference_is_still_there(
    firestore: Firestore, client: Any, collection: Any, known: Difference
) -> None:
    try:
        known.operation(client, collection)
        outcome = DONE
    except exceptions.GoogleAPICallError as error:
        outcome = type(error).__name__
    assert outcome == getattr(known, firestore.kind), known.reason
