"""Pushes are a speed-up, never the truth: what happens where they do not come."""

import pytest

from shared.domain.mailbox import mailbox_id
from shared.domain.sync import MANY_WITHOUT_PUSHES, SLOTS, TICK, orgs_without_pushes, slot_at, slot_of
from tests.fakes.world import World
from tests.functions.notify.visits import push, sweep


@pytest.fixture
def world() -> World:
    return World()


def test_a_mailbox_whose_pushes_fail_is_visited_at_every_tick(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()

    sweep(world, mailbox)
    assert world.syncs.with_work(10) == [mailbox.id]
    sweep(world, mailbox)

    assert world.syncs.with_work(10) == [mailbox.id], "until a push comes"


def test_a_push_ends_it(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    sweep(world, mailbox)

    world.account(mailbox).receive()
    push(world, mailbox)

    assert world.syncs.with_work(10) == []


def test_a_push_that_was_only_late_ends_it_without_a_call_to_gmail(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    account.receive()
    sweep(world, mailbox)
    before = account.units

    push(world, mailbox)

    assert world.syncs.with_work(10) == []
    assert account.units == before


def test_a_quiet_sweep_accuses_nobody(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    sweep(world, mailbox)
    assert world.syncs.with_work(10) == []


def test_mail_of_strangers_also_tells_that_pushes_fail(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive("stranger@nowhere.example")
    sweep(world, mailbox)
    assert world.state(mailbox).unannounced


def test_many_mailboxes_without_pushes_are_their_organisation() -> None:
    few = ["acme"] * (MANY_WITHOUT_PUSHES - 1)
    assert orgs_without_pushes([*few, "other"]) == ()
    assert orgs_without_pushes([*few, "acme", "other"]) == ("acme",)


def test_every_mailbox_has_its_turn_within_the_hour(world: World) -> None:
    assert SLOTS * TICK.total_seconds() < 3600
    now = world.clock.now()
    turns = {slot_at(now + n * TICK) for n in range(SLOTS)}
    assert {slot_of(mailbox_id("acme", f"user{n}")) for n in range(200)} == turns


def test_a_visit_that_fails_is_made_up_for_at_the_next_tick(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    world.crm.down = OSError()  # type: ignore[assignment]

    with pytest.raises(OSError):  # noqa: PT011 - the fault of the line above
        push(world, mailbox)

    assert world.syncs.with_work(10) == [mailbox.id]


def test_a_long_history_is_read_in_parts_and_goes_on_at_the_next_tick(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    mails = {account.receive() for _ in range(450)}

    first = sweep(world, mailbox)
    spent = account.units
    assert (first.created, first.more) == (200, True)
    assert spent < 6000 - 100, "a user's quota of a minute is not used up"
    assert world.syncs.with_work(10) == [mailbox.id]
    sweep(world, mailbox)
    assert not sweep(world, mailbox).more

    assert world.noticed(mailbox) == mails
