"""What a MailboxStore and a GrantStore promise, for the fake and for Firestore."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.firestore.grants import FirestoreGrants
from shared.adapters.firestore.mailboxes import FirestoreMailboxes
from shared.domain.connection import SealedToken
from shared.domain.mailbox import GmailLabel, Health, Labeling, Mailbox, Settings
from shared.errors import Conflict, NotFound, Stale
from shared.ports.mailboxes import GrantStore, MailboxStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.stores import FakeGrants, FakeMailboxes

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOW = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
MAILBOX = Mailbox(
    id="m1",
    org="acme",
    user="alice",
    user_name="Älice",
    email="alice@own.example",
    google_sub="1066",
    connected_at=NOW,
    settings=Settings("custom", mailmagnet=True, labels=True, paused=False, never_shared=("x.example",)),
    health=Health("scope_partly_missing", NOW),
    scopes=("openid", "https://www.googleapis.com/auth/gmail.modify"),
    watch_expires_at=NOW + timedelta(days=7),
    labels={"customers": GmailLabel("Label_1", "Customers")},
    making={"open_deals": "Open Deals"},
    labeling=Labeling("backfill", 3, 9, NOW),
)
BARE = Mailbox("m2", "acme", "bob", "Bob", "bob@own.example", "1067", NOW)


class MailboxStoreContract:
    """The rules. Subclasses give the fixture `store`, empty."""

    @pytest.mark.parametrize("row", [MAILBOX, BARE], ids=["full", "bare"])
    def test_a_row_comes_back_as_it_was_created(self, store: MailboxStore, row: Mailbox) -> None:
        store.create(row)
        assert store.get(row.id) == row

    def test_a_missing_row_is_none(self, store: MailboxStore) -> None:
        assert store.get("m1") is None

    def test_mailboxes_are_found_by_their_gmail_account(self, store: MailboxStore) -> None:
        shared = replace(BARE, id="m3", org="other", email=MAILBOX.email)
        for row in (MAILBOX, BARE, shared):
            store.create(row)
        assert sorted(row.id for row in store.by_email(MAILBOX.email)) == ["m1", "m3"]
        assert store.by_email("nobody@own.example") == []

    def test_mailboxes_are_found_by_their_organisation(self, store: MailboxStore) -> None:
        for row in (MAILBOX, BARE, replace(BARE, id="m3", org="other")):
            store.create(row)
        assert sorted(row.id for row in store.of_org("acme")) == ["m1", "m2"]

    @pytest.mark.parametrize(
        ("field", "find"),
        [
            ("watch_expires_at", "watch_ending"),
            ("refreshed_at", "refreshed_between"),
            ("granted_at", "granted_between"),
        ],
    )
    def test_mailboxes_are_found_by_a_moment_between_two_others(
        self, store: MailboxStore, field: str, find: str
    ) -> None:
        moments = {f"m{hour}": NOW + timedelta(hours=hour) for hour in (3, 1, 2, 0)}
        for name, moment in moments.items():
            store.create(replace(BARE, id=name, **{field: moment}))  # type: ignore[arg-type]
        store.create(replace(BARE, id="without"))
        found = getattr(store, find)(NOW, NOW + timedelta(hours=3))
        assert [row.id for row in found] == ["m1", "m2"]

    def test_an_update_writes_the_named_fields_only(self, store: MailboxStore) -> None:
        store.create(MAILBOX)
        changed = replace(MAILBOX, labels={}, email="changed@own.example", watch_expires_at=None)
        store.update(changed, "labels", "watch_expires_at")
        assert store.get("m1") == replace(MAILBOX, labels={}, watch_expires_at=None)

    def test_updates_of_different_fields_do_not_undo_each_other(self, store: MailboxStore) -> None:
        store.create(MAILBOX)
        store.update(replace(MAILBOX, health=Health("grant_lost", NOW)), "health")
        store.update(replace(MAILBOX, labels={}), "labels")
        assert store.get("m1") == replace(MAILBOX, health=Health("grant_lost", NOW), labels={})

    def test_an_update_of_a_missing_row_is_not_found_and_makes_none(self, store: MailboxStore) -> None:
        with pytest.raises(NotFound):
            store.update(MAILBOX, "labels")
        assert store.get("m1") is None

    def test_of_two_updates_of_what_both_have_read_the_second_is_stale(self, store: MailboxStore) -> None:
        store.create(MAILBOX)
        read = store.get("m1")
        assert read is not None
        store.update(replace(read, user_name="first"), "user_name", if_unchanged=True)
        with pytest.raises(Stale):
            store.update(replace(read, user_name="second"), "user_name", if_unchanged=True)
        kept = store.get("m1")
        assert kept is not None
        assert kept.user_name == "first"

    def test_an_update_answers_a_version_to_go_on_from(self, store: MailboxStore) -> None:
        store.create(MAILBOX)
        read = store.get("m1")
        assert read is not None
        for name in ("one", "two", "three"):
            read = store.update(replace(read, user_name=name), "user_name", if_unchanged=True)
        kept = store.get("m1")
        assert kept is not None
        assert (kept.user_name, kept.version) == ("three", read.version)

    def test_a_delete_answers_how_many_rows_there_were(self, store: MailboxStore) -> None:
        store.create(MAILBOX)
        assert [store.delete("m1"), store.delete("m1")] == [1, 0]
        assert store.get("m1") is None


class TestFakeMailboxStore(MailboxStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> MailboxStore:
        return FakeMailboxes()


class TestFirestoreMailboxStore(MailboxStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore) -> MailboxStore:
        return FirestoreMailboxes(fresh_documents(firestore))


@dataclass(frozen=True)
class Rows:
    """Both stores over the same documents."""

    mailboxes: MailboxStore
    grants: GrantStore


class GrantOfARowContract:
    """A mailbox and its grant are of one commit. Subclasses give the fixture `rows`, empty."""

    def test_a_row_comes_with_its_grant(self, rows: Rows) -> None:
        rows.mailboxes.create(MAILBOX, grant=SealedToken("1", b"n", b"c"))
        assert rows.mailboxes.get("m1") == MAILBOX
        assert rows.grants.get("m1") == SealedToken("1", b"n", b"c")

    def test_a_row_is_created_once_and_the_grant_stays_that_of_the_first(self, rows: Rows) -> None:
        created = rows.mailboxes.create(MAILBOX, grant=SealedToken("1", b"n", b"c"))
        with pytest.raises(Conflict):
            rows.mailboxes.create(replace(MAILBOX, email="x@y.example"), grant=SealedToken("2", b"n", b"c"))
        kept = rows.mailboxes.get("m1")
        assert kept is not None
        assert (kept, kept.version) == (MAILBOX, created.version)
        assert rows.grants.get("m1") == SealedToken("1", b"n", b"c")

    def test_a_stale_update_leaves_the_grant_as_it_was(self, rows: Rows) -> None:
        created = rows.mailboxes.create(MAILBOX, grant=SealedToken("1", b"n", b"c"))
        second, third = SealedToken("2", b"n", b"c"), SealedToken("3", b"n", b"c")
        # A write that changes nothing makes no new version, so each of these changes something.
        renewed = [replace(created, granted_at=NOW + timedelta(minutes=minute)) for minute in (1, 2)]
        rows.mailboxes.update(renewed[0], "granted_at", if_unchanged=True, grant=second)
        with pytest.raises(Stale):
            rows.mailboxes.update(renewed[1], "granted_at", if_unchanged=True, grant=third)
        assert rows.grants.get("m1") == second

    def test_a_row_goes_with_its_grant_and_only_while_it_is_the_one_that_was_read(self, rows: Rows) -> None:
        read = rows.mailboxes.create(MAILBOX, grant=SealedToken("1", b"n", b"c"))
        other = rows.mailboxes.update(replace(read, user_name="other"), "user_name")
        with pytest.raises(Stale):
            rows.mailboxes.delete("m1", version=read.version)
        assert rows.grants.get("m1") is not None
        assert rows.mailboxes.delete("m1", version=other.version) == 1
        assert rows.mailboxes.delete("m1", version=other.version) == 0
        assert (rows.mailboxes.get("m1"), rows.grants.get("m1")) == (None, None)


class TestFakeGrantOfARow(GrantOfARowContract):
    """The fakes keep to it."""

    @pytest.fixture
    def rows(self) -> Rows:
        grants = FakeGrants()
        return Rows(FakeMailboxes(grants=grants), grants)


class TestFirestoreGrantOfARow(GrantOfARowContract):
    """So does Firestore."""

    @pytest.fixture
    def rows(self, firestore: Firestore) -> Rows:
        documents = fresh_documents(firestore)
        return Rows(FirestoreMailboxes(documents), FirestoreGrants(documents))


class GrantStoreContract:
    """The rules for sealed tokens. Subclasses give the fixture `store`, empty."""

    def test_a_sealed_token_comes_back_byte_for_byte(self, store: GrantStore) -> None:
        sealed = SealedToken("7", bytes(range(12)), bytes(range(256)))
        store.put("m1", sealed)
        assert store.get("m1") == sealed

    def test_a_later_token_takes_the_earlier_ones_place(self, store: GrantStore) -> None:
        for version in ("1", "2"):
            store.put("m1", SealedToken(version, b"n", b"c"))
        assert store.get("m1") == SealedToken("2", b"n", b"c")

    def test_a_delete_answers_how_many_tokens_there_were(self, store: GrantStore) -> None:
        store.put("m1", SealedToken("1", b"n", b"c"))
        assert [store.delete("m1"), store.delete("m1")] == [1, 0]
        assert store.get("m1") is None


class TestFakeGrantStore(GrantStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> GrantStore:
        return FakeGrants()


class TestFirestoreGrantStore(GrantStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore) -> GrantStore:
        return FirestoreGrants(fresh_documents(firestore))


def test_a_field_outside_the_allow_list_cannot_be_written(firestore: Firestore) -> None:
    documents = fresh_documents(firestore)
    documents.put("mailboxes/m1", {"email": "alice@own.example"})
    writes: list[Any] = [
        lambda: documents.put("mailboxes/m1", {"subject": "canary"}),
        lambda: documents.create("mailboxes/m2", {"email": "b@own.example", "snippet": "canary"}),
        lambda: documents.update("mailboxes/m1", {"body": "canary"}),
        lambda: documents.put("mailboxes/m1/notices/n1", {"subject": "canary"}),
        lambda: documents.put("mailboxes/m1/reads/n1", {"from": "canary"}),
    ]
    for write in writes:
        with pytest.raises(ValueError, match="outside the allow-list") as raised:
            write()
        assert "canary" not in str(raised.value)
    assert documents.get("mailboxes/m2") is None
    kept = documents.get("mailboxes/m1")
    assert kept is not None
    assert kept.fields == {"email": "alice@own.example"}


def test_a_collection_that_nobody_listed_takes_nothing(firestore: Firestore) -> None:
    with pytest.raises(KeyError):
        fresh_documents(firestore).put("mails/m1", {"from": "x"})
