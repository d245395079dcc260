"""A worker and an owner who leaves, or turns MailMagnet off, at the same time: cut into each other at every two steps.

One is stopped before one of its calls, the other before one of its own; then the first goes on to its end, then the
second. All pairs of steps are tried.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from functions.notify.handle_push import GmailPush, handle_push
from functions.notify.recount_notices import recount_own
from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Mailbox
from shared.domain.sync import LEASE
from shared.errors import AppError
from shared.usecases.leave import finish_leaving
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.stores import FakeNotices
from tests.fakes.world import World

Work = Callable[[World, Mailbox, Process], object]
PATIENCE_S = 120.0


class Stopped(Process):
    """A process in a thread of its own that waits before one of its calls until it is told to go on."""

    def __init__(self, before: int, work: Callable[[Process], object]) -> None:
        super().__init__()
        self._before = before
        self._stands = threading.Event()
        self._goes_on = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()
        assert self._stands.wait(PATIENCE_S)

    def take(self, step: str) -> None:
        if len(self.steps) == self._before:
            self._stands.set()
            assert self._goes_on.wait(PATIENCE_S)
        super().take(step)

    def finish(self) -> None:
        """Lets it go on, and waits for its end."""
        self._goes_on.set()
        self._thread.join(PATIENCE_S)

    def _run(self, work: Callable[[Process], object]) -> None:
        with suppress(AppError):
            work(self)
        self._stands.set()


def push(world: World, mailbox: Mailbox, process: Process) -> object:
    newest = GmailPush(mailbox.email, world.account(mailbox).history_id)
    return handle_push(newest, world.notify_of(process))


def recount(world: World, _: Mailbox, process: Process) -> object:
    # Not the daily one: of its threads one would still be in the middle of a call when another one stops.
    return recount_own(caller("alice"), world.notify_of(process))


def leave(world: World, _: Mailbox, process: Process) -> object:
    return disconnect(Disconnect(caller("alice"), "keep"), world.oauth_of(process))


def turn_off(world: World, _: Mailbox, process: Process) -> object:
    change = ChangeSettings(caller("alice"), SettingsChange(mailmagnet=False))
    return change_settings(change, world.oauth_of(process))


def prepared() -> tuple[World, Mailbox]:
    """Alice's mailbox with one notice, and a mail that has just come."""
    world = World()
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    push(world, mailbox, Process())
    assert len(world.noticed(mailbox)) == 1
    world.account(mailbox).receive()
    return world, mailbox


def steps_of(work: Work) -> int:
    world, mailbox = prepared()
    alone = Process()
    work(world, mailbox, alone)
    return len(alone.steps)


def cut_into_each_other(work: Work, end: Work) -> Iterator[tuple[World, Mailbox, Any]]:
    """Every world that comes of it, with the two steps at which they were stopped."""
    for of_work in range(steps_of(work)):
        for of_end in range(steps_of(end) + 1):
            world, mailbox = prepared()
            worker = Stopped(of_work, lambda process, w=world, m=mailbox: work(w, m, process))  # type: ignore[misc]
            owner = Stopped(of_end, lambda process, w=world, m=mailbox: end(w, m, process))  # type: ignore[misc]
            worker.finish()
            owner.finish()
            yield world, mailbox, (worker.steps, owner.steps[of_end - 1 :])


def left_behind(world: World, mailbox: Mailbox) -> bool:
    """Whether anything of a message is still there."""
    return bool(world.noticed(mailbox)) or mailbox.id in world.notices.recounts


@pytest.mark.parametrize("end", [leave, turn_off])
@pytest.mark.parametrize("work", [push, recount])
def test_no_notice_outlives_the_end_of_mailmagnet_whoever_was_at_work(work: Work, end: Work) -> None:
    tried = 0
    for world, mailbox, steps in cut_into_each_other(work, end):
        tried += 1
        assert not left_behind(world, mailbox), steps
        assert mailbox.id not in world.syncs.rows, steps
        # A sweep that comes when the worker can be at work no more.
        world.clock.advance(seconds=LEASE.total_seconds())
        finish_leaving(world.oauth)
        assert end is turn_off or set(world.held()) <= {"audit"}, steps
    print(tried, "pairs of steps")
    assert tried > 80


@pytest.mark.parametrize("end", [leave, turn_off])
@pytest.mark.parametrize("work", [push, recount])
def test_the_control_where_notices_are_written_by_themselves_some_stay(
    work: Work, end: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = FakeNotices.keep_with

    def by_themselves(notices: FakeNotices, state: Any, new: Any, recount: Any = None) -> Any:
        for notice in new:
            notices.rows.setdefault(state.mailbox, {})[notice.message_id] = notice
        return together(notices, state, new, recount)

    monkeypatch.setattr(FakeNotices, "keep_with", by_themselves)
    assert any(left_behind(world, mailbox) for world, mailbox, _ in cut_into_each_other(work, end))
