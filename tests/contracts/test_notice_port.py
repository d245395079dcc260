"""What a NoticeStore promises, for the fake and for Firestore."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.firestore.notices import FirestoreNotices
from shared.domain.notice import Notice
from shared.ports.notices import NoticeStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.clock import FakeClock
from tests.fakes.stores import FakeNotices

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def _notice(message_id: str, minutes: float = 0) -> Notice:
    return Notice(message_id, "ana@client.example", NOON + timedelta(minutes=minutes))


class NoticeStoreContract:
    """The rules. Subclasses give the fixture `store`, empty."""

    def test_a_notice_is_made_once(self, store: NoticeStore) -> None:
        assert [store.create("m1", _notice("a")), store.create("m1", _notice("a"))] == [True, False]
        assert store.count("m1") == 1

    def test_the_first_notice_of_a_message_stays(self, store: NoticeStore) -> None:
        store.create("m1", _notice("a"))
        store.create("m1", _notice("a", minutes=9))
        assert store.get_many("m1", ["a"]) == [_notice("a")]

    def test_a_notice_keeps_milliseconds(self, store: NoticeStore) -> None:
        notice = Notice("a", "ana@client.example", NOON + timedelta(milliseconds=123))
        store.create("m1", notice)
        assert store.get_many("m1", ["a"]) == [notice]

    def test_only_those_that_exist_are_answered(self, store: NoticeStore) -> None:
        store.create("m1", _notice("a"))
        store.create("m2", _notice("b"))
        assert store.get_many("m1", ["a", "b", "c"]) == [_notice("a")]
        assert store.get_many("m1", []) == []

    def test_a_page_is_newest_first(self, store: NoticeStore) -> None:
        for name, minutes in (("a", 2), ("b", 9), ("c", 5)):
            store.create("m1", _notice(name, minutes))
        assert _ids(store.page("m1", since=None, before=None, limit=10)) == ["b", "c", "a"]

    def test_notices_of_one_moment_come_in_one_order_over_all_pages(self, store: NoticeStore) -> None:
        for name in ("b", "d", "a", "c"):
            store.create("m1", _notice(name))
        store.create("m1", _notice("newer", 1))
        found: list[str] = []
        before = None
        while page := store.page("m1", since=None, before=before, limit=2):
            found += _ids(page)
            before = (page[-1].received_at, page[-1].message_id)
        assert found == ["newer", "d", "c", "b", "a"]

    def test_before_need_not_name_a_notice_that_exists(self, store: NoticeStore) -> None:
        for name, minutes in (("a", 1), ("b", 2), ("c", 3)):
            store.create("m1", _notice(name, minutes))
        position = (NOON + timedelta(minutes=2.5), "gone")
        assert _ids(store.page("m1", since=None, before=position, limit=10)) == ["b", "a"]

    def test_since_includes_its_own_moment(self, store: NoticeStore) -> None:
        for name, minutes in (("a", 1), ("b", 2), ("c", 3)):
            store.create("m1", _notice(name, minutes))
        since = NOON + timedelta(minutes=2)
        assert _ids(store.page("m1", since=since, before=None, limit=10)) == ["c", "b"]
        assert _ids(store.page("m1", since=since, before=(since, "b"), limit=10)) == []

    def test_a_page_holds_no_other_mailboxes_notices(self, store: NoticeStore) -> None:
        store.create("m1", _notice("a"))
        store.create("m2", _notice("b"))
        assert _ids(store.page("m1", since=None, before=None, limit=10)) == ["a"]

    def test_read_marks_are_the_mailboxes_own(self, store: NoticeStore) -> None:
        store.mark_read("m1", "a")
        store.mark_read("m1", "a")
        assert store.read_marks("m1", ["a", "b"]) == {"a"}
        assert store.read_marks("m2", ["a"]) == frozenset()
        assert store.read_marks("m1", []) == frozenset()

    def test_all_read_marks_come_in_pages(self, store: NoticeStore) -> None:
        for name in ("c", "a", "b"):
            store.mark_read("m1", name)
        store.mark_read("m2", "d")
        first = store.marks("m1", None, 2)
        assert [*first, *store.marks("m1", first[-1], 2)] == ["a", "b", "c"]

    def test_deleting_all_erases_notices_and_marks_and_counts_the_notices(self, store: NoticeStore) -> None:
        for name in ("a", "b", "c"):
            store.create("m1", _notice(name))
        store.create("m2", _notice("d"))
        store.mark_read("m1", "a")
        assert [store.delete_all("m1"), store.delete_all("m1")] == [3, 0]
        assert store.read_marks("m1", ["a"]) == frozenset()
        assert (store.count("m1"), store.count("m2")) == (0, 1)


def _ids(page: object) -> list[str]:
    assert isinstance(page, list)
    return [notice.message_id for notice in page]


class TestFakeNoticeStore(NoticeStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> NoticeStore:
        return FakeNotices()


class TestFirestoreNoticeStore(NoticeStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore) -> NoticeStore:
        return FirestoreNotices(fresh_documents(firestore), FakeClock())

    def test_more_notices_than_one_batch_holds_are_all_deleted(self, store: NoticeStore) -> None:
        for number in range(450):
            store.create("m1", _notice(f"n{number:03}"))
        assert store.delete_all("m1") == 450
        assert store.count("m1") == 0
