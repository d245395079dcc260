"""Listeners and the asynchronous client, on both Firestore servers."""

import asyncio
import threading
import uuid
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from google.cloud.firestore import Increment, async_transactional
from google.cloud.firestore_v1.base_query import FieldFilter

from tests.contracts.firestore_servers import Firestore, turns
from tests.local.waiting import until

pytest_plugins = ["tests.contracts.firestore_fixtures"]


def _run(scenario: Coroutine[Any, Any, None], seconds: float) -> None:
    """Runs it in a thread of its own: a browser test in this process may have left a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.wait_for(scenario, seconds)).result()


def test_a_listener_on_a_document_sees_it_come_and_go(document: Any) -> None:
    seen: list[Any] = []

    def note(documents: Any, _changes: Any, _read_time: Any) -> None:
        seen.append(documents[0].to_dict() if documents and documents[0].exists else None)

    watch = document.on_snapshot(note)
    try:
        until(lambda: len(seen) == 1, "the first snapshot")
        document.set({"x": 1})
        until(lambda: seen[-1] == {"x": 1}, "the new document")
        document.delete()
        until(lambda: seen[-1] is None, "the deletion")
    finally:
        watch.unsubscribe()


def test_a_listener_on_a_query_sees_documents_join_change_and_leave(collection: Any) -> None:
    seen: list[tuple[str, str]] = []
    started = threading.Event()

    def note(_documents: Any, changes: Any, _read_time: Any) -> None:
        seen.extend((each.type.name, each.document.id) for each in changes)
        started.set()

    watch = collection.where(filter=FieldFilter("group", "==", 1)).on_snapshot(note)
    try:
        assert started.wait(60)
        collection.document("b").set({"group": 2})
        for fields, expected in (
            ({"group": 1}, ("ADDED", "a")),
            ({"group": 1, "x": 2}, ("MODIFIED", "a")),
            ({"group": 9}, ("REMOVED", "a")),
        ):
            collection.document("a").set(fields)
            until(lambda expected=expected: expected in seen, str(expected))  # type: ignore[misc]
    finally:
        watch.unsubscribe()
    assert seen == [("ADDED", "a"), ("MODIFIED", "a"), ("REMOVED", "a")]


def test_the_asynchronous_client_writes_reads_and_queries(firestore: Firestore) -> None:
    async def scenario() -> None:
        client = firestore.async_client()
        collection = client.collection(f"c{uuid.uuid4().hex[:8]}")
        await collection.document("a").set({"x": 1})
        await collection.document("b").create({"x": 2})
        await collection.document("a").update({"x": Increment(2)})
        assert (await collection.document("a").get()).to_dict() == {"x": 3}
        query = collection.where(filter=FieldFilter("x", ">", 2))
        assert [each.id async for each in query.stream()] == ["a"]
        both = client.get_all([collection.document("a"), collection.document("b")])
        assert {each.id async for each in both} == {"a", "b"}

    _run(scenario(), 120)


def test_the_asynchronous_client_commits_a_batch_and_counts(firestore: Firestore) -> None:
    async def scenario() -> None:
        client = firestore.async_client()
        collection = client.collection(f"c{uuid.uuid4().hex[:8]}")
        batch = client.batch()
        for number in range(7):
            batch.set(collection.document(f"d{number}"), {"n": number})
        await batch.commit()
        assert int((await collection.count(alias="n").get())[0][0].value) == 7

    _run(scenario(), 120)


def test_asynchronous_transactions_at_the_same_time_lose_no_update(firestore: Firestore) -> None:
    async def scenario() -> None:
        client = firestore.async_client()
        document = client.collection(f"c{uuid.uuid4().hex[:8]}").document("a")
        await document.set({"n": 0})

        async def add_one(contender: int) -> None:
            pauses = turns(contender)

            @async_transactional
            async def add(transaction: Any) -> None:
                await asyncio.sleep(next(pauses))
                count = (await document.get(transaction=transaction)).to_dict()["n"]
                transaction.update(document, {"n": count + 1})

            await add(client.transaction(max_attempts=40))

        await asyncio.gather(*(add_one(contender) for contender in range(3)))
        assert (await document.get()).to_dict() == {"n": 3}

    _run(scenario(), 300)
