"""MailMagnet and labels over fakes: what each switch sets going, and what a kill or a refusal may not leave behind."""

from dataclasses import replace
from typing import Any

import pytest

from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from shared.domain.mailbox import Health, Mailbox
from shared.domain.policy import DEFAULT_LABEL_NAMES, Policy
from shared.errors import BadInput, ScopeMissing, Throttled, UpstreamDown
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import TOPIC, World
from tests.functions.notify.visits import push

ALICE = caller("alice")


@pytest.fixture
def world() -> World:
    return World()


def _change(world: World, process: Process | None = None, **change: Any) -> Mailbox:
    values = ChangeSettings(ALICE, SettingsChange(**change))
    return change_settings(values, world.oauth_of(process or Process()))


def test_mailmagnet_on_starts_the_watch_and_begins_at_the_present(world: World) -> None:
    account = world.account(world.connect())
    account.receive()
    mailbox = _change(world, mailmagnet=True)
    assert account.watching == TOPIC
    assert world.state(mailbox).cursor == account.history_id
    assert mailbox.watch_expires_at is not None
    push(world, mailbox)
    assert world.noticed(mailbox) == set()


def test_mailmagnet_off_stops_the_watch_and_erases_what_was_noticed(world: World) -> None:
    mailbox = world.connect(mailmagnet=True, labels=True)
    message_id = world.account(mailbox).receive()
    push(world, mailbox)
    world.notices.mark_read(mailbox.id, world.notices.rows[mailbox.id][message_id])
    changed = _change(world, mailmagnet=False)
    assert (changed.settings.mailmagnet, changed.settings.labels) == (False, False)
    assert world.account(mailbox).watching is None
    assert not world.held().keys() & {"notices", "reads", "syncs"}


def test_mailmagnet_off_that_is_killed_at_any_step_is_finished_by_the_next_call() -> None:
    steps = Process()
    _off(World(), steps)
    print(len(steps.steps), "steps:", steps.steps)
    for at in range(len(steps.steps)):
        world = World()
        with pytest.raises(Killed):
            _off(world, Process(kill_at=at))
        mailbox = _change(world, mailmagnet=False)
        assert not world.held().keys() & {"notices", "reads", "syncs"}, steps.steps[at]
        assert world.account(mailbox).watching is None, steps.steps[at]


def _off(world: World, process: Process) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    push(world, mailbox)
    _change(world, process, mailmagnet=False)


def test_labels_need_mailmagnet(world: World) -> None:
    world.connect()
    with pytest.raises(BadInput) as raised:
        _change(world, labels=True)
    assert raised.value.code == "labels_need_mailmagnet"


def test_labels_on_makes_three_with_the_organisations_names(world: World) -> None:
    names = {"closing_this_month": "Bald", "open_deals": "Offen", "customers": "Kunden"}
    world.orgs.put("acme", Policy(label_names=names))  # type: ignore[arg-type]
    mailbox = world.connect(mailmagnet=True, labels=True)
    assert sorted(world.account(mailbox).labels.values()) == sorted(names.values())
    assert {c: label.name for c, label in mailbox.labels.items()} == names


def test_labels_off_and_on_again_makes_no_new_ones(world: World) -> None:
    mailbox = world.connect(mailmagnet=True, labels=True)
    before = dict(world.account(mailbox).labels)
    _change(world, labels=False)
    _change(world, labels=True)
    assert world.account(mailbox).labels == before


def test_a_label_of_the_users_own_of_the_same_name_is_never_taken_over(world: World) -> None:
    account = world.account(world.connect())
    own = account.create_label("CUSTOMERS")
    mailbox = _change(world, mailmagnet=True, labels=True)
    assert mailbox.labels["customers"].id != own.id
    assert mailbox.labels["customers"].name == "Customers (CRM)"


def test_where_gmail_refuses_in_the_middle_no_label_is_left_that_nobody_knows(world: World) -> None:
    account = world.account(world.connect(mailmagnet=True))
    create = account.create_label
    made: list[str] = []

    def create_two(name: str) -> Any:
        if len(made) == 2:
            raise Throttled("Slow down.")
        made.append(name)
        return create(name)

    account.create_label = create_two  # type: ignore[method-assign]
    with pytest.raises(Throttled):
        _change(world, labels=True)
    account.create_label = create  # type: ignore[method-assign]
    mailbox = _change(world, labels=True)
    assert sorted(account.labels.values()) == sorted(DEFAULT_LABEL_NAMES.values())
    assert {label.id for label in mailbox.labels.values()} == set(account.labels)


def test_where_gmail_refuses_labels_mailmagnet_that_was_asked_for_with_them_leaves_nothing(
    world: World,
) -> None:
    mailbox = world.connect()
    account = world.account(mailbox)

    def refuse(name: str) -> Any:
        raise ScopeMissing("Labels need more.", features=("labels",))

    account.create_label = refuse  # type: ignore[method-assign]
    with pytest.raises(ScopeMissing):
        _change(world, mailmagnet=True, labels=True)

    assert account.watching is None
    assert "syncs" not in world.held()
    assert not world.row(mailbox).settings.mailmagnet


def test_the_same_settings_again_make_no_call_to_gmail(world: World) -> None:
    mailbox = world.connect(mailmagnet=True, labels=True)
    calls = list(world.account(mailbox).calls)
    _change(world, mailmagnet=True, labels=True, paused=False)
    assert world.account(mailbox).calls == calls


def test_mailmagnet_goes_off_and_its_notices_go_while_the_consent_is_lost(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    push(world, mailbox)
    world.google.end_consent(mailbox.email)
    assert _change(world, mailmagnet=False).settings.mailmagnet is False
    assert not world.held().keys() & {"notices", "reads", "syncs"}


def test_mailmagnet_goes_off_while_gmail_is_down_and_the_watch_ends_with_the_same_change_later(
    world: World,
) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    account.receive()
    push(world, mailbox)
    account.down = UpstreamDown("Gmail had a fault of its own.")
    assert _change(world, mailmagnet=False).settings.mailmagnet is False
    assert not world.held().keys() & {"notices", "reads", "syncs"}
    account.down = None
    _change(world, mailmagnet=False)
    assert (account.watching, world.row(mailbox).watch_expires_at) == (None, None)


def test_a_mailbox_that_needs_a_reconnect_is_switched_off_without_asking_google(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    world.mailboxes.update(replace(mailbox, health=Health("grant_lost", world.clock.now())), "health")
    opened = world.opener.opened
    _change(world, mailmagnet=False)
    assert world.opener.opened == opened
    assert world.row(mailbox).watch_expires_at is None


def test_mailmagnet_turned_on_during_a_pause_asks_for_no_pushes_and_loses_nothing(world: World) -> None:
    mailbox = world.connect(paused=True)
    account = world.account(mailbox)
    assert _change(world, mailmagnet=True).watch_expires_at is None
    assert account.watching is None
    message_id = account.receive()
    _change(world, paused=False)
    assert account.watching == TOPIC
    push(world, mailbox)
    assert world.noticed(mailbox) == {message_id}


def test_a_reconnect_during_a_pause_asks_for_no_pushes(world: World) -> None:
    mailbox = world.connect(mailmagnet=True, paused=True)
    world.google.end_consent(mailbox.email)
    world.connect()
    assert world.account(mailbox).watching is None
    _change(world, paused=False)
    assert world.account(mailbox).watching == TOPIC
