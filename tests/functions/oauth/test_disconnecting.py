"""Disconnecting over fakes: nothing stays, whatever happens on the way."""

from contextlib import suppress

import pytest

from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Mailbox
from shared.errors import NotFound, Throttled, UpstreamDown
from shared.usecases.leave import Receipt
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.functions.notify.visits import push

ALICE = caller("alice")


def _prepared(world: World) -> Mailbox:
    """Alice's mailbox with notices, a read mark, two of three labelled mails, and an attempt to connect again."""
    mailbox = world.connect(mailmagnet=True, labels=True)
    account = world.account(mailbox)
    label = mailbox.labels["customers"].id
    ids = [account.receive("cem@client.example") for _ in range(3)]
    push(world, mailbox)
    world.notices.mark_read(mailbox.id, world.notices.rows[mailbox.id][ids[0]])
    account.modify(ids[:2], add=[label], remove=["INBOX"])
    world.authorize(ALICE, mailbox.email)
    return mailbox


def _leave(world: World, process: Process | None = None, labels: str = "remove") -> Receipt:
    return disconnect(Disconnect(ALICE, labels), world.oauth_of(process or Process()))  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return _prepared(world)


def _is_over(world: World, mailbox: Mailbox) -> None:
    assert "mailboxes" not in world.held()
    assert set(world.held()) <= {"audit"}
    assert world.google.consents() == set()
    assert world.account(mailbox).watching is None


def test_everything_is_erased_and_the_receipt_says_what(world: World, mailbox: Mailbox) -> None:
    receipt = _leave(world)
    _is_over(world, mailbox)
    assert (receipt.watch_stopped, receipt.revoked, receipt.labels) == (True, True, "removed")
    assert receipt.inbox_restored == 2
    counted = {
        name: receipt.erased[name] for name in ("mailboxes", "grants", "syncs", "notices", "connections")
    }
    assert counted == {"mailboxes": 1, "grants": 1, "syncs": 1, "notices": 3, "connections": 1}


def test_again_there_is_nothing_to_disconnect(world: World, mailbox: Mailbox) -> None:
    _leave(world)
    with pytest.raises(NotFound) as raised:
        _leave(world)
    assert raised.value.code == "not_connected"


def test_kept_labels_stay_as_they_are(world: World, mailbox: Mailbox) -> None:
    account = world.account(mailbox)
    before = {mail.metadata.id: mail.metadata.label_ids for mail in account.mails}
    receipt = _leave(world, labels="keep")
    assert (receipt.labels, receipt.inbox_restored) == ("kept", 0)
    assert {mail.metadata.id: mail.metadata.label_ids for mail in account.mails} == before


def test_removed_labels_put_the_mail_back_and_touch_no_other_label(world: World, mailbox: Mailbox) -> None:
    account = world.account(mailbox)
    own = account.create_label("My own")
    account.modify(["m1"], add=[own.id])
    _leave(world)
    assert account.labels == {own.id: "My own"}
    assert account.labels_of("m1") == {"INBOX", "UNREAD", own.id}
    assert account.labels_of("m2") == account.labels_of("m3") == {"INBOX", "UNREAD"}


def test_a_label_that_the_user_deleted_is_no_hindrance(world: World, mailbox: Mailbox) -> None:
    world.account(mailbox).delete_label(mailbox.labels["customers"].id)
    assert _leave(world).labels == "removed"
    _is_over(world, mailbox)


def test_a_grant_that_google_ended_is_no_hindrance(world: World, mailbox: Mailbox) -> None:
    world.google.end_consent(mailbox.email)
    receipt = _leave(world)
    assert (receipt.watch_stopped, receipt.labels, receipt.inbox_restored) == (False, "kept", 0)
    assert set(world.held()) <= {"audit"}


def test_a_colleague_on_the_same_account_keeps_consent_and_watch(world: World, mailbox: Mailbox) -> None:
    other = world.connect("bob", email=mailbox.email, mailmagnet=True)
    receipt = _leave(world)
    assert (receipt.watch_stopped, receipt.revoked) == (False, False)
    assert world.opener.open(other).address_and_cursor()[0] == mailbox.email
    assert world.account(mailbox).watching is not None
    assert world.held("bob").keys() >= {"mailboxes", "grants", "syncs"}


def test_while_gmail_is_down_nothing_is_erased_and_it_can_be_done_later(
    world: World, mailbox: Mailbox
) -> None:
    before = world.held()
    world.account(mailbox).down = UpstreamDown("Gmail had a fault of its own.")
    with pytest.raises(UpstreamDown):
        _leave(world)
    assert world.held().keys() == before.keys()
    assert world.row(mailbox).status == "leaving"
    world.account(mailbox).down = None
    _leave(world)
    _is_over(world, mailbox)


@pytest.mark.parametrize("error", [Throttled("Slow down."), UpstreamDown("A fault.")])
def test_a_mail_that_cannot_be_put_back_now_ends_the_attempt_and_is_not_counted(
    world: World, mailbox: Mailbox, error: Throttled | UpstreamDown
) -> None:
    account = world.account(mailbox)
    account.broken["m2"] = error
    with pytest.raises(type(error)):
        _leave(world)
    assert "mailboxes" in world.held()
    account.broken.clear()
    assert _leave(world).labels == "removed"
    _is_over(world, mailbox)
    assert account.labels_of("m2") == {"INBOX", "UNREAD"}


def test_killed_at_any_step_it_is_finished_by_the_next_call() -> None:
    steps = Process()
    undisturbed = World()
    _prepared(undisturbed)
    _leave(undisturbed, steps)
    print(len(steps.steps), "steps:", steps.steps)
    assert len(steps.steps) > 10
    for at in range(len(steps.steps)):
        world = World()
        mailbox = _prepared(world)
        with pytest.raises(Killed):
            _leave(world, Process(kill_at=at))
        # The next call may find that all was done but the answer.
        with suppress(NotFound):
            _leave(world)
        _is_over(world, mailbox)
        assert world.account(mailbox).labels == {}, steps.steps[at]
        assert all("INBOX" in mail.metadata.label_ids for mail in world.account(mailbox).mails), steps.steps[
            at
        ]


def test_the_control_without_the_next_call_something_stays() -> None:
    world = World()
    mailbox = _prepared(world)
    with pytest.raises(Killed):
        _leave(world, Process(kill_at=5))
    with pytest.raises(AssertionError):
        _is_over(world, mailbox)
