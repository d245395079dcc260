"""Transactions and races, as both Firestore servers settle them."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud.firestore import Increment, transactional
from google.cloud.firestore_v1.base_query import FieldFilter

from tests.contracts.firestore_servers import Firestore, ids, turns

pytest_plugins = ["tests.contracts.firestore_fixtures"]


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Runs `work(number)` in `count` threads at once; their results or exceptions, in order."""
    results: list[Any] = [None] * count
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return results


def add_one(transaction: Any, document: Any, contender: int = 0) -> None:
    pauses = turns(contender)

    # Made anew for each call: what @transactional makes keeps the id of its transaction, so threads cannot share it.
    @transactional
    def add(transaction: Any) -> None:
        time.sleep(next(pauses))
        count = document.get(transaction=transaction).to_dict()["n"]
        transaction.update(document, {"n": count + 1})

    add(transaction)


def test_of_eight_that_create_one_document_exactly_one_wins(document: Any) -> None:
    results = in_threads(8, lambda number: document.create({"winner": number}))
    losers = [each for each in results if isinstance(each, exceptions.AlreadyExists)]
    assert len(losers) == 7
    winner = next(number for number, each in enumerate(results) if not isinstance(each, Exception))
    assert document.get().to_dict() == {"winner": winner}


def test_of_eight_with_one_update_time_exactly_one_wins(document: Any, client: Any) -> None:
    document.set({"n": 0})
    option = client.write_option(last_update_time=document.get().update_time)
    results = in_threads(8, lambda number: document.update({"n": number + 1}, option=option))
    assert sum(isinstance(each, exceptions.FailedPrecondition) for each in results) == 7


def test_increments_at_the_same_time_all_count(document: Any) -> None:
    document.set({"n": 0})
    in_threads(6, lambda _: [document.update({"n": Increment(1)}) for _ in range(5)])
    assert document.get().to_dict() == {"n": 30}


def test_a_transaction_reads_and_writes(document: Any, client: Any) -> None:
    document.set({"n": 1})
    add_one(client.transaction(), document)
    assert document.get().to_dict() == {"n": 2}


def test_an_exception_rolls_a_transaction_back(document: Any, client: Any) -> None:
    document.set({"n": 1})

    @transactional
    def fail(transaction: Any) -> None:
        document.get(transaction=transaction)
        transaction.update(document, {"n": 99})
        raise KeyError

    with pytest.raises(KeyError):
        fail(client.transaction())
    assert document.get().to_dict() == {"n": 1}


def test_transactions_at_the_same_time_lose_no_update(document: Any, client: Any) -> None:
    document.set({"n": 0})

    def add_two(number: int) -> None:
        for _ in range(2):
            add_one(client.transaction(max_attempts=40), document, number)

    results = in_threads(3, add_two)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert document.get().to_dict() == {"n": 6}


def test_a_write_between_read_and_commit_is_not_lost(document: Any, client: Any) -> None:
    document.set({"n": 1})
    writers: list[threading.Thread] = []

    @transactional
    def add_one_slowly(transaction: Any) -> None:
        count = document.get(transaction=transaction).to_dict()["n"]
        if not writers:
            writers.append(threading.Thread(target=document.set, args=({"n": 10},)))
            writers[0].start()
            # It ends at once, or it waits for the transaction's lock.
            writers[0].join(0.3)
        transaction.update(document, {"n": count + 1})

    add_one_slowly(client.transaction())
    writers[0].join(30)
    # 11: the transaction ran again on the new value. 10: the writer waited for the transaction.
    assert document.get().to_dict()["n"] in {10, 11}


def test_a_document_that_joins_a_query_meanwhile_is_noticed(collection: Any, client: Any) -> None:
    writers: list[threading.Thread] = []

    @transactional
    def count_group(transaction: Any) -> None:
        query = collection.where(filter=FieldFilter("group", "==", 1))
        count = len(list(query.stream(transaction=transaction)))
        if not writers:
            writers.append(threading.Thread(target=collection.document("new").set, args=({"group": 1},)))
            writers[0].start()
            writers[0].join(0.3)
        transaction.set(collection.document("count"), {"n": count})

    count_group(client.transaction())
    writers[0].join(30)
    count, new = collection.document("count").get(), collection.document("new").get()
    assert count.to_dict()["n"] == 1 or new.update_time > count.update_time


def test_a_query_in_a_transaction_finds_what_it_then_changes(collection: Any, client: Any) -> None:
    for number in range(3):
        collection.document(f"d{number}").set({"group": 1})

    @transactional
    def move(transaction: Any) -> int:
        query = collection.where(filter=FieldFilter("group", "==", 1))
        found = list(query.stream(transaction=transaction))
        for snapshot in found:
            transaction.update(snapshot.reference, {"group": 2})
        return len(found)

    assert move(client.transaction()) == 3
    assert len(ids(collection.where(filter=FieldFilter("group", "==", 2)))) == 3


def test_of_several_that_create_if_absent_in_a_transaction_one_does(document: Any, client: Any) -> None:
    def create_if_absent(number: int) -> bool:
        pauses = turns(number)

        @transactional
        def create(transaction: Any) -> bool:
            time.sleep(next(pauses))
            if document.get(transaction=transaction).exists:
                return False
            transaction.create(document, {"x": 1})
            return True

        return bool(create(client.transaction(max_attempts=30)))

    results = in_threads(4, create_if_absent)
    assert sorted(map(str, results)) == ["False"] * 3 + ["True"]


def test_a_read_only_transaction_reads_and_does_not_write(document: Any, client: Any) -> None:
    document.set({"n": 1})

    @transactional
    def read(transaction: Any) -> Any:
        return document.get(transaction=transaction).to_dict()["n"]

    assert read(client.transaction(read_only=True)) == 1
    with pytest.raises(ValueError, match="read-only"):
        add_one(client.transaction(read_only=True), document)
    assert document.get().to_dict() == {"n": 1}


def test_an_aggregation_may_run_in_a_transaction(letters: Any, client: Any) -> None:
    @transactional
    def count(transaction: Any) -> int:
        return int(letters.count(alias="n").get(transaction=transaction)[0][0].value)

    assert count(client.transaction()) == 5


# What follows is the embedded server's alone: the official emulator holds locks, for 2 s and more.


def test_who_writes_first_wins_and_waits_for_no_reader(embedded_firestore: Firestore) -> None:
    client = embedded_firestore.client()
    document = client.document("conflicts/one")
    document.set({"n": 0})
    loser = client.transaction()
    loser._begin()
    document.get(transaction=loser)
    # Against a lock of the reader's this would fail, after seconds, as it does at the official emulator.
    document.set({"n": 1})
    loser.update(document, {"n": 2})
    with pytest.raises(exceptions.Aborted):
        loser._commit()
    assert document.get().to_dict() == {"n": 1}


def test_eight_contenders_are_done_without_waiting_for_locks(embedded_firestore: Firestore) -> None:
    client = embedded_firestore.client()
    document = client.document("conflicts/eight")
    document.set({"n": 0})
    # A ninth has read the document and does not end. Where readers lock, nobody could write.
    reader = client.transaction()
    reader._begin()
    document.get(transaction=reader)
    results = in_threads(8, lambda _: add_one(client.transaction(max_attempts=100), document))
    assert [each for each in results if isinstance(each, Exception)] == []
    assert document.get().to_dict() == {"n": 8}
    reader._rollback()


def test_all_reads_of_a_transaction_see_one_moment(embedded_firestore: Firestore) -> None:
    client = embedded_firestore.client()
    first, second = client.document("moments/first"), client.document("moments/second")
    for document in (first, second):
        document.set({"n": 1})
    transaction = client.transaction()
    transaction._begin()
    seen = [first.get(transaction=transaction).to_dict()["n"]]
    for document in (first, second):
        document.set({"n": 2})
    seen.append(second.get(transaction=transaction).to_dict()["n"])
    transaction._rollback()
    assert seen == [1, 1]
