"""What the stores of picks and of the audit promise, for the fakes and for Firestore."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.firestore.audit import FirestoreAudit
from shared.adapters.firestore.mailboxes import FirestoreMailboxes
from shared.adapters.firestore.orgs import FirestoreOrgs
from shared.adapters.firestore.shares import FirestoreShares
from shared.domain.audit import Action, AuditEntry, departed
from shared.domain.mailbox import Mailbox, Settings, mailbox_id
from shared.domain.policy import Policy
from shared.domain.share import Share
from shared.errors import NotFound, Stale
from shared.ports.mailboxes import MailboxStore
from shared.ports.orgs import OrgStore
from shared.ports.sharing import AuditStore, ShareStore
from tests.contracts.firestore_servers import Firestore
from tests.contracts.fresh_firestore import fresh_documents
from tests.fakes.sharing_stores import FakeAudit, FakeShares
from tests.fakes.stores import FakeMailboxes, FakeOrgs

pytest_plugins = ["tests.contracts.firestore_fixtures"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANA = mailbox_id("acme", "ana")
ODD_ID = "a/b#ü " + "x" * 190


@dataclass(frozen=True)
class Stores:
    """The stores that write audit entries, over one database."""

    shares: ShareStore
    audit: AuditStore
    mailboxes: MailboxStore
    orgs: OrgStore


def _share(contact_id: str, mailbox: str = ANA, org: str = "acme") -> Share:
    return Share(mailbox, org, contact_id, NOON)


def _entry(action: Action, minutes: float = 0, owner: str | None = "ana", **details: str) -> AuditEntry:
    return AuditEntry("acme", "ana", action, NOON + timedelta(minutes=minutes), owner, **details)  # type: ignore[arg-type]


def _row(user: str, org: str = "acme", **settings: str) -> Mailbox:
    return Mailbox(
        mailbox_id(org, user), org, user, user, f"{user}@x.example", "sub", NOON,
        settings=Settings(**settings), roles=("sales",),  # type: ignore[arg-type]
    )  # fmt: skip


class SharingStoresContract:
    """The rules. Subclasses give the fixture `stores`, empty."""

    @pytest.mark.parametrize("contact_id", ["c1", ODD_ID])
    def test_a_pick_comes_back_as_it_was_made(self, stores: Stores, contact_id: str) -> None:
        assert stores.shares.put(_share(contact_id)) == _share(contact_id)
        assert stores.shares.get(ANA, contact_id) == _share(contact_id)
        assert stores.shares.get(ANA, "other") is None

    def test_a_pick_is_made_once_and_told_once(self, stores: Stores) -> None:
        stores.shares.put(_share("c1"), _entry("share.added", contact_id="c1"))
        later = replace(_share("c1"), shared_at=NOON + timedelta(hours=1))
        again = stores.shares.put(later, _entry("share.added", contact_id="c1"))
        assert again == _share("c1")
        assert [e.action for e in stores.audit.page_of_owner("acme", "ana", None, 10)] == ["share.added"]

    def test_a_pick_ends_once_and_is_told_once(self, stores: Stores) -> None:
        stores.shares.put(_share("c1"))
        ended = [stores.shares.delete(ANA, "c1", _entry("share.removed")) for _ in range(2)]
        assert ended == [True, False]
        assert len(stores.audit.page_of_org("acme", None, 10)) == 1

    def test_the_mailboxes_that_share_a_contact_are_found_by_organisation_and_contact(
        self, stores: Stores
    ) -> None:
        for share in (_share("c1"), _share("c1", "m2"), _share("c2", "m3"), _share("c1", "m4", "other")):
            stores.shares.put(share)
        assert stores.shares.mailboxes_for("acme", "c1") == {ANA, "m2"}
        assert stores.shares.mailboxes_for("acme", "c9") == frozenset()

    def test_which_contacts_are_picked_is_told_for_one_mailbox(self, stores: Stores) -> None:
        for share in (_share("c1"), _share(ODD_ID), _share("c2", "m2")):
            stores.shares.put(share)
        assert stores.shares.picked(ANA, ["c1", "c2", ODD_ID]) == {"c1", ODD_ID}
        assert stores.shares.picked(ANA, []) == frozenset()

    def test_picks_come_in_pages_without_a_gap(self, stores: Stores) -> None:
        for number in range(7):
            stores.shares.put(_share(f"c{number}"))
        stores.shares.put(_share("c0", "m2"))
        found: list[str] = []
        after = None
        while page := stores.shares.page(ANA, after, 3):
            assert len(page) <= 3
            found += [share.contact_id for _, share in page]
            after = page[-1][0]
        assert sorted(found) == [f"c{number}" for number in range(7)]

    def test_all_picks_of_one_mailbox_are_erased(self, stores: Stores) -> None:
        for share in (_share("c1"), _share("c2"), _share("c1", "m2")):
            stores.shares.put(share)
        assert [stores.shares.delete_all(ANA), stores.shares.delete_all(ANA)] == [2, 0]
        assert stores.shares.mailboxes_for("acme", "c1") == {"m2"}

    def test_an_entry_comes_back_as_it_was_made(self, stores: Stores) -> None:
        entry = replace(
            _entry("settings.changed"), changes={"sharing": ("private", "custom"), "paused": (False, True)}
        )
        stores.audit.add(entry)
        assert list(stores.audit.page_of_owner("acme", "ana", None, 10)) == [entry]
        assert list(stores.audit.page_of_org("acme", None, 10)) == [entry]

    def test_entries_come_newest_first_in_pages_also_at_the_same_moment(self, stores: Stores) -> None:
        entries = [_entry("settings.changed", minutes) for minutes in (0, 1, 1, 1, 2)]
        for entry in entries:
            stores.audit.add(entry)
        found: list[AuditEntry] = []
        before = None
        while page := stores.audit.page_of_org("acme", before, 2):
            found += page
            before = (page[-1].at, page[-1].id)
        assert found == sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)

    def test_views_are_for_the_owner_and_the_policy_for_the_admin(self, stores: Stores) -> None:
        stores.audit.add(_entry("message.viewed", message_id="m1"))
        stores.audit.add(_entry("policy.changed", owner=None))
        assert [e.action for e in stores.audit.page_of_owner("acme", "ana", None, 10)] == ["message.viewed"]
        assert [e.action for e in stores.audit.page_of_org("acme", None, 10)] == ["policy.changed"]
        assert list(stores.audit.page_of_org("other", None, 10)) == []

    def test_erasing_an_owner_leaves_the_admin_connecting_and_leaving(self, stores: Stores) -> None:
        actions: tuple[Action, ...] = (
            "mailbox.connected",
            "settings.changed",
            "share.added",
            "message.viewed",
            "mailbox.exported",
        )
        for action in actions:
            stores.audit.add(_entry(action))
        stores.audit.add(_entry("settings.changed", owner="ben"))
        stores.audit.add(_entry("mailbox.disconnected"))

        assert stores.audit.erase_owner("acme", "ana") == 5

        gone = departed("acme", "ana")
        left = [(entry.action, entry.owner) for entry in stores.audit.page_of_org("acme", None, 10)]
        assert sorted(left) == [
            ("mailbox.connected", gone), ("mailbox.disconnected", gone), ("mailbox.exported", gone),
            ("settings.changed", "ben"),
        ]  # fmt: skip
        assert list(stores.audit.page_of_owner("acme", "ana", None, 10)) == []
        assert len(stores.audit.page_of_owner("acme", "ben", None, 10)) == 1

    def test_a_row_and_its_entry_are_written_together_or_not_at_all(self, stores: Stores) -> None:
        stores.mailboxes.create(_row("ana"), _entry("mailbox.connected"))
        first, second = stores.mailboxes.get(ANA), stores.mailboxes.get(ANA)
        assert first is not None
        assert second is not None
        paused = first.with_settings(Settings(paused=True))
        stores.mailboxes.update(paused, "settings", if_unchanged=True, audit=[_entry("settings.changed", 1)])
        public, late = second.with_settings(Settings(sharing="public")), [_entry("settings.changed", 2)]
        with pytest.raises(Stale):
            stores.mailboxes.update(public, "settings", if_unchanged=True, audit=late)
        assert stores.mailboxes.delete(ANA, _entry("mailbox.disconnected", 3)) == 1
        assert stores.mailboxes.delete(ANA, _entry("mailbox.disconnected", 4)) == 0
        with pytest.raises(NotFound):
            stores.mailboxes.update(first, "settings", audit=[_entry("settings.changed", 5)])
        told = [entry.at.minute for entry in stores.audit.page_of_org("acme", None, 10)]
        assert told == [3, 1, 0]

    def test_a_policy_and_its_entry_are_written_together(self, stores: Stores) -> None:
        stores.orgs.put("acme", Policy(superiors_see=True), _entry("policy.changed", owner=None))
        assert stores.orgs.get("acme").superiors_see
        assert len(stores.audit.page_of_org("acme", None, 10)) == 1

    def test_rows_are_found_by_what_their_owners_stored_and_by_id(self, stores: Stores) -> None:
        for row in (
            _row("ana", sharing="public"),
            _row("ben"),
            _row("cem", sharing="public"),
            _row("ana", "other", sharing="public"),
        ):
            stores.mailboxes.create(row)
        public = stores.mailboxes.with_sharing("acme", "public")
        assert sorted((row.user, row.roles) for row in public) == [("ana", ("sales",)), ("cem", ("sales",))]
        many = stores.mailboxes.get_many([mailbox_id("acme", "ben"), "none", ANA])
        assert [row.id for row in many] == sorted([mailbox_id("acme", "ben"), ANA])
        assert list(stores.mailboxes.get_many([])) == []

    def test_a_policy_is_replaced_only_where_nobody_else_has_changed_it(self, stores: Stores) -> None:
        policies = [Policy(time_zone=zone) for zone in ("Europe/Paris", "Asia/Tokyo", "UTC")]
        _, none = stores.orgs.get_with_version("acme")
        stores.orgs.replace("acme", policies[0], none, _entry("policy.changed", owner=None))
        with pytest.raises(Stale):
            stores.orgs.replace("acme", policies[1], none, _entry("policy.changed", 1, owner=None))
        found, version = stores.orgs.get_with_version("acme")
        assert found == policies[0]
        stores.orgs.replace("acme", policies[1], version)
        with pytest.raises(Stale):
            stores.orgs.replace("acme", policies[2], version)
        assert stores.orgs.get("acme") == policies[1]
        assert len(stores.audit.page_of_org("acme", None, 10)) == 1

    def test_the_mailboxes_of_an_organisation_come_in_pages_ordered_by_id(self, stores: Stores) -> None:
        users = [f"u{number}" for number in range(5)]
        for user in users:
            stores.mailboxes.create(_row(user))
        stores.mailboxes.create(_row("u0", "other"))
        first = stores.mailboxes.page_of_org("acme", None, 3)
        rest = stores.mailboxes.page_of_org("acme", first[-1].id, 3)
        assert [row.id for row in (*first, *rest)] == sorted(mailbox_id("acme", user) for user in users)


class TestFakeSharingStores(SharingStoresContract):
    """The fakes keep to it."""

    @pytest.fixture
    def stores(self) -> Stores:
        audit = FakeAudit()
        return Stores(FakeShares(audit), audit, FakeMailboxes(audit=audit), FakeOrgs(audit=audit))


class TestFirestoreSharingStores(SharingStoresContract):
    """So does Firestore."""

    @pytest.fixture
    def stores(self, firestore: Firestore) -> Stores:
        documents = fresh_documents(firestore)
        return Stores(
            FirestoreShares(documents),
            FirestoreAudit(documents),
            FirestoreMailboxes(documents),
            FirestoreOrgs(documents),
        )


def test_erasing_an_owners_audit_takes_a_few_calls_however_long_it_is(
    firestore: Firestore, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = fresh_documents(firestore)
    audit = FirestoreAudit(documents)
    audit.add(_entry("mailbox.connected"))
    for minute in range(30):
        audit.add(_entry("settings.changed", minute))
    before = documents.round_trips
    assert audit.erase_owner("acme", "ana") == 31
    assert documents.round_trips - before == 5, "a page and its batch, the own ones and theirs, and none left"
    assert [entry.action for entry in audit.page_of_org("acme", None, 10)] == ["mailbox.connected"]

    monkeypatch.setattr("shared.adapters.firestore.audit.DELETE_BATCH", 4)
    for minute in range(10):
        audit.add(_entry("settings.changed", minute))
    audit.erase_owner("acme", "ana")
    assert [entry.action for entry in audit.page_of_org("acme", None, 10)] == ["mailbox.connected"]
