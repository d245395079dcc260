"""A push that finds its mailbox held leaves word and is done with; whoever holds it reads on before it goes."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from functions.labeler.label_mailbox import Turn, label_mailbox
from functions.notify.handle_push import LEASE
from functions.notify.recount_notices import recount_own
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SyncState
from shared.usecases.collect_notices import ROUNDS
from shared.usecases.lease import leased
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.stores import FakeSyncs
from tests.fakes.world import World
from tests.functions.notify.two_processes import OneOfTwo, run_two
from tests.functions.notify.visits import push, push_by

Work = Callable[[World, Mailbox, Process], object]


def _turn(world: World, mailbox: Mailbox, process: Process) -> object:
    return label_mailbox(Turn(mailbox.id, "run"), world.labeler_of(process))


def _recount(world: World, _mailbox: Mailbox, process: Process) -> object:
    # Not the daily one, whose threads would go on while something else happens, in an order of their own.
    return recount_own(caller(), world.notify_of(process))


WORKS: dict[str, Work] = {"push": push_by, "turn": _turn, "recount": _recount}


class Deaf(FakeSyncs):
    """A store that drops the word which a push leaves: the control."""

    def save(self, state: SyncState) -> SyncState:
        return self.rows[state.mailbox] if state.pushed_to else super().save(state)


@dataclass
class Interrupted(Process):
    """A process between two of whose steps something else happens; `at` is the step before which."""

    at: int = 0
    meanwhile: Callable[[], object] = field(default=lambda: None)

    def take(self, step: str) -> None:
        if len(self.steps) == self.at:
            meanwhile, self.meanwhile = self.meanwhile, lambda: None
            meanwhile()
        super().take(step)


def _fresh(syncs: FakeSyncs | None = None) -> tuple[World, Mailbox]:
    world = World(syncs=syncs or FakeSyncs())
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    return world, mailbox


def _interrupted_everywhere(work: Work, syncs: type[FakeSyncs]) -> Iterator[tuple[World, Mailbox, bool, str]]:
    """A mail comes, and its push, before each step of `work`; whether that push was taken, and before which step."""
    for at in itertools.count():
        world, mailbox = _fresh(syncs())
        taken: list[bool] = []

        def arrive(world: World = world, mailbox: Mailbox = mailbox, taken: list[bool] = taken) -> None:
            world.account(mailbox).receive("ben@client.example")
            taken.append(push(world, mailbox))

        process = Interrupted(at=at, meanwhile=arrive)
        with suppress(Exception):
            work(world, mailbox, process)
        if not taken:
            return
        yield world, mailbox, taken[0], process.steps[at]


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_a_push_during_any_step_is_taken_and_its_mail_is_noticed_by_whoever_is_at_work(work: Work) -> None:
    steps = 0
    for world, mailbox, taken, step in _interrupted_everywhere(work, FakeSyncs):
        steps += 1
        assert taken, f"no redelivery is needed: before {step}"
        assert world.noticed(mailbox) == {"m1", "m2"}, step
        state = world.state(mailbox)
        assert state.cursor == world.account(mailbox).history_id, step
        assert (state.lease_owner, state.pushed_to, state.lease_push, state.due) == (None,) * 3 + (False,)
    assert steps >= 8


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_the_control_where_no_word_can_be_left_such_a_mail_is_lost_until_it_is_swept(work: Work) -> None:
    outcomes = [world.noticed(mailbox) for world, mailbox, *_ in _interrupted_everywhere(work, Deaf)]
    assert {"m1"} in outcomes
    assert {"m1", "m2"} in outcomes


def _pushed_at_once(order: Sequence[int], syncs: FakeSyncs) -> tuple[World, Mailbox, list[object]]:
    """Two pushes whose steps are taken in that order; the mail of the second comes at its first step."""
    world, mailbox = _fresh(syncs)
    first = world.account(mailbox).history_id

    def second(process: OneOfTwo) -> bool:
        process.take("a mail comes")
        world.account(mailbox).receive("ben@client.example")
        return push_by(world, mailbox, process)

    outcomes = run_two(order, lambda process: push_by(world, mailbox, process, first), second)
    return world, mailbox, outcomes


def _orders() -> Iterator[list[int]]:
    """Every order that changes sides twice, and many that change at random."""
    for begun, other in itertools.product(range(12), range(12)):
        yield [0] * begun + [1] * other + [0] * 30
    seed = 5
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(300):
        yield [chance.randrange(2) for _ in range(30)]


def test_two_pushes_at_once_lose_and_double_nothing_in_any_order_of_their_steps() -> None:
    for order in _orders():
        world, mailbox, outcomes = _pushed_at_once(order, FakeSyncs())
        assert outcomes == [True, True], order
        assert world.noticed(mailbox) == {"m1", "m2"}, order
        assert world.state(mailbox).lease_owner is None, order
        assert world.state(mailbox).cursor == world.account(mailbox).history_id, order
        assert world.account(mailbox).calls.count("history.list") <= 2, order


def test_the_control_in_some_orders_they_lose_mail_where_no_word_can_be_left() -> None:
    assert any(
        world.noticed(mailbox) == {"m1"}
        for world, mailbox, _ in (_pushed_at_once(order, Deaf()) for order in _orders())
    )


def test_eight_pushes_during_one_reading_cost_one_call_of_history() -> None:
    world, mailbox = _fresh()
    account = world.account(mailbox)
    first, pushes = account.history_id, []
    for _ in range(7):
        account.receive()
        pushes.append(account.history_id)
    taken: list[bool] = []
    process = Interrupted(at=6, meanwhile=lambda: taken.extend(push(world, mailbox, p) for p in pushes))

    assert push_by(world, mailbox, process, first)

    assert process.steps[6] == "FakeCrm.lookup"
    assert taken == [True] * 7
    assert account.calls.count("history.list") == 1
    assert len(world.noticed(mailbox)) == 8


def test_pushes_that_come_faster_than_they_are_read_are_left_to_the_next_tick() -> None:
    world, mailbox = _fresh()
    account = world.account(mailbox)
    read = account.history

    def busy(cursor: int, most: int = 100) -> object:
        found = read(cursor, most)
        account.receive()
        push(world, mailbox)
        return found

    account.history = busy  # type: ignore[method-assign, assignment]

    assert push(world, mailbox)

    assert account.calls.count("history.list") == 1 + ROUNDS
    assert world.syncs.with_work(10) == [mailbox.id]
    del account.history
    _turn(world, mailbox, Process())
    assert len(world.noticed(mailbox)) == 2 + ROUNDS


def test_word_left_with_a_worker_that_dies_is_found_by_the_redelivery_of_the_workers_own_push() -> None:
    for told_at, killed_at in itertools.combinations(range(9), 2):
        world, mailbox = _fresh()
        own = world.account(mailbox).history_id

        def arrive(world: World = world, mailbox: Mailbox = mailbox) -> None:
            world.account(mailbox).receive("ben@client.example")
            assert push(world, mailbox)

        with suppress(Killed):
            push_by(world, mailbox, Interrupted(at=told_at, meanwhile=arrive, kill_at=killed_at), own)

        waited = 0
        while not push(world, mailbox, own):
            world.clock.advance(seconds=10)
            waited += 10
            assert waited <= LEASE.total_seconds() + 10, (told_at, killed_at)
        assert world.noticed(mailbox) == {"m1", "m2"}, (told_at, killed_at)


def test_word_left_with_a_turn_that_dies_is_found_at_the_next_tick() -> None:
    world, mailbox = _fresh()
    with suppress(Killed):
        _turn(world, mailbox, Interrupted(at=5, meanwhile=lambda: push(world, mailbox), kill_at=6))
    assert world.syncs.with_work(10) == [mailbox.id]
    world.clock.advance(minutes=10)
    _turn(world, mailbox, Process())
    assert world.noticed(mailbox) == {"m1"}


def test_what_a_holder_that_does_not_collect_was_told_of_is_the_next_ticks() -> None:
    world, mailbox = _fresh()
    with leased(mailbox.id, world.syncs, world.clock):
        assert push(world, mailbox)
    assert world.syncs.with_work(10) == [mailbox.id]
    assert world.state(mailbox).lease_owner is None


def test_a_sweep_that_somebody_asks_for_while_the_mailbox_is_held_stays_asked_for() -> None:
    world, mailbox = _fresh()

    def ask() -> None:
        world.syncs.save(replace(world.state(mailbox), due=True))

    assert push_by(world, mailbox, Interrupted(at=6, meanwhile=ask))
    assert world.state(mailbox).due
    assert world.noticed(mailbox) == {"m1"}


def test_a_push_that_comes_during_the_sweep_that_missed_it_accuses_nobody() -> None:
    world, mailbox = _fresh()
    late = Interrupted(at=6, meanwhile=lambda: push(world, mailbox))
    _turn(world, mailbox, late)
    assert not world.state(mailbox).unannounced
    assert world.account(mailbox).calls.count("history.list") == 1


def test_the_word_in_the_row_never_becomes_the_cursor() -> None:
    world, mailbox = _fresh()
    far = world.account(mailbox).history_id + 10**9
    push_by(world, mailbox, Interrupted(at=6, meanwhile=lambda: push(world, mailbox, far)))
    assert world.state(mailbox).cursor == world.account(mailbox).history_id
