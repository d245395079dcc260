"""What becomes of a consent at Google is in the audit, though no CRM user did it."""

from typing import Any

import pytest

from shared.domain.mailbox import Mailbox
from shared.domain.scopes import READONLY
from shared.errors import GrantLost
from shared.usecases.lost_grant import noting_lost_grant
from shared.usecases.note_scopes import note_scopes
from tests.fakes.world import World


@pytest.fixture
def world() -> World:
    return World()


def told(world: World, mailbox: Mailbox) -> list[tuple[str, str, dict[str, Any]]]:
    """Actor, action and changes of the entries since connecting, as owner and admin read them."""
    own = [e for e in world.audit.of_owner if (e.org, e.owner) == (mailbox.org, mailbox.user)]
    assert own == world.audit.of_org, "both read it"
    return [(e.actor, e.action, dict(e.changes)) for e in own if e.action != "mailbox.connected"]


@pytest.mark.parametrize("code", ["grant_lost", "token_unreadable", "account_gone"])
def test_a_lost_grant_is_told_once_with_its_cause(world: World, code: str) -> None:
    mailbox = world.connect()
    for _ in range(2):
        row = world.row(mailbox)
        with (
            pytest.raises(GrantLost),
            noting_lost_grant(row, world.mailboxes, world.clock, world.oauth.log),
        ):
            raise GrantLost("gone", mailbox=mailbox.id, code=code)
    assert told(world, mailbox) == [("google", "grant.lost", {"health": ("ok", code)})]


def test_scopes_that_a_refresh_finds_changed_are_told(world: World) -> None:
    mailbox = world.connect()
    for _ in range(2):
        note_scopes(world.row(mailbox), (READONLY,), world.mailboxes, world.clock, world.oauth.log)
    changes = {"scopes": (mailbox.scopes, (READONLY,)), "health": ("ok", "scope_partly_missing")}
    assert told(world, mailbox) == [("google", "grant.scopes_changed", changes)]
