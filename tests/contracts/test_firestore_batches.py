"""Several writes at once, as both Firestore servers do them."""

from typing import Any

import pytest
from google.api_core import exceptions

from tests.contracts.firestore_servers import ids

pytest_plugins = ["tests.contracts.firestore_fixtures"]


def test_a_batch_sets_creates_updates_and_deletes(collection: Any, client: Any) -> None:
    collection.document("old").set({"x": 1})
    batch = client.batch()
    batch.set(collection.document("set"), {"x": 1})
    batch.create(collection.document("created"), {"x": 2})
    batch.update(collection.document("old"), {"x": 3})
    batch.delete(collection.document("absent"))
    batch.commit()
    found = {each.id: each.to_dict()["x"] for each in collection.stream()}
    assert found == {"set": 1, "created": 2, "old": 3}


def test_a_batch_with_one_bad_write_writes_nothing(collection: Any, client: Any) -> None:
    batch = client.batch()
    batch.set(collection.document("good"), {"x": 1})
    batch.update(collection.document("missing"), {"x": 1})
    with pytest.raises(exceptions.NotFound):
        batch.commit()
    assert ids(collection) == []


def test_later_writes_of_a_batch_see_the_earlier_ones(collection: Any, client: Any) -> None:
    batch = client.batch()
    batch.set(collection.document("a"), {"x": 1})
    batch.update(collection.document("a"), {"y": 2})
    batch.commit()
    assert collection.document("a").get().to_dict() == {"x": 1, "y": 2}


def test_a_batch_takes_600_writes(collection: Any, client: Any) -> None:
    batch = client.batch()
    for number in range(600):
        batch.set(collection.document(f"d{number}"), {"n": number})
    batch.commit()
    assert len(ids(collection)) == 600


def test_a_bulk_writer_writes_everything(collection: Any, client: Any) -> None:
    writer = client.bulk_writer()
    for number in range(120):
        writer.create(collection.document(f"d{number}"), {"n": number})
    writer.close()
    assert len(ids(collection)) == 120


def test_a_bulk_writer_reports_the_one_write_that_failed(collection: Any, client: Any) -> None:
    collection.document("d1").set({"x": 0})
    codes: list[int] = []

    def give_up(error: Any, _writer: Any) -> bool:
        codes.append(error.code)
        return False

    writer = client.bulk_writer()
    writer.on_write_error(give_up)
    for number in range(3):
        writer.create(collection.document(f"d{number}"), {"x": 1})
    writer.close()
    already_exists = 6
    assert codes == [already_exists]
    assert len(ids(collection)) == 3


def test_a_recursive_delete_takes_what_lies_below_too(collection: Any, client: Any) -> None:
    collection.document("p").set({"x": 1})
    below = collection.document("p").collection("s").document("k")
    below.set({"x": 1})
    client.recursive_delete(collection)
    assert ids(collection) == []
    assert not below.get().exists
