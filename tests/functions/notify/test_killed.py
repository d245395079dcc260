"""kill -9 between every pair of steps, and pushes that come twice, late, out of order and at once."""

import itertools
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.notify.handle_push import GmailPush, handle_push, parse_gmail_push
from functions.notify.recount_notices import recount_notices
from functions.notify.renew_watches import renew_watches
from shared.domain.mailbox import Mailbox
from shared.errors import BadInput, TryAgain
from tests.fakes.process import Killed, Process
from tests.fakes.world import World
from tests.functions.notify.visits import push, push_by, sweep

Step = Callable[[World, Mailbox, Process], object]


def _prepared() -> tuple[World, Mailbox, set[str]]:
    world = World()
    mailbox = world.connect(mailmagnet=True, labels=True)
    mails = {world.account(mailbox).receive(s) for s in ("ana@client.example", "ben@client.example")}
    world.account(mailbox).receive("stranger@nowhere.example")
    world.clock.advance(minutes=1)
    return world, mailbox, mails


def _killed_everywhere(work: Step) -> int:
    """Kills `work` at each of its steps, goes on as the next tick does, and checks; the number of steps."""
    for kill_at in itertools.count():
        world, mailbox, mails = _prepared()
        process = Process(kill_at=kill_at)
        try:
            work(world, mailbox, process)
        except Killed:
            before = world.state(mailbox).cursor
            world.clock.advance(minutes=10)
            assert before <= world.account(mailbox).history_id
            sweep(world, mailbox)
        assert world.noticed(mailbox) == mails, f"killed at step {kill_at}"
        assert set(world.state(mailbox).unsorted) == mails, f"killed at step {kill_at}"
        assert len(world.state(mailbox).unsorted) == 2, f"killed at step {kill_at}"
        if len(process.steps) < kill_at:
            return len(process.steps)
    raise AssertionError("unreachable")


def test_a_push_that_is_killed_at_any_step_loses_and_doubles_nothing() -> None:
    assert _killed_everywhere(push_by) >= 8


def test_a_sweep_that_is_killed_at_any_step_loses_and_doubles_nothing() -> None:
    assert _killed_everywhere(sweep) >= 7


def test_a_recount_that_is_killed_at_any_step_loses_and_doubles_nothing() -> None:
    steps = _killed_everywhere(lambda world, _, process: recount_notices(world.notify_of(process)))
    assert steps >= 12


def test_the_control_where_the_cursor_moves_first_a_kill_loses_mail() -> None:
    world, mailbox, mails = _prepared()
    state = world.state(mailbox)
    world.syncs.rows[mailbox.id] = replace(state, cursor=world.account(mailbox).history_id)
    with pytest.raises(Killed):
        sweep(world, mailbox, Process(kill_at=3))
    world.clock.advance(minutes=10)
    sweep(world, mailbox)
    assert world.noticed(mailbox) < mails


def test_a_mailbox_whose_worker_was_killed_is_visited_at_the_next_tick() -> None:
    world, mailbox, _ = _prepared()
    with pytest.raises(Killed):
        push_by(world, mailbox, Process(kill_at=5))
    assert world.syncs.with_work(10) == [mailbox.id]


def test_a_renewal_that_is_killed_at_any_step_is_made_up_for() -> None:
    for kill_at in itertools.count():
        world = World()
        boxes = [world.connect(user, mailmagnet=True) for user in ("alice", "bob")]
        world.clock.advance(hours=30)
        process = Process(kill_at=kill_at)
        try:
            renew_watches(world.notify_of(process))
        except Killed:
            renew_watches(world.notify)
        for box in boxes:
            expires_at = world.row(box).watch_expires_at
            assert expires_at is not None
            assert (expires_at - world.clock.now()).days == 7, f"killed at step {kill_at}"
        if len(process.steps) < kill_at:
            return


def test_pushes_twice_late_and_out_of_order_make_one_notice_each() -> None:
    seed = 7
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - no secret
    world = World()
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    mails, waiting = set(), []
    cursors = [world.state(mailbox).cursor]
    for _ in range(300):
        if chance.random() < 0.4:
            mails.add(account.receive())
            waiting += [account.history_id] * chance.choice([0, 1, 1, 2])
        elif waiting:
            push(world, mailbox, waiting.pop(chance.randrange(len(waiting))))
        cursors.append(world.state(mailbox).cursor)
    sweep(world, mailbox)

    assert world.noticed(mailbox) == mails
    assert cursors == sorted(cursors), "the cursor never goes back"


def test_several_pushes_at_once_are_covered_by_one_call_of_history() -> None:
    world = World()
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    pushes = []
    for _ in range(8):
        account.receive()
        pushes.append(account.history_id)
    for history_id in pushes:
        push(world, mailbox, history_id)
    assert account.calls.count("history.list") == 1
    assert len(world.noticed(mailbox)) == 8


def test_a_push_whose_worker_died_is_brought_again_until_the_lease_ends() -> None:
    world, mailbox, mails = _prepared()
    with pytest.raises(Killed):
        push_by(world, mailbox, Process(kill_at=3))

    assert not push(world, mailbox), "the dead worker's lease still stands"
    world.clock.advance(seconds=75)
    assert push(world, mailbox)

    assert world.noticed(mailbox) == mails


def test_a_worker_that_outlived_its_lease_cannot_move_the_cursor() -> None:
    world, mailbox, mails = _prepared()
    account = world.account(mailbox)
    slow = world.notify_of(Process())
    history = account.history

    def interrupted(cursor: int, most: int = 100) -> object:
        # While the first worker waits for Gmail its lease runs out, and a second one does all the work.
        del account.history
        world.clock.advance(seconds=80)
        assert push(world, mailbox)
        after.append(world.state(mailbox))
        return history(cursor, most)

    after: list[object] = []
    account.history = interrupted  # type: ignore[method-assign, assignment]
    with pytest.raises(TryAgain):
        handle_push(GmailPush(mailbox.email, account.history_id), slow)

    assert world.state(mailbox) == after[0]
    assert world.noticed(mailbox) == mails


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b'{"emailAddress": "a@b.example"}',
        b'{"emailAddress": "nobody", "historyId": 1}',
        b'{"emailAddress": "a@b.example", "historyId": -1}',
        b'{"emailAddress": "a@b.example", "historyId": "x"}',
    ],
)
def test_what_is_no_push_of_gmails_is_refused_for_good(payload: bytes) -> None:
    with pytest.raises(BadInput):
        parse_gmail_push(payload)


def test_history_ids_beyond_double_precision_are_compared_as_integers() -> None:
    push = parse_gmail_push(b'{"emailAddress": "A@B.example", "historyId": "18446744073709551615"}')
    assert (push.email, push.history_id) == ("a@b.example", 2**64 - 1)
