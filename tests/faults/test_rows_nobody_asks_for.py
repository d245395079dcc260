"""Rows of work are begun before the settings say so: one that no setting asks for in the end does not stay.

And work that they ask for is done, whatever a change of settings, a turn, a reconnect and a disconnect do to another.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from functions.labeler import label_mailbox as labeling
from functions.labeler.label_mailbox import LEASE, TURNED_ON_WITHIN, Turn, label_mailbox
from functions.oauth import change_settings as changing
from functions.oauth import keep_grant as keeping
from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.connect import CompleteConnection, complete_connection
from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Mailbox
from shared.errors import AppError, NotFound, UpstreamDown
from shared.usecases.leave import finish_leaving
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.faults.test_meanwhile import Stopped

ALICE = caller("alice")


def turn_on(world: World, process: Process, **settings: Any) -> object:
    change = SettingsChange(**(settings or {"mailmagnet": True, "labels": True}))
    return change_settings(ChangeSettings(ALICE, change), world.oauth_of(process))


def turn(world: World, mailbox: Mailbox, process: Process | None = None) -> object:
    return label_mailbox(Turn(mailbox.id, "run"), world.labeler_of(process or Process()))


def leave(world: World, process: Process) -> object:
    return disconnect(Disconnect(ALICE, "keep"), world.oauth_of(process))


def rows_of_work(world: World) -> set[str]:
    return set(world.held()) & {"syncs", "labelings"}


def steps_of(work: Callable[[Process], object]) -> int:
    alone = Process()
    work(alone)
    return len(alone.steps)


def down(*_: Any, **__: Any) -> Any:
    raise UpstreamDown("Down.")


def fail_to_write_settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.connect()
    monkeypatch.setattr(changing, "_write", down)
    with pytest.raises(UpstreamDown):
        turn_on(world, Process())


def test_a_change_that_fails_ends_the_rows_that_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    fail_to_write_settings(world, monkeypatch)
    assert rows_of_work(world) == set()


def test_the_control_rows_that_are_not_ended_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr(changing, "_forget_rows", lambda caller, services: None)
    fail_to_write_settings(world, monkeypatch)
    assert rows_of_work(world) == {"syncs", "labelings"}


def test_a_change_that_fails_ends_no_row_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    mailbox = world.connect(mailmagnet=True)
    monkeypatch.setattr(changing, "_write", down)
    with pytest.raises(UpstreamDown):
        turn_on(world, Process(), labels=True)
    assert mailbox.id in world.syncs.rows


@pytest.mark.parametrize("leaves", [False, True], ids=["stays", "leaves at once"])
def test_rows_of_a_change_that_was_killed_end_with_the_first_turn_that_meets_them(leaves: bool) -> None:
    whole = World()
    whole.connect()
    begun = 0
    for step in range(steps_of(lambda process: turn_on(whole, process))):
        world = World()
        mailbox = world.connect()
        with pytest.raises(Killed):
            turn_on(world, Process(kill_at=step))
        if leaves:
            del world.mailboxes.rows[mailbox.id], world.grants.rows[mailbox.id]
        begun += bool(rows_of_work(world))
        world.clock.advance(seconds=TURNED_ON_WITHIN.total_seconds())
        with suppress(NotFound):
            turn(world, mailbox)
        is_on = mailbox.id in world.mailboxes.rows and world.row(mailbox).settings.mailmagnet
        assert bool(rows_of_work(world)) == is_on, step
    assert begun > 1


def test_a_turn_that_comes_while_mailmagnet_goes_on_leaves_its_rows_alone() -> None:
    world = World()
    mailbox = world.connect()
    step = steps_of(lambda process: turn_on(world, process)) - 1
    world = World()
    mailbox = world.connect()
    change = Stopped(step, lambda process: turn_on(world, process))
    with pytest.raises(NotFound):
        turn(world, mailbox)
    change.finish()
    assert rows_of_work(world) == {"syncs", "labelings"}
    assert world.row(mailbox).settings.labels


def turned_on_during_a_turn() -> Iterator[tuple[bool, object]]:
    """Whether mail of the Inbox is labelled within an hour where labels go on while a turn is at work."""

    def prepared() -> tuple[World, Mailbox]:
        world = World()
        mailbox = world.connect(mailmagnet=True, labels=True)
        turn(world, mailbox)
        mailbox = world.change("alice", labels=False)
        world.account(mailbox).receive("cem@client.example")
        turn(world, mailbox)
        return world, mailbox

    whole = prepared()
    of_turn = steps_of(lambda process: turn(*whole, process))
    of_change = steps_of(lambda process: turn_on(prepared()[0], process, labels=True))
    for step in range(of_turn):
        for end in range(of_change + 1):
            world, mailbox = prepared()
            worker = Stopped(step, lambda process, w=world, m=mailbox: turn(w, m, process))  # type: ignore[misc]
            owner = Stopped(end, lambda process, w=world: turn_on(w, process, labels=True))  # type: ignore[misc]
            worker.finish()
            owner.finish()
            world.clock.advance(hours=1)
            with suppress(AppError):
                turn(world, mailbox)
            yield (
                "INBOX" not in world.account(mailbox).labels_of("m1"),
                (worker.steps[step:], owner.steps[end:]),
            )


def test_labels_that_go_on_during_a_turn_sort_the_inbox_all_the_same() -> None:
    tried = 0
    for is_sorted, steps in turned_on_during_a_turn():
        tried += 1
        assert is_sorted, steps
    assert tried > 40


def test_the_control_a_row_that_was_put_down_meanwhile_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(labeling, "_waits", lambda row: row.work)
    assert not all(is_sorted for is_sorted, _ in turned_on_during_a_turn())


def reconnected_while_leaving() -> Iterator[tuple[set[str], object]]:
    """Which rows of work there are without a mailbox whose MailMagnet is on."""

    def prepared() -> tuple[World, Callable[[Process], object]]:
        world = World()
        mailbox = world.connect(mailmagnet=True)
        ticket = world.authorize(ALICE, mailbox.email)
        return world, lambda process: complete_connection(
            CompleteConnection(ALICE, ticket), world.oauth_of(process)
        )

    of_connect = steps_of(prepared()[1])
    whole, _ = prepared()
    of_leave = steps_of(lambda process: leave(whole, process))
    for step in range(of_connect):
        for end in range(of_leave + 1):
            world, connect = prepared()
            user = Stopped(step, connect)
            owner = Stopped(end, lambda process, w=world: leave(w, process))  # type: ignore[misc]
            user.finish()
            owner.finish()
            world.clock.advance(seconds=LEASE.total_seconds())
            finish_leaving(world.oauth)
            (row,) = world.mailboxes.rows.values() or (None,)
            is_on = row is not None and row.settings.mailmagnet
            yield set() if is_on else rows_of_work(world), (user.steps[step:], owner.steps[end:])


def test_a_reconnect_that_a_disconnect_outruns_leaves_no_row_of_work() -> None:
    tried = 0
    for rows, steps in reconnected_while_leaving():
        tried += 1
        assert rows == set(), steps
    assert tried > 250


def test_the_control_a_reconnect_that_takes_a_mailbox_that_is_gone_for_one_at_work_leaves_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "asks_for_work", lambda row: row is None or row.settings.mailmagnet)
    assert any(rows for rows, _ in reconnected_while_leaving())
