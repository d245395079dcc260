"""What a SendStore promises, for the fake and for Firestore."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.adapters.firestore.sends import FirestoreSends
from shared.domain.sending import SendRecord, new_record
from shared.errors import Stale
from shared.ports.sending import SendStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.sends import FakeSends

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BOX = "mailbox1"


def _row(name: str = "a" * 32) -> SendRecord:
    return new_record(name, "content", "me", NOW)


class SendContract:
    """The rules. Subclasses give the fixture `sends`."""

    def test_a_key_is_created_once(self, sends: SendStore) -> None:
        created = sends.create(BOX, _row())
        assert created == _row()
        assert sends.create(BOX, replace(_row(), content="other")) is None
        assert sends.get(BOX, _row().id) == _row()

    def test_keys_of_mailboxes_do_not_meet(self, sends: SendStore) -> None:
        assert sends.create(BOX, _row()) is not None
        assert sends.get("mailbox2", _row().id) is None
        assert sends.create("mailbox2", _row()) is not None

    def test_keys_come_in_pages_by_id(self, sends: SendStore) -> None:
        names = [letter * 32 for letter in "abc"]
        for name in reversed(names):
            sends.create(BOX, _row(name))
        sends.create("mailbox2", _row("d" * 32))
        first = sends.page(BOX, None, 2)
        assert [row.id for row in (*first, *sends.page(BOX, first[-1].id, 2))] == names

    def test_only_the_version_that_was_read_can_be_saved(self, sends: SendStore) -> None:
        created = sends.create(BOX, _row())
        assert created is not None
        saved = sends.save(BOX, replace(created, draft_id="r1", thread_id="t1"))
        with pytest.raises(Stale):
            sends.save(BOX, replace(created, draft_id="r2"))
        sends.save(BOX, replace(saved, message_id="m1"))
        found = sends.get(BOX, created.id)
        assert found == replace(created, draft_id="r1", thread_id="t1", message_id="m1")

    def test_a_row_that_is_gone_cannot_be_saved(self, sends: SendStore) -> None:
        created = sends.create(BOX, _row())
        assert created is not None
        assert (sends.delete(BOX, created.id), sends.delete(BOX, created.id)) == (1, 0)
        with pytest.raises(Stale):
            sends.save(BOX, created)

    def test_open_ones_are_those_without_a_sent_mail(self, sends: SendStore) -> None:
        rows = [sends.create(BOX, _row(letter * 32)) for letter in "abc"]
        assert rows[1] is not None
        sends.save(BOX, replace(rows[1], message_id="m1"))
        assert {row.id[0] for row in sends.open_ones(BOX, 10)} == {"a", "c"}
        assert len(sends.open_ones(BOX, 1)) == 1

    def test_a_key_that_was_drafted_again_stays_an_open_one_when_its_mail_is_sent(
        self, sends: SendStore
    ) -> None:
        created = sends.create(BOX, _row())
        assert created is not None
        sent = sends.save(BOX, replace(created, draft_id="r2", message_id="m1", drafted_again=True))
        assert sends.open_ones(BOX, 10) == [sent]
        sends.save(BOX, replace(sent, drafted_again=False))
        assert sends.open_ones(BOX, 10) == []

    def test_a_draft_that_is_not_ours_is_never_an_open_one(self, sends: SendStore) -> None:
        created = sends.create(BOX, replace(_row(), draft_is_ours=False))
        assert created is not None
        sends.save(BOX, replace(created, draft_id="r1"))
        assert sends.open_ones(BOX, 10) == []
        found = sends.get(BOX, created.id)
        assert found is not None
        assert not found.draft_is_ours

    def test_all_keys_of_a_mailbox_are_counted_and_erased(self, sends: SendStore) -> None:
        for letter in "abc":
            sends.create(BOX, _row(letter * 32))
        sends.create("mailbox2", _row())
        assert (sends.count(BOX), sends.delete_all(BOX), sends.count(BOX)) == (3, 3, 0)
        assert sends.count("mailbox2") == 1


class TestFakeSends(SendContract):
    @pytest.fixture
    def sends(self) -> SendStore:
        return FakeSends()


class TestFirestoreSends(SendContract):
    @pytest.fixture
    def sends(self, firestore: Firestore) -> SendStore:
        return FirestoreSends(fresh_documents(firestore))
