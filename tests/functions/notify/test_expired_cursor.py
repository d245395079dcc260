"""A cursor that Gmail has forgotten: nothing is lost, nothing is doubled."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.mailbox import Mailbox
from tests.fakes.gmail import FakeAccount
from tests.fakes.process import Killed, Process
from tests.fakes.world import World
from tests.functions.notify.visits import push, push_by, sweep


@pytest.fixture
def world() -> World:
    return World()


def _expire(account: FakeAccount) -> None:
    account.history_id += 3
    account.history_from = account.history_id


def _live(world: World, mailbox: Mailbox, expire: Callable[[], None]) -> tuple[set[str], int]:
    """500 expiries at random points of a busy time: the contacts' mails, and how many notices were made."""
    seed = 20261124
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - no secret
    account = world.account(mailbox)
    account.index_lag = timedelta(minutes=5)
    mails: set[str] = set()
    created = expiries = 0
    while expiries < 500:
        world.clock.advance(minutes=chance.randint(0, 40))
        match chance.randrange(4):
            case 0:
                mails |= {account.receive() for _ in range(chance.randint(1, 3))}
            case 1:
                account.receive("stranger@nowhere.example")
            case 2:
                expire()
                expiries += 1
            case _:
                created += sweep(world, mailbox).created
    for _ in range(3):
        created += sweep(world, mailbox).created
        world.clock.advance(hours=2)
    return mails, created


def test_500_expiries_at_random_points_lose_nothing_and_double_nothing(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)

    mails, created = _live(world, mailbox, lambda: _expire(world.account(mailbox)))

    assert world.noticed(mailbox) == mails
    assert created == len(mails)
    assert world.state(mailbox).relist_from is None


def test_the_control_where_a_cursor_is_only_replaced_mail_is_lost(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)

    def replace_cursor() -> None:
        state = world.state(mailbox)
        world.syncs.rows[mailbox.id] = replace(state, cursor=world.account(mailbox).history_id)

    mails, _ = _live(world, mailbox, replace_cursor)

    assert world.noticed(mailbox) < mails


def test_mail_that_the_search_index_does_not_know_yet_is_found_by_the_second_look(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    account.index_lag = timedelta(minutes=5)
    message = account.receive()
    _expire(account)

    sweep(world, mailbox)
    assert world.noticed(mailbox) == set(), "the control: search did not know it"
    assert world.syncs.with_work(10) == [mailbox.id]
    world.clock.advance(minutes=10)
    sweep(world, mailbox)

    assert world.noticed(mailbox) == {message}


def _receive_many(world: World, account: FakeAccount, *senders: str, apart_s: float) -> set[str]:
    found = set()
    for sender in senders:
        world.clock.advance(seconds=apart_s)
        found.add(account.receive(sender))
    return found


def test_the_cursor_moves_only_when_all_is_repaired(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    mails = _receive_many(world, account, *["ana@client.example"] * 450, apart_s=1)
    before = world.state(mailbox).cursor
    _expire(account)
    world.clock.advance(minutes=1)

    visits = 0
    while sweep(world, mailbox).more:
        visits += 1
        assert world.state(mailbox).cursor == before
        world.clock.advance(minutes=10)

    assert visits == 2
    assert world.noticed(mailbox) == mails
    assert world.state(mailbox).cursor == account.history_id


def test_more_mail_of_one_second_than_a_visit_reads_does_not_stop_the_repair(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    _receive_many(world, account, *["stranger@nowhere.example"] * 400, apart_s=0)
    world.clock.advance(minutes=1)
    last = account.receive()
    _expire(account)
    world.clock.advance(minutes=1)

    visits = 1
    while sweep(world, mailbox).more:
        visits += 1
        assert visits < 5

    assert world.noticed(mailbox) == {last}


def test_a_repair_that_is_killed_at_any_step_is_made_again() -> None:
    steps = _kill_repair_at(None)
    assert steps > 8
    for step in range(steps):
        _kill_repair_at(step)


def _kill_repair_at(step: int | None) -> int:
    world = World()
    mailbox = world.connect(mailmagnet=True, labels=True)
    account = world.account(mailbox)
    first = account.receive()
    _expire(account)
    world.clock.advance(minutes=90)
    second = account.receive()
    world.clock.advance(minutes=1)
    process = Process(kill_at=step)
    try:
        push_by(world, mailbox, process)
    except Killed:
        world.clock.advance(minutes=2)
        account.receive("stranger@nowhere.example")
        push(world, mailbox)
    assert world.noticed(mailbox) == {first, second}, step
    assert set(world.state(mailbox).unsorted) == {first, second}, step
    return len(process.steps)
