"""Labels are made once: who dies between Gmail's making one and the saving of its id finds it again as ours."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from shared.domain.mailbox import GmailLabel
from shared.domain.policy import DEFAULT_LABEL_NAMES
from shared.errors import Conflict
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.functions.labeler.house import OPEN, LabelHouse

NAMES = sorted(DEFAULT_LABEL_NAMES.values())


def _labels_on(world: World, process: Process) -> None:
    with suppress(Killed):
        change = ChangeSettings(caller("alice"), SettingsChange(labels=True))
        change_settings(change, world.oauth_of(process))


def _steps_of_labels_on() -> int:
    process, world = Process(), World()
    world.connect("alice", mailmagnet=True)
    _labels_on(world, process)
    return len(process.steps)


def _deleted_label() -> tuple[LabelHouse, str]:
    house = LabelHouse({"ana": OPEN})
    house.account.delete_label(house.label("open_deals"))
    (message,) = house.receive("ana")
    return house, message


def _steps_of_making_again() -> int:
    process = Process()
    house, _ = _deleted_label()
    house.tick(house.world.labeler_of(process))
    return len(process.steps)


def _killed_while_making_again(at: int, then: Callable[[LabelHouse], None] = lambda _: None) -> LabelHouse:
    house, message = _deleted_label()
    with suppress(Killed):
        house.tick(house.world.labeler_of(Process(kill_at=at)))
    then(house)
    house.tick()
    house.tick()
    assert house.category(message) == {"open_deals"}, f"killed at step {at}"
    return house


def test_labels_on_that_is_killed_at_any_step_and_asked_for_again_makes_three_labels() -> None:
    for at in range(_steps_of_labels_on()):
        world = World()
        mailbox = world.connect("alice", mailmagnet=True)
        _labels_on(world, Process(kill_at=at))
        _labels_on(world, Process())
        account, row = world.account(mailbox), world.row(mailbox)
        assert sorted(account.labels.values()) == NAMES, f"killed at step {at}"
        assert {label.id for label in row.labels.values()} == set(account.labels), f"killed at step {at}"
        assert not any(label.adopted for label in row.labels.values())
        assert row.making == {}


def test_a_label_of_the_users_is_no_less_theirs_when_the_call_that_met_it_was_killed() -> None:
    for at in range(_steps_of_labels_on()):
        world = World()
        mailbox = world.connect("alice", mailmagnet=True)
        account = world.account(mailbox)
        account.labels["Label_users"] = "customers"
        _labels_on(world, Process(kill_at=at))
        _labels_on(world, Process())
        made = sorted(name for label, name in account.labels.items() if label != "Label_users")
        assert made == sorted(["Customers (CRM)", *NAMES[1:]]), f"killed at step {at}"
        assert "Label_users" not in {label.id for label in world.row(mailbox).labels.values()}


def test_making_a_label_again_that_is_killed_at_any_step_makes_one_and_leaves_labels_on() -> None:
    steps = _steps_of_making_again()
    assert steps > 20
    for at in range(steps):
        house = _killed_while_making_again(at)
        assert sorted(house.account.labels.values()) == NAMES, f"killed at step {at}"
        assert house.world.row(house.mailbox).settings.labels, f"killed at step {at}"


def test_the_control_without_the_names_written_down_first_a_second_label_appears() -> None:
    def forget(house: LabelHouse) -> None:
        rows = house.world.mailboxes.rows
        rows[house.mailbox.id] = replace(rows[house.mailbox.id], making={})

    seen = [
        _killed_while_making_again(at, forget).account.labels.values()
        for at in range(_steps_of_making_again())
    ]
    assert any("Open Deals (CRM)" in names for names in seen)


@pytest.mark.parametrize("turned_on", [True, False])
def test_a_label_that_gmail_made_without_answering_is_ours(turned_on: bool) -> None:
    house, message = _deleted_label()
    if turned_on:
        house.world.change("alice", labels=False)
        labels = dict(house.world.row(house.mailbox).labels)
        del labels["open_deals"]
        rows = house.world.mailboxes.rows
        rows[house.mailbox.id] = replace(rows[house.mailbox.id], labels=labels)
    create = house.account.create_label

    def create_twice(name: str) -> GmailLabel:
        # What the adapter does when the first answer is lost: it asks again.
        create(name)
        raise Conflict("Gmail says that this exists already.", code="exists_in_gmail")

    house.account.create_label = create_twice  # type: ignore[method-assign]
    if turned_on:
        house.world.change("alice", labels=True)
    house.tick()

    assert sorted(house.account.labels.values()) == NAMES
    assert house.category(message) == {"open_deals"}


def test_a_suffix_that_is_taken_too_is_counted_on() -> None:
    world = World()
    mailbox = world.connect("alice", mailmagnet=True)
    account = world.account(mailbox)
    account.labels["Label_users"] = "Customers (CRM)"
    account.labels["Label_other"] = "Customers"

    _labels_on(world, Process())

    assert account.labels[world.row(mailbox).labels["customers"].id] == "Customers (CRM 2)"
