"""A labeler's turn, or a change of settings, that meets a disconnect: whatever it still writes does not stay.

A worker that was at it when the rows were erased cannot save its own any more, but may write others until its lease
would have ended; so long the mailbox's row stays, and then a sweep erases once more.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.labeler.label_mailbox import LEASE, Turn, label_mailbox
from functions.oauth import change_settings as changing
from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Mailbox
from shared.usecases.lease import take
from shared.usecases.leave import finish_leaving
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.stores import FakeSyncs
from tests.fakes.world import World
from tests.faults.test_meanwhile import Stopped

ALICE = caller("alice")


def prepared(**settings: Any) -> tuple[World, Mailbox]:
    """Alice's mailbox, and a customer's mail that has just come."""
    world = World()
    mailbox = world.connect(**settings)
    world.account(mailbox).receive("cem@client.example")
    return world, mailbox


def turn(world: World, mailbox: Mailbox, process: Process) -> object:
    return label_mailbox(Turn(mailbox.id, "run"), world.labeler_of(process))


def leave(world: World, process: Process | None = None) -> object:
    return disconnect(Disconnect(ALICE, "keep"), world.oauth_of(process or Process()))


def turn_on(world: World, process: Process) -> object:
    change = SettingsChange(mailmagnet=True, labels=True)
    return change_settings(ChangeSettings(ALICE, change), world.oauth_of(process))


def steps_of(work: Callable[[Process], object]) -> int:
    alone = Process()
    work(alone)
    return len(alone.steps)


def left_at_each_step(between: Callable[[World, Mailbox], object]) -> Iterator[set[str]]:
    """What is held in the end where a turn stands at each of its steps while its owner leaves and a sweep comes."""
    whole = prepared(mailmagnet=True, labels=True)
    for step in range(steps_of(lambda process: turn(*whole, process))):
        world, mailbox = prepared(mailmagnet=True, labels=True)
        worker = Stopped(step, lambda process, w=world, m=mailbox: turn(w, m, process))  # type: ignore[misc]
        leave(world)
        between(world, mailbox)
        finish_leaving(world.oauth)
        worker.finish()
        world.clock.advance(seconds=LEASE.total_seconds())
        finish_leaving(world.oauth)
        yield set(world.held())


def test_what_a_turn_still_writes_after_its_owner_left_does_not_stay() -> None:
    ends = list(left_at_each_step(lambda world, mailbox: None))
    assert len(ends) > 20
    assert all(held <= {"audit"} for held in ends)


def test_the_control_a_sweep_that_does_not_wait_for_the_worker_leaves_something() -> None:
    def forget_the_worker(world: World, mailbox: Mailbox) -> None:
        row = world.mailboxes.rows.get(mailbox.id)
        if row is not None and row.leaving is not None:
            world.mailboxes.rows[mailbox.id] = replace(row, leaving=replace(row.leaving, busy_until=None))

    ends = list(left_at_each_step(forget_the_worker))
    assert any("label_runs" in held for held in ends)


def work_begins_before_the_row_goes(world: World, mailbox: Mailbox) -> None:
    """A worker takes the mailbox between the owner's look at the sync row and its end."""
    real, begun = world.syncs.delete, list[object]()

    def meet(identifier: str, version: object = None) -> int:
        if not begun:
            begun.append(take(world.state(mailbox), world.syncs, world.clock.now(), LEASE))
        return real(identifier, version)

    setattr(world.syncs, "delete", meet)  # noqa: B010 - a method of this one store only
    leave(world)
    assert begun


def test_a_worker_that_begins_while_the_rows_go_is_waited_for() -> None:
    world, mailbox = prepared(mailmagnet=True)
    work_begins_before_the_row_goes(world, mailbox)
    assert {"grants", "mailboxes"} <= set(world.held())
    assert "syncs" not in world.held()
    assert finish_leaving(world.oauth) == 0
    world.clock.advance(seconds=LEASE.total_seconds())
    assert finish_leaving(world.oauth) == 1
    assert set(world.held()) <= {"audit"}


def test_the_control_a_row_that_goes_whatever_it_says_hides_its_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_version = FakeSyncs.delete
    monkeypatch.setattr(
        FakeSyncs, "delete", lambda syncs, identifier, _version=None: by_version(syncs, identifier)
    )
    world, mailbox = prepared(mailmagnet=True)
    work_begins_before_the_row_goes(world, mailbox)
    assert set(world.held()) <= {"audit"}, "although somebody is at work"


def rows_left_by_a_change() -> Iterator[tuple[set[str], Any]]:
    """What is held where MailMagnet and labels go on while the owner leaves: cut into each other at every two steps."""
    whole, _ = prepared()
    of_change = steps_of(lambda process: turn_on(whole, process))
    of_leave = steps_of(lambda process: leave(prepared()[0], process))
    for step in range(of_change):
        for end in range(of_leave + 1):
            world, _ = prepared()
            change = Stopped(step, lambda process, w=world: turn_on(w, process))  # type: ignore[misc]
            owner = Stopped(end, lambda process, w=world: leave(w, process))  # type: ignore[misc]
            change.finish()
            owner.finish()
            world.clock.advance(seconds=LEASE.total_seconds())
            finish_leaving(world.oauth)
            yield set(world.held()), (change.steps, owner.steps)


def test_settings_that_go_on_while_the_owner_leaves_leave_no_row_of_work() -> None:
    tried = 0
    for held, steps in rows_left_by_a_change():
        tried += 1
        assert held <= {"audit"}, steps
    assert tried > 150


def test_the_control_without_the_second_look_rows_of_work_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "_forget_rows", lambda caller, services: None)
    found = set().union(*(held for held, _ in rows_left_by_a_change()))
    assert {"syncs", "labelings"} <= found
