"""The embedded Firestore and Google's emulator give the same answers to the same random questions.

The seed is in the test's id. FIRESTORE_FUZZ_SEED and FIRESTORE_FUZZ_CASES ask for other or more of them.
"""

import os
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from google.api_core import exceptions

from tests.contracts.firestore_fuzz import (
    as_document,
    comparable,
    random_document,
    random_query,
    random_write,
    run_query,
)
from tests.contracts.firestore_servers import Firestore

pytest_plugins = ["tests.contracts.firestore_fixtures"]

SEED = int(os.environ.get("FIRESTORE_FUZZ_SEED", "20261124"))
CASES = int(os.environ.get("FIRESTORE_FUZZ_CASES", "200"))
DOCUMENTS = [f"d{number:02}" for number in range(60)]
WRITTEN = ["a", "b", "c"]


@pytest.fixture(scope="module")
def clients(embedded_firestore: Firestore, official_firestore: Firestore) -> tuple[Any, Any]:
    # A project that no other test has put anything into: collection groups reach everywhere.
    mine, theirs = (replace(server, project="agree") for server in (embedded_firestore, official_firestore))
    return mine.client(), theirs.client()


@pytest.mark.parametrize("seed", [SEED])
def test_random_queries_are_answered_alike(clients: tuple[Any, Any], seed: int) -> None:
    rnd = random.Random(seed)  # noqa: S311
    documents = {id: random_document(rnd) for id in DOCUMENTS}
    for client in clients:
        _fill(client, documents)
    outcomes: Counter[str] = Counter()
    for number in range(CASES):
        spec = random_query(rnd, DOCUMENTS)
        try:
            mine, theirs = (run_query(client, spec) for client in clients)
        except (ValueError, TypeError):
            outcomes["refused by the client library"] += 1
            continue
        assert mine == theirs, f"seed {seed}, query {number}: {spec}"
        outcomes["refused" if isinstance(mine, tuple) else "answered"] += 1
    print(f"seed {seed}: {dict(outcomes)}")
    assert outcomes["answered"] > CASES / 4
    assert outcomes["refused"] > CASES / 20


@pytest.mark.parametrize("seed", [SEED])
def test_random_writes_leave_the_same_documents(clients: tuple[Any, Any], seed: int) -> None:
    rnd = random.Random(seed)  # noqa: S311
    outcomes: Counter[str] = Counter()
    for number in range(CASES):
        writes = [random_write(rnd, id) for id in rnd.sample(WRITTEN, rnd.choice([1, 1, 2]))]
        mine, theirs = (_commit(client, writes) for client in clients)
        assert mine == theirs, f"seed {seed}, commit {number}: {writes}"
        outcomes["refused" if mine["refused"] else "done"] += 1
    print(f"seed {seed}: {dict(outcomes)}")
    assert outcomes["done"] > CASES / 4
    assert outcomes["refused"] > CASES / 20


def _fill(client: Any, documents: dict[str, dict[str, Any]]) -> None:
    batch = client.batch()
    for number, (id, fields) in enumerate(documents.items()):
        batch.set(client.document(f"c/{id}"), fields)
        if number < 20:
            batch.set(client.document(f"c/{id}/{'s' if number % 3 else 'c'}/k"), fields)
    batch.commit()


def _commit(client: Any, writes: list[dict[str, Any]]) -> dict[str, Any]:
    """What a commit came to, and the documents after it."""
    before = _snapshots(client)
    request = {
        "database": client._database_string,
        "writes": [_message(client, each, before) for each in writes],
    }
    refused, results = "", []
    try:
        answer = client._firestore_api.commit(request=request)
        results = [
            _result(each, write, before) for each, write in zip(answer.write_results, writes, strict=True)
        ]
    except exceptions.GoogleAPICallError as error:
        refused = type(error).__name__
    after = {id: _state(snapshot) for id, snapshot in _snapshots(client).items()}
    return {"refused": refused, "results": results, "after": after}


def _snapshots(client: Any) -> dict[str, Any]:
    found = client.get_all([client.document(f"w/{id}") for id in WRITTEN])
    return {snapshot.id: snapshot for snapshot in found}


def _message(client: Any, write: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    name = client.document(f"w/{write['id']}")._document_path
    message: dict[str, Any]
    if write["kind"] == "delete":
        message = {"delete": name}
    elif write["kind"] == "transform":
        message = {"transform": {"document": name, "field_transforms": write["transforms"]}}
    else:
        message = {"update": as_document(name, write["fields"]), "update_transforms": write["transforms"]}
    if "mask" in write:
        message["update_mask"] = {"field_paths": write["mask"]}
    update_time = before[write["id"]].update_time
    conditions = {
        "none": None,
        "exists": {"exists": True},
        "absent": {"exists": False},
        "present": {"update_time": update_time} if update_time else None,
        "stale": {"update_time": {"seconds": 1}},
    }
    if conditions[write["condition"]]:
        message["current_document"] = conditions[write["condition"]]
    return message


def _result(result: Any, write: dict[str, Any], before: dict[str, Any]) -> Any:
    unchanged = bool(result.update_time) and result.update_time == before[write["id"]].update_time
    values = [
        "a time" if "set_to_server_value" in transform else str(value)
        for transform, value in zip(write["transforms"], result.transform_results, strict=True)
    ]
    return unchanged, values


def _state(snapshot: Any) -> Any:
    fields = snapshot.to_dict()
    if fields and "t" in fields:
        fields["t"] = "a time"
    return comparable(fields) if fields is not None else None
