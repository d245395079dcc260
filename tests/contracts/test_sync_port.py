"""What a SyncStore promises, for the fake and for Firestore."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.firestore.syncs import FirestoreSyncs
from shared.domain.mailbox import mailbox_id
from shared.domain.sync import SyncState
from shared.errors import Stale, TryAgain
from shared.ports.sync import SyncStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.stores import FakeSyncs

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOW = datetime(2026, 11, 24, 12, 0, 0, 654321, tzinfo=UTC)
STATE = SyncState("m1", "acme", 100, NOW, slot=3)
FULL = SyncState(
    mailbox="m1",
    org="acme",
    cursor=2**64 - 1,
    handled_at=NOW,
    slot=5,
    unsorted=("a", "b"),
    archived=frozenset({"b"}),
    unseen={"c": NOW, "0123456789abcdef": NOW - timedelta(minutes=3)},
    lease_owner="worker",
    lease_until=NOW + timedelta(minutes=5),
    lease_push=2**64 - 3,
    pushed_to=2**64 - 2,
)


def _read(store: SyncStore) -> SyncState:
    state = store.get("m1")
    assert state is not None
    return state


class SyncStoreContract:
    """The rules. Subclasses give the fixture `store`, empty."""

    @pytest.mark.parametrize("row", [STATE, FULL], ids=["bare", "full"])
    def test_a_row_comes_back_as_it_was_made(self, store: SyncStore, row: SyncState) -> None:
        store.create(row)
        assert _read(store) == row

    def test_a_row_that_exists_stays_when_it_is_made_again(self, store: SyncStore) -> None:
        store.create(STATE)
        store.create(replace(STATE, cursor=7))
        assert _read(store).cursor == 100

    def test_a_save_answers_a_version_to_go_on_from(self, store: SyncStore) -> None:
        store.create(STATE)
        state = _read(store)
        for cursor in (101, 102):
            state = store.save(replace(state, cursor=cursor))
        assert _read(store) == state
        assert _read(store).version == state.version

    def test_a_save_empties_what_the_new_state_leaves_empty(self, store: SyncStore) -> None:
        store.create(FULL)
        emptied = replace(
            _read(store), unsorted=(), unseen={}, lease_owner=None, lease_until=None, cursor=2**64 - 1
        )
        store.save(emptied)
        assert _read(store) == emptied

    def test_of_two_saves_of_what_both_have_read_the_second_may_try_again(self, store: SyncStore) -> None:
        store.create(STATE)
        first, second = _read(store), _read(store)
        store.save(replace(first, cursor=101))
        with pytest.raises(TryAgain) as raised:
            store.save(replace(second, cursor=102))
        assert raised.value.code == "mailbox_busy"
        assert _read(store).cursor == 101

    def test_a_save_does_not_bring_a_deleted_row_back(self, store: SyncStore) -> None:
        store.create(STATE)
        state = _read(store)
        store.delete("m1")
        with pytest.raises(TryAgain):
            store.save(replace(state, cursor=101))
        assert store.get("m1") is None

    def test_a_save_does_not_take_a_row_made_anew_for_the_one_it_read(self, store: SyncStore) -> None:
        store.create(STATE)
        state = _read(store)
        store.delete("m1")
        store.create(replace(STATE, cursor=500))
        with pytest.raises(TryAgain):
            store.save(replace(state, cursor=101))
        assert _read(store).cursor == 500

    def test_a_delete_answers_how_many_rows_there_were(self, store: SyncStore) -> None:
        store.create(STATE)
        assert [store.delete("m1"), store.delete("m1")] == [1, 0]

    def test_a_delete_of_what_was_read_leaves_a_row_that_was_written_since(self, store: SyncStore) -> None:
        store.create(STATE)
        read = _read(store)
        saved = store.save(replace(read, cursor=101))
        with pytest.raises(Stale):
            store.delete("m1", read.version)
        assert [store.delete("m1", saved.version), store.delete("m1", saved.version)] == [1, 0]

    def test_only_rows_with_waiting_ids_have_work(self, store: SyncStore) -> None:
        store.create(replace(STATE, mailbox="idle"))
        store.create(replace(STATE, mailbox="unsorted", unsorted=("a",)))
        store.create(replace(STATE, mailbox="unseen", unseen={"a": NOW}))
        assert store.with_work(10) == ["unseen", "unsorted"]

    def test_work_that_is_done_is_no_work(self, store: SyncStore) -> None:
        store.create(FULL)
        store.save(replace(_read(store), unsorted=(), unseen={}, lease_owner=None, lease_until=None))
        assert store.with_work(10) == []

    def test_a_lease_that_was_never_given_back_is_work(self, store: SyncStore) -> None:
        store.create(STATE)
        store.save(replace(_read(store), lease_owner="dead", lease_until=NOW))
        assert store.with_work(10) == ["m1"]

    def test_mailboxes_without_pushes_are_told_by_organisation(self, store: SyncStore) -> None:
        for name, org in (("m1", "acme"), ("m2", "other"), ("m3", "acme")):
            store.create(replace(STATE, mailbox=name, org=org, unannounced=name != "m2"))
        assert list(store.unannounced(10)) == ["acme", "acme"]
        assert list(store.unannounced(1)) == ["acme"]
        assert store.with_work(10) == ["m1", "m3"]

    def test_an_organisations_mailboxes_come_page_by_page(self, store: SyncStore) -> None:
        for name, org in (("m1", "acme"), ("m2", "other"), ("m3", "acme")):
            store.create(replace(STATE, mailbox=name, org=org))
        assert store.of_org("acme", 10) == ["m1", "m3"]
        assert store.of_org("acme", 10, after="m1") == ["m3"]

    def test_each_mailbox_has_one_hour_of_the_day(self, store: SyncStore) -> None:
        names = [mailbox_id("acme", f"user{n}") for n in range(48)]
        for name in names:
            store.create(replace(STATE, mailbox=name))
        by_hour = [list(store.in_hour(hour, 100)) for hour in range(24)]
        assert sorted(name for found in by_hour for name in found) == sorted(names)

    def test_ids_come_in_order_and_in_pages(self, store: SyncStore) -> None:
        for name in ("d", "b", "a", "e", "c"):
            store.create(replace(STATE, mailbox=name, unsorted=("x",)))
        assert store.with_work(2) == ["a", "b"]
        assert store.with_work(2, after="b") == ["c", "d"]
        assert store.with_work(2, after="d") == ["e"]
        assert store.with_work(2, after="e") == []

    def test_a_slot_names_its_own_mailboxes_only(self, store: SyncStore) -> None:
        for number in range(8):
            store.create(replace(STATE, mailbox=f"m{number}", slot=number % 3))
        assert store.in_slot(1, 10) == ["m1", "m4", "m7"]
        assert store.in_slot(1, 1, after="m1") == ["m4"]
        assert store.in_slot(5, 10) == []

    def test_of_eight_workers_at_once_one_wins(self, store: SyncStore) -> None:
        store.create(STATE)
        state = _read(store)

        def take(worker: int) -> int:
            try:
                store.save(replace(state, lease_owner=str(worker)))
            except TryAgain:
                return 0
            return 1

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(take, range(8))) == 1


class TestFakeSyncStore(SyncStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> SyncStore:
        return FakeSyncs()


class TestFirestoreSyncStore(SyncStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore) -> SyncStore:
        return FirestoreSyncs(fresh_documents(firestore))
