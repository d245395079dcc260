"""What the labeler's stores promise, for the fakes and for Firestore."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.firestore.crm_cursors import FirestoreCrmCursors
from shared.adapters.firestore.label_runs import FirestoreLabelRuns
from shared.adapters.firestore.labelings import FirestoreLabelings
from shared.adapters.firestore.notices import FirestoreNotices
from shared.adapters.firestore.sender_notices import FirestoreSenderNotices
from shared.adapters.firestore.syncs import FirestoreSyncs
from shared.domain.label_run import LabelRun
from shared.domain.labeling_row import LabelingRow
from shared.domain.labels import Deed
from shared.domain.notice import Notice
from shared.domain.sync import SyncState
from shared.errors import Stale
from shared.ports.labeling import CrmCursor, CrmCursorStore, LabelingStore, LabelRunStore
from shared.ports.notices import NoticeStore, SenderNotices
from shared.ports.sync import SyncStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.clock import FakeClock
from tests.fakes.labeling_stores import (
    FakeCrmCursors,
    FakeLabelings,
    FakeLabelRuns,
    FakeSenderNotices,
)
from tests.fakes.stores import FakeNotices

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOW = datetime(2026, 11, 24, 12, 0, 0, 654321, tzinfo=UTC)


@dataclass
class Stores:
    """One set of stores over the same documents, empty."""

    labelings: LabelingStore
    runs: LabelRunStore
    cursors: CrmCursorStore
    syncs: SyncStore
    notices: NoticeStore
    sender_notices: SenderNotices


def _run(name: str, minute: int, *deeds: Deed, **changes: object) -> LabelRun:
    started_at = NOW + timedelta(minutes=minute)
    run = LabelRun(name, "tick", started_at, started_at + timedelta(days=120), "done", deeds, 166, 12)
    return replace(run, **changes)  # type: ignore[arg-type]


def _row(store: LabelingStore, mailbox: str = "m1") -> LabelingRow:
    row = store.get(mailbox)
    assert row is not None
    return row


class LabelingContract:
    """The rules. Subclasses give the fixture `stores`."""

    def test_labels_begin_with_the_inbox_to_be_sorted(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        row = _row(stores.labelings)
        assert row == LabelingRow("m1", "acme", work=True)
        assert list(stores.labelings.with_work(10)) == ["m1"]
        assert list(stores.labelings.of_org("acme", 10)) == ["m1"]
        assert list(stores.labelings.of_org("acme", 10, "m1")) == []

    def test_a_saved_row_comes_back_and_keeps_its_contacts(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        version = stores.labelings.add_contacts(_row(stores.labelings), ["k1", "k2"])
        full = LabelingRow(
            "m1", "acme", frozenset(), False, NOW, "2026-11", "18c1", False, "18c0",
            (("19f0", "19e0"), ("19d0", "")), True, True, True, {"customers": NOW}, {"19a0": 2}, version,
        )  # fmt: skip
        saved = stores.labelings.save(full)
        assert _row(stores.labelings) == replace(full, contacts=frozenset({"k1", "k2"}))
        assert _row(stores.labelings).version == saved.version
        assert list(stores.labelings.with_work(10)) == []

    def test_of_two_that_read_the_same_row_one_saves(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        read = _row(stores.labelings)
        stores.labelings.save(replace(read, calendar="2026-11"))
        with pytest.raises(Stale):
            stores.labelings.save(replace(read, calendar="2026-12"))
        with pytest.raises(Stale):
            stores.labelings.add_contacts(read, ["k"])

    def test_a_row_that_is_gone_cannot_be_saved(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        read = _row(stores.labelings)
        assert (stores.labelings.delete("m1"), stores.labelings.delete("m1")) == (1, 0)
        with pytest.raises(Stale):
            stores.labelings.save(read)
        stores.labelings.mark_changed("m1", NOW)
        assert stores.labelings.get("m1") is None

    def test_beginning_again_keeps_the_contacts(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        stores.labelings.add_contacts(_row(stores.labelings), ["k1"])
        stores.labelings.save(
            replace(
                _row(stores.labelings),
                backfill=False,
                backfill_before="1",
                backfill_left=(("19f0", "19e0"), ("19d0", "")),
                refused={"19c0": 2, "19b0": 3},
                backfill_more=True,
                work=False,
            )
        )
        stores.labelings.begin("m1", "acme")
        fresh = LabelingRow("m1", "acme", frozenset({"k1"}), work=True)
        assert _row(stores.labelings) == fresh

    def test_the_earliest_mark_of_a_change_stays(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        for hours in (2, 1, 3):
            stores.labelings.mark_changed("m1", NOW + timedelta(hours=hours))
        assert _row(stores.labelings).changed_since == NOW + timedelta(hours=1)

    def test_what_is_held_waits_for_a_word_from_its_own_organisation(self, stores: Stores) -> None:
        stores.labelings.begin("m1", "acme")
        assert not stores.labelings.confirm("m1", "acme"), "nothing is held"
        stores.labelings.save(replace(_row(stores.labelings), held=True, work=False))
        stores.labelings.mark_changed("m1", NOW)
        assert list(stores.labelings.with_work(10)) == []
        assert not stores.labelings.confirm("m1", "other")
        assert not stores.labelings.confirm("gone", "acme")
        assert stores.labelings.confirm("m1", "acme")
        row = _row(stores.labelings)
        assert (row.held, row.confirmed, row.work) == (False, True, True)

    def test_holders_of_contacts_are_found(self, stores: Stores) -> None:
        for mailbox, keys in (("m1", ["a", "b"]), ("m2", ["b", "c"]), ("m3", ["d"])):
            stores.labelings.begin(mailbox, "acme")
            stores.labelings.add_contacts(_row(stores.labelings, mailbox), keys)
        assert sorted(stores.labelings.holding(["b", "x"])) == ["m1", "m2"]
        assert list(stores.labelings.holding(["x"])) == []

    def test_a_run_comes_back_as_it_was_written(self, stores: Stores) -> None:
        run = _run(
            "r1", 0, Deed("a", None, "customers", inbox=True), Deed("b", "open_deals", None), doubtful=1
        )
        stores.runs.put("m1", run)
        assert stores.runs.get("m1", "r1") == run
        assert stores.runs.get("m2", "r1") is None
        undo = _run("r2", 1, Deed("a", "customers", None, undone=True, inbox=True), is_undo=True)
        stores.runs.put("m1", undo)
        assert stores.runs.get("m1", "r2") == undo

    def test_runs_are_listed_newest_first_in_pages_and_oldest_first_since_a_time(
        self, stores: Stores
    ) -> None:
        for minute in range(4):
            stores.runs.put("m1", _run(f"r{minute}", minute))
        first = stores.runs.page("m1", None, 2)
        second = stores.runs.page("m1", (first[-1].started_at, first[-1].id), 9)
        assert [run.id for run in (*first, *second)] == ["r3", "r2", "r1", "r0"]
        stores.runs.put("m1", _run("r2-too", 2))
        later = NOW + timedelta(minutes=1)
        first = stores.runs.since("m1", later, 2)
        assert [run.id for run in first] == ["r1", "r2"]
        rest = stores.runs.since("m1", later, 9, (first[-1].started_at, first[-1].id))
        assert [run.id for run in rest] == ["r2-too", "r3"]

    def test_the_last_certain_deed_on_each_message_is_known(self, stores: Stores) -> None:
        stores.runs.put("m1", _run("r1", 0, Deed("a", None, "open_deals"), Deed("b", None, "customers")))
        stores.runs.put("m1", _run("r2", 1, Deed("a", "open_deals", "customers")))
        in_doubt = (Deed("c", None, "customers"), Deed("b", "customers", None))
        stores.runs.put("m1", _run("r3", 2, *in_doubt, state="running", doubtful=1))
        many = [f"x{n}" for n in range(65)]
        assert stores.runs.last_deeds("m1", ["a", "b", "c", *many]) == {
            "a": Deed("a", "open_deals", "customers"),
            "b": Deed("b", None, "customers"),
            "c": Deed("c", None, "customers"),
        }
        assert stores.runs.last_deeds("m1", []) == {}

    def test_runs_with_deeds_in_doubt_are_found_until_they_are_settled(self, stores: Stores) -> None:
        deeds = (Deed("a", None, "customers"), Deed("b", None, "customers"))
        stores.runs.put("m1", _run("r1", 0, *deeds))
        for name, minute in (("r3", 3), ("r2", 2)):
            stores.runs.put("m1", _run(name, minute, *deeds, doubtful=1))
        assert [run.id for run in stores.runs.unsettled("m1")] == ["r2", "r3"]
        assert stores.runs.unsettled("m1")[0].in_doubt == deeds[1:]
        stores.runs.put("m1", _run("r2", 2, *deeds))
        assert [run.id for run in stores.runs.unsettled("m1")] == ["r3"]
        assert list(stores.runs.unsettled("m2")) == []

    def test_runs_can_be_forgotten(self, stores: Stores) -> None:
        assert not stores.runs.has_any("m1")
        stores.runs.put("m1", _run("r1", 0))
        assert stores.runs.has_any("m1")
        assert (stores.runs.delete_all("m1"), stores.runs.delete_all("m1")) == (1, 0)

    def test_an_organisation_has_one_cursor_that_begins_once(self, stores: Stores) -> None:
        cursor = CrmCursor("acme/east", NOW, "2026-11")
        stores.cursors.begin(cursor)
        stores.cursors.begin(replace(cursor, since=NOW + timedelta(days=1)))
        assert stores.cursors.get("acme/east") == cursor
        stores.cursors.save(replace(cursor, calendar="2026-12"))
        assert stores.cursors.get("acme/east") == replace(cursor, calendar="2026-12")
        gathering = replace(cursor, untold_since=NOW - timedelta(minutes=5), searched_at=NOW)
        stores.cursors.save(gathering)
        assert stores.cursors.get("acme/east") == gathering
        assert stores.cursors.get("other") is None

    def test_a_cursor_ends_and_a_new_one_begins(self, stores: Stores) -> None:
        cursor = CrmCursor("acme", NOW, "2026-11")
        stores.cursors.begin(cursor)
        read = stores.cursors.get("acme")
        assert read is not None
        assert (stores.cursors.end(read), stores.cursors.end(read)) == (True, False)
        later = replace(cursor, since=NOW + timedelta(days=1))
        stores.cursors.begin(later)
        assert not stores.cursors.end(read), "what has begun since is another one"
        assert stores.cursors.get("acme") == later

    @pytest.mark.parametrize("again", ["begin", "save"])
    def test_a_cursor_that_has_begun_again_or_moved_since_it_was_read_does_not_end(
        self, stores: Stores, again: str
    ) -> None:
        cursor = CrmCursor("acme", NOW, "2026-11")
        stores.cursors.begin(cursor)
        read = stores.cursors.get("acme")
        assert read is not None
        getattr(stores.cursors, again)(replace(cursor, searched_at=NOW) if again == "save" else cursor)
        assert not stores.cursors.end(read)
        assert stores.cursors.get("acme") is not None

    def test_organisations_are_listed_in_pages(self, stores: Stores) -> None:
        for org in ("a", "b", "c"):
            stores.cursors.begin(CrmCursor(org, NOW))
        first = stores.cursors.orgs(2)
        second = stores.cursors.orgs(2, first[-1][0])
        assert sorted(org for _, org in (*first, *second)) == ["a", "b", "c"]

    def test_notices_are_found_by_their_senders_within_a_time(self, stores: Stores) -> None:
        stores.syncs.create(SyncState("m1", "acme", 1, NOW, slot=0))
        row = stores.syncs.get("m1")
        assert row is not None
        senders = ["ana@x.example", "ben@x.example", "ana@x.example"]
        notices = [Notice(f"n{n}", sender, NOW + timedelta(hours=n)) for n, sender in enumerate(senders)]
        stores.notices.keep_with(row, notices)
        senders = ["ana@x.example", *(f"s{n}@x.example" for n in range(40))]
        found = stores.sender_notices.from_senders("m1", senders, NOW + timedelta(hours=1))
        assert [notice.message_id for notice in found] == ["n2"]


class TestFakeLabeling(LabelingContract):
    """The fakes."""

    @pytest.fixture
    def stores(self) -> Stores:
        notices = FakeNotices()
        return Stores(
            FakeLabelings(),
            FakeLabelRuns(),
            FakeCrmCursors(),
            notices.syncs,
            notices,
            FakeSenderNotices(notices.rows),
        )


class TestFirestoreLabeling(LabelingContract):
    """The adapters on Firestore."""

    @pytest.fixture
    def stores(self, firestore: Firestore) -> Stores:
        documents = fresh_documents(firestore)
        return Stores(
            FirestoreLabelings(documents),
            FirestoreLabelRuns(documents),
            FirestoreCrmCursors(documents),
            FirestoreSyncs(documents),
            FirestoreNotices(documents, FakeClock()),
            FirestoreSenderNotices(documents),
        )
