"""What a QuotaStore promises, for the fake and for Firestore."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shared.adapters.firestore import quota_shards
from shared.adapters.firestore.quota_shards import FirestoreQuotaShards
from shared.errors import Stale
from shared.ports.quota import QuotaStore, Shard
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.quota import FakeQuotaShards

pytest_plugins = ["tests.contracts.firestore_fixtures"]

FULL_AT = 1_800_000_000.123456


class QuotaStoreContract:
    """The rules. Subclasses give the fixture `store`, empty."""

    def test_a_shard_that_nobody_has_written_is_full(self, store: QuotaStore) -> None:
        assert store.read(3) == Shard(3, 0.0)

    def test_a_shard_comes_back_to_the_microsecond(self, store: QuotaStore) -> None:
        written = store.write(Shard(3, FULL_AT))
        assert store.read(3) == written
        assert (store.read(3).full_at, store.read(4).full_at) == (FULL_AT, 0.0)

    def test_a_write_answers_a_version_to_go_on_from(self, store: QuotaStore) -> None:
        shard = store.write(Shard(3, FULL_AT))
        for more in range(3):
            shard = store.write(replace(shard, full_at=FULL_AT + more))
        assert store.read(3) == shard

    def test_of_two_that_have_read_the_same_the_second_is_refused(self, store: QuotaStore) -> None:
        store.write(Shard(3, FULL_AT))
        first, second = store.read(3), store.read(3)
        store.write(replace(first, full_at=FULL_AT + 1))
        with pytest.raises(Stale):
            store.write(replace(second, full_at=FULL_AT + 2))
        assert store.read(3).full_at == FULL_AT + 1

    def test_of_eight_that_make_a_shard_at_once_one_wins(self, store: QuotaStore) -> None:
        shard = store.read(5)

        def make(worker: int) -> int:
            try:
                store.write(replace(shard, full_at=float(worker)))
            except Stale:
                return 0
            return 1

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(make, range(8))) == 1


class TestFakeQuotaStore(QuotaStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> QuotaStore:
        return FakeQuotaShards()


class TestFirestoreQuotaStore(QuotaStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore, monkeypatch: pytest.MonkeyPatch) -> QuotaStore:
        # An emulator beside other tests may think longer about one call than somebody may wait for it.
        monkeypatch.setattr(quota_shards, "TIMEOUT_S", 60.0)
        return FirestoreQuotaShards(fresh_documents(firestore))
