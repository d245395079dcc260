"""Leaving that dies, waits or is raced: the sweep ends it, nothing of the mailbox stays, and nobody else is touched."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pytest

from functions.oauth.disconnect import Disconnect, RemoveMailbox, disconnect, remove_mailbox
from functions.oauth.read_mailbox import read_mailbox
from shared.domain.audit import departed
from shared.domain.mailbox import Mailbox
from shared.domain.sync import LEASE
from shared.errors import GrantLost, Misconfigured, NotAllowed, NotFound, TryAgain, UpstreamDown
from shared.usecases import leave as leaving
from shared.usecases.forget_unclaimed import forget_unclaimed
from shared.usecases.lease import leased
from shared.usecases.leave import Receipt, finish_leaving
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World

ALICE, ADMIN = caller("alice"), caller("admin")


def prepared() -> tuple[World, Mailbox]:
    """Alice's mailbox with MailMagnet, labels, one labelled mail, and an attempt to connect again."""
    world = World()
    mailbox = world.connect(mailmagnet=True, labels=True)
    account = world.account(mailbox)
    message_id = account.receive("cem@client.example")
    account.modify([message_id], add=[mailbox.labels["customers"].id], remove=["INBOX"])
    world.authorize(ALICE, mailbox.email)
    return world, mailbox


def leave(
    world: World, process: Process | None = None, labels: Literal["keep", "remove"] = "remove"
) -> Receipt:
    return disconnect(Disconnect(ALICE, labels), world.oauth_of(process or Process()))


def is_over(world: World, mailbox: Mailbox) -> bool:
    account = world.account(mailbox)
    return (
        set(world.held()) <= {"audit"}
        and world.google.consents() == set()
        and account.watching is None
        and account.labels == {}
        and all("INBOX" in mail.metadata.label_ids for mail in account.mails)
    )


def test_killed_between_any_two_steps_it_is_ended_by_the_sweep() -> None:
    world, mailbox = prepared()
    whole = Process()
    leave(world, whole)
    assert is_over(world, mailbox)
    # Before the mark is written nothing has begun: there is nothing to be swept.
    marked = whole.steps.index("FakeMailboxes.update") + 1
    assert len(whole.steps) > marked + 15

    for step in range(marked, len(whole.steps)):
        world, mailbox = prepared()
        with pytest.raises(Killed):
            leave(world, Process(kill_at=step))
        finish_leaving(world.oauth)
        assert is_over(world, mailbox), whole.steps[step]


def test_the_control_without_a_sweep_something_stays() -> None:
    world, mailbox = prepared()
    with pytest.raises(Killed):
        leave(world, Process(kill_at=8))
    assert not is_over(world, mailbox)


def test_a_mailbox_that_is_leaving_is_gone_for_its_owner_and_does_no_work() -> None:
    world, mailbox = prepared()
    world.account(mailbox).down = UpstreamDown("Gmail had a fault of its own.")
    with pytest.raises(UpstreamDown):
        leave(world)

    with pytest.raises(NotFound):
        read_mailbox(ALICE, world.oauth)
    assert not world.row(mailbox).works
    assert finish_leaving(world.oauth) == 0, "Google is still down"
    world.account(mailbox).down = None
    assert finish_leaving(world.oauth) == 1
    assert is_over(world, mailbox)
    assert finish_leaving(world.oauth) == 0


@pytest.mark.parametrize("error", [UpstreamDown("Down."), Misconfigured("The key is disabled.")])
def test_what_google_or_the_operator_does_not_mend_within_a_day_ends_all_the_same(
    error: UpstreamDown | Misconfigured,
) -> None:
    world, mailbox = prepared()
    world.account(mailbox).down = error
    with pytest.raises(type(error)):
        leave(world)
    assert finish_leaving(world.oauth) == 0

    world.clock.advance(hours=25)
    receipt = leaving.leave(world.row(mailbox), world.oauth)
    assert (receipt.revoked, receipt.labels) == (True, "kept"), "Gmail is given up, the consent is not"
    assert set(world.held()) <= {"audit"}
    assert world.google.consents() == set()


@pytest.mark.parametrize("code", ["blocked_by_admin", "gmail_not_enabled"])
def test_what_google_refuses_for_good_is_not_waited_for(code: str) -> None:
    world, mailbox = prepared()
    world.account(mailbox).down = NotAllowed("Blocked.", code=code)
    receipt = leave(world)
    assert (receipt.watch_stopped, receipt.revoked, receipt.labels) == (False, True, "kept")
    assert set(world.held()) <= {"audit"}
    assert world.google.consents() == set()


def test_the_control_a_revoke_that_is_given_up_along_with_gmail_leaves_the_consent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, mailbox = prepared()
    world.connections.rows.clear()
    monkeypatch.setattr(leaving, "_revoke", lambda mailbox, services: False)
    world.account(mailbox).down = NotAllowed("Blocked.", code="blocked_by_admin")
    assert not leave(world).revoked
    assert world.google.consents() == {mailbox.email}


def test_a_google_that_does_not_revoke_is_waited_for_a_day_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world, mailbox = prepared()
    world.connections.rows.clear()
    world.account(mailbox).down = NotAllowed("Blocked.", code="blocked_by_admin")
    monkeypatch.setattr(world.google, "revoke", _down)
    with pytest.raises(UpstreamDown):
        leave(world)
    world.clock.advance(hours=23)
    assert finish_leaving(world.oauth) == 0
    world.clock.advance(hours=2)
    assert finish_leaving(world.oauth) == 1
    assert set(world.held()) <= {"audit"}


def test_an_attempt_with_another_google_account_is_given_back_too() -> None:
    world, mailbox = prepared()
    world.authorize(ALICE, "private@elsewhere.example")
    receipt = leave(world)
    assert receipt.erased["connections"] == 2
    assert is_over(world, mailbox)


def test_an_attempt_that_google_does_not_take_back_now_is_left_for_the_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, mailbox = prepared()
    world.connections.rows.clear()
    revoke, tokens = world.google.revoke, []
    world.authorize(ALICE, "private@elsewhere.example")

    def revoke_one(token: str) -> bool:
        tokens.append(token)
        return revoke(token) if len(tokens) == 1 else _down(token)

    with monkeypatch.context() as patch:
        patch.setattr(world.google, "revoke", revoke_one)
        assert leave(world).revoked
    assert set(world.held()) == {"connections"}

    world.clock.advance(minutes=11)
    assert forget_unclaimed(world.oauth) == 1
    assert is_over(world, mailbox)


def test_a_consent_that_was_given_again_but_not_claimed_is_given_back() -> None:
    world, mailbox = prepared()
    world.google.end_consent(mailbox.email)
    world.authorize(ALICE, mailbox.email)
    leave(world)
    assert world.google.consents() == set()


def test_connecting_another_account_while_leaving_ends_the_first_ones_consent() -> None:
    world, mailbox = prepared()
    world.account(mailbox).down = UpstreamDown("Down.")
    with pytest.raises(UpstreamDown):
        leave(world)
    with pytest.raises(UpstreamDown):
        world.connect(email="private@elsewhere.example")
    world.account(mailbox).down = None

    again = world.connect(email="private@elsewhere.example")

    assert again.status == "connected"
    assert world.google.consents() == {"private@elsewhere.example"}


def _down(token: str) -> bool:
    raise UpstreamDown("Google did not take the revocation.", code="google_down")


def test_a_worker_that_is_still_at_it_leaves_nothing_behind_either() -> None:
    world, mailbox = prepared()
    receipts = []

    def work() -> None:
        with leased(mailbox.id, world.syncs, world.clock):
            receipts.append(leave(world, labels="keep"))
            # What a worker writes that had read the mailbox before.
            world.notices.rows.setdefault(mailbox.id, {})["late"] = object()  # type: ignore[assignment]

    with pytest.raises(TryAgain):
        work()
    assert receipts[0].erased["mailboxes"] == 0

    assert finish_leaving(world.oauth) == 0, "it may be at work as long as it could hold the mailbox"
    world.clock.advance(seconds=LEASE.total_seconds())
    assert finish_leaving(world.oauth) == 1
    assert set(world.held()) <= {"audit"}


def test_the_receipt_counts_what_every_pass_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed, _ = prepared()
    expected = leave(undisturbed).erased
    assert expected["connections"] == expected["syncs"] == 1
    world, _ = prepared()
    delete, passes = world.mailboxes.delete, []

    def write_meanwhile(identifier: str, *audit: Any, version: object = None) -> int:
        passes.append(identifier)
        if len(passes) == 1:
            world.mailboxes.update(world.mailboxes.rows[identifier], "health")
        return delete(identifier, *audit, version=version)

    monkeypatch.setattr(world.mailboxes, "delete", write_meanwhile)
    assert leave(world).erased == expected
    assert len(passes) == 2


def test_the_log_says_disconnected_once_all_is_erased() -> None:
    world, mailbox = prepared()
    world.syncs.save(replace(world.state(mailbox), lease_owner="w", lease_until=world.clock.now() + LEASE))
    leave(world, labels="keep")
    assert "mailbox.disconnected" not in world.log.getvalue()
    world.clock.advance(seconds=LEASE.total_seconds())
    finish_leaving(world.oauth)
    assert world.log.getvalue().count('"mailbox.disconnected"') == 1


def test_two_crm_users_who_leave_one_account_at_once_end_its_consent() -> None:
    world, mailbox = prepared()
    other = world.connect("bob", email=mailbox.email, mailmagnet=True)
    for row in (mailbox, other):
        leaving.begin_leaving(world.row(row), row.user, False, world.oauth)

    assert finish_leaving(world.oauth) == 2
    assert world.google.consents() == set()
    assert world.account(mailbox).watching is None
    assert set(world.held()) | set(world.held("bob")) <= {"audit"}


def test_connecting_again_while_leaving_begins_anew_with_the_new_consent() -> None:
    world, mailbox = prepared()
    world.account(mailbox).down = UpstreamDown("Down.")
    with pytest.raises(UpstreamDown):
        leave(world)
    world.account(mailbox).down = None

    again = world.connect()

    assert again.status == "connected"
    assert (again.settings.mailmagnet, again.settings.labels) == (False, False)
    assert world.noticed(again) == set()
    assert world.opener.open(again).address_and_cursor()[0] == mailbox.email, "the new consent lives"
    assert finish_leaving(world.oauth) == 0


def test_many_labelled_mails_are_put_back_over_several_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "LIST_PAGE", 2)
    monkeypatch.setattr(leaving, "PAGES_AT_ONCE", 2)
    world, mailbox = prepared()
    account = world.account(mailbox)
    ids = [account.receive("cem@client.example") for _ in range(9)]
    account.modify(ids, add=[mailbox.labels["customers"].id], remove=["INBOX"])

    with pytest.raises(TryAgain):
        leave(world)
    sweeps = 0
    while "mailboxes" in world.held():
        finish_leaving(world.oauth)
        sweeps += 1

    assert sweeps == 2
    assert is_over(world, mailbox)


def test_an_admin_removes_a_mailbox_and_the_audit_says_who() -> None:
    world, mailbox = prepared()
    remove_mailbox(RemoveMailbox(ADMIN, mailbox.id, "remove"), world.oauth)

    assert is_over(world, mailbox)
    (left,) = [entry for entry in world.audit.of_org if entry.action == "mailbox.disconnected"]
    assert (left.actor, left.owner) == ("admin", departed(mailbox.org, "alice"))


@pytest.mark.parametrize("spoil", [lambda world, box: world.grants.rows.pop(box.id), lambda world, box: None])
def test_a_consent_that_cannot_be_read_is_no_hindrance(spoil: Callable[[World, Mailbox], object]) -> None:
    world, mailbox = prepared()
    spoil(world, mailbox)
    world.google.end_consent(mailbox.email)
    leave(world)
    assert set(world.held()) <= {"audit"}
    with pytest.raises(GrantLost):
        world.opener.open(mailbox)
