"""What a ConnectionStore and an OrgStore promise, for the fake and for Firestore."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.firestore.connections import FirestoreConnections
from shared.adapters.firestore.orgs import FirestoreOrgs
from shared.domain.connection import Connection, PendingGrant, SealedToken
from shared.domain.policy import Policy
from shared.errors import Conflict, NotFound, Stale
from shared.ports.connections import ConnectionStore
from shared.ports.orgs import OrgStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.stores import FakeConnections, FakeOrgs

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BARE = Connection(
    id="c1",
    org="acme",
    user="alice",
    user_name="Alice",
    origin="https://crm.example",
    scopes=("openid",),
    nonce="nonce",
    code_verifier="verifier",
    expires_at=NOON,
)
FULL = replace(
    BARE,
    return_url="https://crm.example/back",
    used=True,
    browser="b" * 64,
    ticket="t" * 64,
    grant=PendingGrant("alice@own.example", "1066", ("openid", "x"), SealedToken("1", b"n", b"\x00\xff")),
)


def _read(store: ConnectionStore) -> Connection:
    row = store.get("c1")
    assert row is not None
    return replace(row, version=None)


class ConnectionStoreContract:
    """The rules. Subclasses give the fixture `store`, empty."""

    @pytest.mark.parametrize("row", [BARE, FULL], ids=["bare", "full"])
    def test_a_row_comes_back_as_it_was_made(self, store: ConnectionStore, row: Connection) -> None:
        store.create(row)
        assert _read(store) == row

    def test_a_missing_row_is_none(self, store: ConnectionStore) -> None:
        assert store.get("c1") is None

    def test_a_row_is_made_once(self, store: ConnectionStore) -> None:
        store.create(BARE)
        with pytest.raises(Conflict):
            store.create(replace(BARE, user="mallory"))
        assert _read(store).user == "alice"

    def test_saves_follow_each_other(self, store: ConnectionStore) -> None:
        store.create(BARE)
        row = store.get("c1")
        assert row is not None
        row = store.save(replace(row, used=True))
        store.save(replace(row, grant=FULL.grant))
        assert _read(store) == replace(BARE, used=True, grant=FULL.grant)

    def test_of_two_saves_of_what_both_have_read_the_second_is_stale(self, store: ConnectionStore) -> None:
        store.create(BARE)
        first, second = store.get("c1"), store.get("c1")
        assert first is not None
        assert second is not None
        store.save(replace(first, browser="first"))
        with pytest.raises(Stale):
            store.save(replace(second, browser="second"))
        assert _read(store).browser == "first"

    def test_a_save_does_not_bring_a_deleted_row_back(self, store: ConnectionStore) -> None:
        store.create(BARE)
        row = store.get("c1")
        assert row is not None
        store.delete("c1")
        with pytest.raises((NotFound, Stale)):
            store.save(row)
        assert store.get("c1") is None

    def test_of_two_deletes_one_is_told_that_it_was_there(self, store: ConnectionStore) -> None:
        store.create(BARE)
        assert [store.delete("c1"), store.delete("c1")] == [True, False]

    def test_a_users_own_attempts_are_found(self, store: ConnectionStore) -> None:
        for name, org, user in (("c1", "acme", "alice"), ("c2", "acme", "bob"), ("c3", "other", "alice")):
            store.create(replace(BARE, id=name, org=org, user=user))
        store.create(replace(BARE, id="c4"))
        assert sorted(row.id for row in store.of_user("acme", "alice")) == ["c1", "c4"]

    def test_attempts_expire_at_their_very_moment(self, store: ConnectionStore) -> None:
        for number in range(4):
            expires_at = NOON + timedelta(microseconds=number)
            store.create(replace(BARE, id=f"c{number}", expires_at=expires_at))
        found = store.expired(NOON + timedelta(microseconds=2), 10)
        assert sorted(row.id for row in found) == ["c0", "c1", "c2"]
        assert len(store.expired(NOON + timedelta(days=1), 2)) == 2

    def test_the_end_of_an_accounts_consent_is_remembered_until_its_moment(
        self, store: ConnectionStore
    ) -> None:
        assert not store.is_ending("1066", NOON)
        store.note_end("1066", NOON - timedelta(minutes=5))
        store.note_end("1066", NOON)
        assert store.is_ending("1066", NOON - timedelta(microseconds=1))
        assert not store.is_ending("1066", NOON)
        assert not store.is_ending("1067", NOON - timedelta(minutes=10))


class TestFakeConnectionStore(ConnectionStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> ConnectionStore:
        return FakeConnections()


class TestFirestoreConnectionStore(ConnectionStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore) -> ConnectionStore:
        return FirestoreConnections(fresh_documents(firestore))


class OrgStoreContract:
    """The rules for policies. Subclasses give the fixture `store`, empty."""

    def test_an_organisation_that_set_nothing_has_the_defaults(self, store: OrgStore) -> None:
        assert store.get("acme") == Policy()

    def test_a_policy_comes_back_as_it_was_put(self, store: OrgStore) -> None:
        policy = Policy(
            time_zone="Pacific/Auckland",
            sharing="public",
            sharing_by_role={"sales": "private"},
            sharing_by_user={"alice": "custom"},
            share_with_users=("bob",),
            share_with_roles=("boss",),
            excluded_domains=("acme.example",),
            superiors_see=True,
            label_names={"closing_this_month": "1", "open_deals": "2", "customers": "3"},
            origins=("https://crm.example",),
            webhook_url="https://crm.example/hook",
        )
        store.put("acme", policy)
        assert store.get("acme") == policy

    def test_a_policy_without_a_choice_comes_back_without_one(self, store: OrgStore) -> None:
        store.put("acme", Policy(sharing="public"))
        store.put("acme", Policy())
        assert store.get("acme") == Policy()

    def test_organisations_do_not_share_policies(self, store: OrgStore) -> None:
        # An id is the CRM's own: it may hold slashes, or be longer than a document id may be.
        ids = ["a/b", "a", "b", "ä" * 2000]
        for number, org in enumerate(ids):
            store.put(org, Policy(origins=(f"https://{number}.example",)))
        assert [store.get(org).origins for org in ids] == [(f"https://{n}.example",) for n in range(4)]


class TestFakeOrgStore(OrgStoreContract):
    """The fake keeps to it."""

    @pytest.fixture
    def store(self) -> OrgStore:
        return FakeOrgs()


class TestFirestoreOrgStore(OrgStoreContract):
    """So does Firestore."""

    @pytest.fixture
    def store(self, firestore: Firestore) -> OrgStore:
        return FirestoreOrgs(fresh_documents(firestore))
