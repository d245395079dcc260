"""What a NoticeStore promises, for the fake and for Firestore."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from shared.adapters.firestore.documents import Documents
from shared.adapters.firestore.notices import FirestoreNotices
from shared.adapters.firestore.syncs import FirestoreSyncs
from shared.domain.notice import Notice
from shared.domain.recount import Recount
from shared.domain.sync import SyncState
from shared.errors import NotFound, TryAgain
from shared.ports.notices import NoticeStore
from shared.ports.sync import SyncStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.clock import FakeClock
from tests.fakes.process import Process
from tests.fakes.stores import FakeNotices

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def _notice(message_id: str, minutes: float = 0) -> Notice:
    return Notice(message_id, "ana@client.example", NOON + timedelta(minutes=minutes))


STATE = SyncState("m1", "acme", 100, NOON, slot=3)


class Stores(NamedTuple):
    """Notices, and the rows that they are kept with."""

    notices: NoticeStore
    syncs: SyncStore


def leased(stores: Stores, mailbox: str) -> SyncState:
    """The mailbox's row, as a worker has read it."""
    stores.syncs.create(replace(STATE, mailbox=mailbox))
    state = stores.syncs.get(mailbox)
    assert state is not None
    return state


def keep(stores: Stores, mailbox: str, *notices: Notice) -> int:
    """Keeps notices as a worker does; how many are new."""
    _, new = stores.notices.keep_with(leased(stores, mailbox), notices)
    return new


class NoticeStoreContract:
    """The rules. Subclasses give the fixture `stores`, empty."""

    def test_a_notice_is_made_once(self, stores: Stores) -> None:
        assert [keep(stores, "m1", _notice("a")), keep(stores, "m1", _notice("a"))] == [1, 0]
        assert stores.notices.count("m1") == 1

    def test_of_several_those_that_are_there_already_are_not_new(self, stores: Stores) -> None:
        keep(stores, "m1", _notice("b"))
        assert keep(stores, "m1", *map(_notice, "abcc")) == 2
        assert stores.notices.count("m1") == 3

    def test_the_row_is_saved_with_them_and_goes_on_from_there(self, stores: Stores) -> None:
        state = leased(stores, "m1")
        saved, _ = stores.notices.keep_with(replace(state, cursor=101), [_notice("a")])
        saved, _ = stores.notices.keep_with(replace(saved, cursor=102), [])
        assert stores.syncs.get("m1") == saved == replace(state, cursor=102)

    @pytest.mark.parametrize("lost", ["gone", "begun anew", "taken over"])
    def test_who_has_lost_the_row_keeps_nothing(self, stores: Stores, lost: str) -> None:
        state = leased(stores, "m1")
        if lost == "taken over":
            stores.syncs.save(replace(state, cursor=101))
        else:
            stores.syncs.delete("m1")
        if lost == "begun anew":
            stores.syncs.create(STATE)
        before = stores.syncs.get("m1")

        with pytest.raises(TryAgain):
            stores.notices.keep_with(replace(state, cursor=102), [_notice("a")], Recount(NOON, NOON))

        assert (stores.notices.count("m1"), stores.notices.recount("m1")) == (0, None)
        assert stores.syncs.get("m1") == before

    def test_a_recount_takes_the_place_of_the_one_before(self, stores: Stores) -> None:
        for recount in (Recount(NOON, NOON, 5, 5), Recount(NOON, NOON, 6, 4, 2, ("a",), NOON, ("b", "c"))):
            stores.notices.keep_with(leased(stores, "m1"), [], recount)
            assert stores.notices.recount("m1") == recount
        assert stores.notices.recount("m2") is None

    def test_the_first_notice_of_a_message_stays(self, stores: Stores) -> None:
        keep(stores, "m1", _notice("a"))
        keep(stores, "m1", _notice("a", minutes=9))
        assert stores.notices.get_many("m1", ["a"]) == [_notice("a")]

    def test_a_notice_keeps_milliseconds(self, stores: Stores) -> None:
        notice = Notice("a", "ana@client.example", NOON + timedelta(milliseconds=123))
        keep(stores, "m1", notice)
        assert stores.notices.get_many("m1", ["a"]) == [notice]

    def test_only_those_that_exist_are_answered(self, stores: Stores) -> None:
        keep(stores, "m1", _notice("a"))
        keep(stores, "m2", _notice("b"))
        assert stores.notices.get_many("m1", ["a", "b", "c"]) == [_notice("a")]
        assert stores.notices.get_many("m1", []) == []

    def test_a_page_is_newest_first(self, stores: Stores) -> None:
        for name, minutes in (("a", 2), ("b", 9), ("c", 5)):
            keep(stores, "m1", _notice(name, minutes))
        assert _ids(stores.notices.page("m1", since=None, before=None, limit=10)) == ["b", "c", "a"]

    def test_notices_of_one_moment_come_in_one_order_over_all_pages(self, stores: Stores) -> None:
        for name in ("b", "d", "a", "c"):
            keep(stores, "m1", _notice(name))
        keep(stores, "m1", _notice("newer", 1))
        found: list[str] = []
        before = None
        while page := stores.notices.page("m1", since=None, before=before, limit=2):
            found += _ids(page)
            before = (page[-1].received_at, page[-1].message_id)
        assert found == ["newer", "d", "c", "b", "a"]

    def test_before_need_not_name_a_notice_that_exists(self, stores: Stores) -> None:
        for name, minutes in (("a", 1), ("b", 2), ("c", 3)):
            keep(stores, "m1", _notice(name, minutes))
        position = (NOON + timedelta(minutes=2.5), "gone")
        assert _ids(stores.notices.page("m1", since=None, before=position, limit=10)) == ["b", "a"]

    def test_since_includes_its_own_moment(self, stores: Stores) -> None:
        for name, minutes in (("a", 1), ("b", 2), ("c", 3)):
            keep(stores, "m1", _notice(name, minutes))
        since = NOON + timedelta(minutes=2)
        assert _ids(stores.notices.page("m1", since=since, before=None, limit=10)) == ["c", "b"]
        assert _ids(stores.notices.page("m1", since=since, before=(since, "b"), limit=10)) == []

    def test_a_page_holds_no_other_mailboxes_notices(self, stores: Stores) -> None:
        keep(stores, "m1", _notice("a"))
        keep(stores, "m2", _notice("b"))
        assert _ids(stores.notices.page("m1", since=None, before=None, limit=10)) == ["a"]

    def test_read_marks_are_the_mailboxes_own(self, stores: Stores) -> None:
        keep(stores, "m1", _notice("a"))
        stores.notices.mark_read("m1", _notice("a"))
        stores.notices.mark_read("m1", _notice("a"))
        assert stores.notices.read_marks("m1", ["a", "b"]) == {"a"}
        assert stores.notices.read_marks("m2", ["a"]) == frozenset()
        assert stores.notices.read_marks("m1", []) == frozenset()

    def test_a_mark_leaves_its_notice_as_it_is_and_does_not_outlive_it(self, stores: Stores) -> None:
        keep(stores, "m1", _notice("a", 0.5))
        stores.notices.mark_read("m1", _notice("a", 0.5))
        assert stores.notices.get_many("m1", ["a"]) == [_notice("a", 0.5)]
        stores.notices.delete_all("m1")
        with pytest.raises(NotFound):
            stores.notices.mark_read("m1", _notice("a", 0.5))
        assert stores.notices.marks("m1", None, 10) == []

    def test_all_read_marks_come_in_pages(self, stores: Stores) -> None:
        for name in ("c", "a", "b"):
            keep(stores, "m1", _notice(name))
            stores.notices.mark_read("m1", _notice(name))
        keep(stores, "m2", _notice("d"))
        stores.notices.mark_read("m2", _notice("d"))
        first = stores.notices.marks("m1", None, 2)
        assert [*first, *stores.notices.marks("m1", first[-1], 2)] == ["a", "b", "c"]

    def test_deleting_all_erases_notices_and_marks_and_counts_the_notices(self, stores: Stores) -> None:
        for name in ("a", "b", "c"):
            keep(stores, "m1", _notice(name))
        keep(stores, "m2", _notice("d"))
        stores.notices.mark_read("m1", _notice("a"))
        assert [stores.notices.delete_all("m1"), stores.notices.delete_all("m1")] == [3, 0]
        assert stores.notices.read_marks("m1", ["a"]) == frozenset()
        assert (stores.notices.count("m1"), stores.notices.count("m2")) == (0, 1)


def marks_left(firestore: Firestore, mark: Callable[[Documents], None]) -> list[list[str]]:
    """The marks that stay where one is made before each step of erasing a mailbox's notices, and after the last."""
    left: list[list[str]] = []
    steps = 1
    while len(left) < steps:
        documents, erasing = fresh_documents(firestore), Process()
        stores = Stores(FirestoreNotices(documents, FakeClock()), FirestoreSyncs(documents))
        keep(stores, "m1", _notice("a"))
        take = erasing.take

        def take_and_meet(step: str, at: int = len(left)) -> None:
            if len(erasing.steps) == at:  # noqa: B023 - called within the loop
                mark(documents)  # noqa: B023
            take(step)  # noqa: B023

        erasing.take = take_and_meet  # type: ignore[method-assign]
        FirestoreNotices(erasing.calling(documents), FakeClock()).delete_all("m1")
        if len(erasing.steps) == len(left):
            mark(documents)
        steps = len(erasing.steps) + 1
        left.append(list(stores.notices.marks("m1", None, 10)))
    return left


def _ids(page: object) -> list[str]:
    assert isinstance(page, list)
    return [notice.message_id for notice in page]


class TestFakeNoticeStore(NoticeStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def stores(self) -> Stores:
        notices = FakeNotices()
        return Stores(notices, notices.syncs)


class TestFirestoreNoticeStore(NoticeStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def stores(self, firestore: Firestore) -> Stores:
        documents = fresh_documents(firestore)
        return Stores(FirestoreNotices(documents, FakeClock()), FirestoreSyncs(documents))

    def test_a_mark_that_is_made_at_any_step_of_the_erasing_does_not_stay(self, firestore: Firestore) -> None:
        def mark(documents: Documents) -> None:
            with suppress(NotFound):
                FirestoreNotices(documents, FakeClock()).mark_read("m1", _notice("a"))

        assert [left for left in marks_left(firestore, mark) if left] == []

    def test_the_control_a_mark_that_asks_for_no_notice_stays(self, firestore: Firestore) -> None:
        def mark(documents: Documents) -> None:
            documents.put("mailboxes/m1/reads/a", {"expires_at": NOON})

        assert ["a"] in marks_left(firestore, mark)

    def test_more_notices_than_one_batch_holds_are_all_deleted(self, stores: Stores) -> None:
        keep(stores, "m1", *(_notice(f"n{number:03}") for number in range(450)))
        assert stores.notices.delete_all("m1") == 450
        assert stores.notices.count("m1") == 0
