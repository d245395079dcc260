"""A consent that is ended while another one of the same account is given: cut into each other at every two steps.

Google ends all tokens of an account at once. Whoever is connected when both are over either has a grant that works, or
reads at once that it is gone.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from functions.oauth.connect import CompleteConnection, complete_connection
from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.connection import CONNECT_WITHIN
from shared.domain.mailbox import Mailbox
from shared.errors import GrantLost
from shared.usecases.forget_unclaimed import forget_unclaimed
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.stores import FakeConnections
from tests.fakes.world import World
from tests.faults.test_meanwhile import Stopped

EMAIL = "alice@own.example"
Case = Callable[[], tuple[World, Callable[[Process], object], Callable[[Process], object]]]


def connects(world: World, user: str) -> Callable[[Process], object]:
    """Consents now, and completes in a process of its own."""
    ticket = world.authorize(caller(user), EMAIL)
    return lambda process: complete_connection(
        CompleteConnection(caller(user), ticket), world.oauth_of(process)
    )


def leaves(world: World) -> Callable[[Process], object]:
    return lambda process: disconnect(Disconnect(caller("alice"), "keep"), world.oauth_of(process))


def the_same_user_connects_again() -> tuple[World, Callable[[Process], object], Callable[[Process], object]]:
    world = World()
    world.connect(mailmagnet=True)
    return world, leaves(world), connects(world, "alice")


def another_user_connects_the_same_account() -> tuple[
    World, Callable[[Process], object], Callable[[Process], object]
]:
    world = World()
    world.connect()
    return world, leaves(world), connects(world, "bob")


def an_unclaimed_attempt_is_forgotten() -> tuple[
    World, Callable[[Process], object], Callable[[Process], object]
]:
    world = World()
    world.authorize(caller("alice"), EMAIL)
    world.clock.advance(seconds=(CONNECT_WITHIN - timedelta(seconds=1)).total_seconds())
    connect = connects(world, "alice")
    world.clock.advance(seconds=1)
    return world, lambda process: forget_unclaimed(world.oauth_of(process)), connect


CASES = [
    the_same_user_connects_again,
    another_user_connects_the_same_account,
    an_unclaimed_attempt_is_forgotten,
]


def steps_of(case: Case, which: int) -> int:
    alone = Process()
    case()[which](alone)  # type: ignore[operator]
    return len(alone.steps)


def cut_into_each_other(case: Case) -> Iterator[tuple[World, list[str]]]:
    """Every world that comes of it; either may be the one that goes on first."""
    for at_end in range(steps_of(case, 1) + 1):
        for at_connect in range(steps_of(case, 2) + 1):
            for ending_first in (True, False):
                world, end, connect = case()
                one, other = Stopped(at_end, end), Stopped(at_connect, connect)
                for each in (one, other) if ending_first else (other, one):
                    each.finish()
                yield world, [*one.steps[:at_end], "|", *other.steps[:at_connect], str(ending_first)]


def works(world: World, mailbox: Mailbox) -> bool:
    try:
        world.opener.open(mailbox).address_and_cursor()
    except GrantLost:
        return False
    return True


def deceived(world: World) -> list[Mailbox]:
    """Mailboxes that say that they are connected and are not."""
    return [m for m in world.mailboxes.rows.values() if m.status == "connected" and not works(world, m)]


@pytest.mark.parametrize("case", CASES)
def test_who_is_connected_has_a_grant_that_works_or_reads_that_it_is_gone(case: Case) -> None:
    tried = told = 0
    for world, steps in cut_into_each_other(case):
        tried += 1
        assert deceived(world) == [], steps
        assert world.grants.rows.keys() == world.mailboxes.rows.keys(), steps
        for mailbox in world.mailboxes.rows.values():
            told += mailbox.status == "needs_reconnect"
            assert mailbox.leaving is None, steps
    print(tried, "pairs of steps,", told, "told")
    assert tried > 90
    assert told > 0


@pytest.mark.parametrize("case", CASES)
def test_the_control_without_a_note_some_are_deceived(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeConnections, "is_ending", lambda *_: False)
    assert any(deceived(world) for world, _ in cut_into_each_other(case))


@pytest.mark.parametrize("case", CASES)
def test_the_control_where_the_grant_is_not_tried_after_the_end_some_are_deceived(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.usecases.end_consent.try_grant", lambda *_: None)
    assert any(deceived(world) for world, _ in cut_into_each_other(case))


def test_who_connects_long_after_an_end_pays_for_no_second_token_call() -> None:
    world = World()
    world.connect()
    disconnect(Disconnect(caller("alice"), "keep"), world.oauth)
    world.clock.advance(minutes=21)
    before = world.google.refreshes
    world.connect()
    assert world.google.refreshes == before
