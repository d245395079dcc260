"""Messages that Gmail names and does not give: not yet, not for now, or never."""

from datetime import timedelta

import pytest

from shared.domain import notice
from shared.domain.sync import VISIBLE_WITHIN
from shared.errors import BadInput, NotFound, Throttled, UpstreamDown
from tests.fakes.world import World
from tests.functions.notify.visits import push, sweep


@pytest.fixture
def world() -> World:
    return World()


def test_a_message_that_is_not_visible_yet_is_noticed_when_it_is(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    late = account.receive()
    account.broken[late] = NotFound("There is no such message.")

    assert not push(world, mailbox), "Pub/Sub shall bring the push again"
    world.clock.advance(minutes=9)
    assert not push(world, mailbox)
    del account.broken[late]
    assert push(world, mailbox)

    assert world.noticed(mailbox) == {late}


def test_the_control_where_an_invisible_message_counts_as_deleted_at_once_its_notice_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice, "VISIBLE_WITHIN", timedelta())
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    late = account.receive()
    account.broken[late] = NotFound("There is no such message.")
    assert push(world, mailbox)
    del account.broken[late]
    push(world, mailbox)
    sweep(world, mailbox)
    assert world.noticed(mailbox) == set()


def test_a_message_that_stays_invisible_for_ten_minutes_was_deleted(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).announce("gone")

    push(world, mailbox)
    world.clock.advance(seconds=VISIBLE_WITHIN.total_seconds())
    assert push(world, mailbox)

    assert not world.state(mailbox).has_work
    assert '"message.gone"' in world.log.getvalue()


def test_one_that_is_not_visible_does_not_hold_up_the_others(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    account.announce("invisible")
    visible = account.receive()

    push(world, mailbox)

    assert world.noticed(mailbox) == {visible}


def test_a_message_that_cannot_be_read_is_set_aside_after_three_tries_and_the_rest_goes_on(
    world: World,
) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    poison = account.receive()
    account.broken[poison] = BadInput("Gmail did not accept the request.", code="gmail_rejected")

    acknowledged = [push(world, mailbox) for _ in range(3)]
    good = account.receive()
    assert push(world, mailbox)

    assert acknowledged == [False, False, True]
    assert world.noticed(mailbox) == {good}
    assert set(world.state(mailbox).set_aside) == {poison}
    assert not world.state(mailbox).has_work
    assert world.row(mailbox).health.code == "messages_set_aside"
    assert f'"message_id": "{poison}"' in world.log.getvalue()


def test_the_control_where_nothing_is_ever_set_aside_its_push_comes_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice, "TRIES", 10**9)
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    account.broken[account.receive()] = BadInput("Gmail did not accept the request.", code="gmail_rejected")
    assert not any(push(world, mailbox) for _ in range(50))
    assert world.state(mailbox).set_aside == {}


def test_what_was_set_aside_is_asked_for_once_an_hour_and_healed_when_it_can_be_read(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    poison = account.receive()
    account.broken[poison] = BadInput("Gmail did not accept the request.", code="gmail_rejected")
    for _ in range(3):
        push(world, mailbox)

    before = account.units
    sweep(world, mailbox)
    assert account.units - before == 2, "not at every visit"
    world.clock.advance(minutes=50)
    sweep(world, mailbox)
    assert account.units - before == 24
    del account.broken[poison]
    world.clock.advance(minutes=50)
    sweep(world, mailbox)

    assert world.noticed(mailbox) == {poison}
    assert world.state(mailbox).set_aside == {}
    assert world.row(mailbox).health.code == "ok"


def test_a_storm_of_refusals_that_ends_within_ten_minutes_sets_nothing_aside(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    mails = {account.receive() for _ in range(4)}
    account.broken = {message: UpstreamDown("Gmail had a fault of its own.") for message in mails}

    for _ in range(9):
        assert not push(world, mailbox)
        world.clock.advance(minutes=1)
    account.broken = {}
    assert push(world, mailbox)

    assert world.noticed(mailbox) == mails


def test_a_limit_on_the_mailboxs_calls_is_never_held_against_a_message(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    message = account.receive()
    account.broken[message] = Throttled("Gmail asks to slow down.")

    for _ in range(20):
        assert not push(world, mailbox)
        world.clock.advance(minutes=5)
    account.broken = {}
    assert push(world, mailbox)

    assert world.noticed(mailbox) == {message}
