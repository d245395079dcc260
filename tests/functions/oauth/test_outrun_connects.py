"""Completing a connect that meets something else between reading and writing, or dies there."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.connect import CompleteConnection, complete_connection
from functions.oauth.disconnect import Disconnect, disconnect
from functions.oauth.keep_grant import ATTEMPTS
from shared.domain.mailbox import Mailbox
from shared.domain.scopes import IDENTITY
from shared.errors import Conflict, GrantLost, NotFound, TryAgain
from shared.log import Log
from shared.usecases.lost_grant import noting_lost_grant
from shared.usecases.note_scopes import note_scopes
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World

ALICE = caller("alice")
EMAIL = "alice@own.example"


@pytest.fixture
def world() -> World:
    return World()


def just_before(port: Any, method: str, other: Callable[[], object], times: int = 1) -> None:
    """Lets `other` happen just before the next calls of a port's method."""
    real, left = getattr(port, method), [other] * times

    def call(*values: Any, **named: Any) -> Any:
        if left:
            left.pop()()
        return real(*values, **named)

    setattr(port, method, call)


def complete(world: World, ticket: str) -> Any:
    return complete_connection(CompleteConnection(ALICE, ticket), world.oauth)


def change(world: World, **fields: Any) -> Callable[[], object]:
    return lambda: change_settings(ChangeSettings(ALICE, SettingsChange(**fields)), world.oauth)


def test_going_private_while_one_reconnects_stays_private(world: World) -> None:
    mailbox = world.connect(sharing="public")
    ticket = world.authorize(ALICE, EMAIL)
    just_before(world.mailboxes, "update", change(world, sharing="private"))

    answered = complete(world, ticket)

    assert (answered.settings.sharing, world.row(mailbox).settings.sharing) == ("private", "private")
    assert world.connections.rows == {}


def test_a_reconnect_that_others_outrun_each_time_says_so_and_can_be_done_again(world: World) -> None:
    world.connect()
    ticket = world.authorize(ALICE, EMAIL)
    names = iter(range(ATTEMPTS + 1))

    def other() -> None:
        row = next(iter(world.mailboxes.rows.values()))
        type(world.mailboxes).update(world.mailboxes, row.seen_with([f"r{next(names)}"]), "roles")

    just_before(world.mailboxes, "update", other, times=ATTEMPTS)
    with pytest.raises(TryAgain):
        complete(world, ticket)
    assert complete(world, ticket).status == "connected"


def test_mailmagnet_that_goes_off_while_one_reconnects_leaves_no_watch(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    ticket = world.authorize(ALICE, EMAIL)
    just_before(world.account(mailbox), "watch", change(world, mailmagnet=False))

    complete(world, ticket)

    assert world.row(mailbox).settings.mailmagnet is False
    assert "syncs" not in world.held()
    assert world.account(mailbox).watching is None


def test_of_two_accounts_completed_at_once_one_is_connected_with_its_own_grant(world: World) -> None:
    first, second = world.authorize(ALICE, "one@own.example"), world.authorize(ALICE, "two@own.example")
    just_before(world.mailboxes, "create", lambda: complete(world, second))

    with pytest.raises(Conflict) as raised:
        complete(world, first)

    assert raised.value.code == "other_account_connected"
    mailbox = next(iter(world.mailboxes.rows.values()))
    assert mailbox.email == "two@own.example"
    assert world.opener.open(mailbox).address_and_cursor()[0] == mailbox.email
    assert world.google.consents() == {"two@own.example"}


def test_a_first_connect_that_dies_anywhere_leaves_no_grant_without_a_mailbox() -> None:
    steps = Process()
    whole = World()
    complete_connection(CompleteConnection(ALICE, whole.authorize(ALICE, EMAIL)), whole.oauth_of(steps))
    for at in range(len(steps.steps)):
        world = World()
        ticket = world.authorize(ALICE, EMAIL)
        with pytest.raises(Killed):
            complete_connection(CompleteConnection(ALICE, ticket), world.oauth_of(Process(kill_at=at)))
        assert world.grants.rows.keys() == world.mailboxes.rows.keys(), steps.steps[at]


def _steps_of_a_disconnect() -> list[str]:
    steps, world = Process(), World()
    world.connect(mailmagnet=True)
    disconnect(Disconnect(ALICE, "keep"), world.oauth_of(steps))
    return steps.steps


@pytest.mark.parametrize("at", range(len(_steps_of_a_disconnect())))
def test_a_connect_that_is_completed_at_any_step_of_a_disconnect_is_whole_or_gone(at: int) -> None:
    world = World()
    world.connect(mailmagnet=True)
    tickets, completed = [world.authorize(ALICE, EMAIL)], []
    process = Process()
    take = process.take

    def take_and_meet(step: str) -> None:
        if len(process.steps) == at and tickets:
            # The consent is given again where it is completed, as one that this disconnect has not revoked yet.
            tickets.clear()
            with suppress(NotFound, TryAgain):
                completed.append(complete(world, world.authorize(ALICE, EMAIL)))
        take(step)

    process.take = take_and_meet  # type: ignore[method-assign]
    disconnect(Disconnect(ALICE, "keep"), world.oauth_of(process))

    assert world.grants.rows.keys() == world.mailboxes.rows.keys()
    if completed and "FakeMailboxes.update" in process.steps[:at]:
        # The disconnect had begun, so it was of the mailbox before.
        assert len(world.mailboxes.rows) == 1
    for mailbox in world.mailboxes.rows.values():
        # tests/faults/test_ended_consents.py cuts the two into each other at every two steps.
        if mailbox.status == "connected":
            assert world.opener.open(mailbox).address_and_cursor()[0] == EMAIL
        else:
            assert (mailbox.health.code, "revoke" in process.steps[at]) == ("grant_lost", True)


def _reconnect(world: World) -> None:
    world.clock.advance(seconds=1)
    world.connect()


def _work_that_ends_in_a_lost_grant(world: World, mailbox: Mailbox, meanwhile: Callable[[], object]) -> None:
    with noting_lost_grant(mailbox, world.mailboxes, world.clock, Log(world.log, strict=True)):
        meanwhile()
        raise GrantLost("Google has ended this consent; connect again.")


def test_the_end_of_an_old_consent_does_not_end_the_new_one(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    with pytest.raises(GrantLost):
        _work_that_ends_in_a_lost_grant(world, mailbox, lambda: _reconnect(world))
    assert world.row(mailbox).status == "connected"


def test_the_end_of_a_consent_is_noted_whatever_else_was_written_meanwhile(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    with pytest.raises(GrantLost):
        _work_that_ends_in_a_lost_grant(world, mailbox, change(world, sharing="public"))
    row = world.row(mailbox)
    assert (row.status, row.settings.sharing) == ("needs_reconnect", "public")


def test_the_scopes_of_an_old_consent_are_not_noted_of_the_new_one(world: World) -> None:
    mailbox = world.connect()
    _reconnect(world)
    note_scopes(mailbox, IDENTITY, world.mailboxes, world.clock, Log(world.log, strict=True))
    assert world.row(mailbox).status == "connected"
