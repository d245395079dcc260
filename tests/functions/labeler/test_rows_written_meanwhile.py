"""The owner, or Google, has a word about the mailbox's row in the middle of a turn: the turn writes over none of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from functions.oauth.disconnect import Disconnect, disconnect
from shared.domain.mailbox import Health, Mailbox
from shared.usecases.lease import SAVES
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.stores import FakeMailboxes
from tests.functions.labeler.house import OPEN, LabelHouse


@dataclass
class Interrupted(Process):
    """Somebody else has their word just before the turn's next `times` writes of the mailbox's row."""

    word: Callable[[], object] = lambda: None
    times: int = 1
    spoken: int = field(default=0)

    def take(self, step: str) -> None:
        if step == "FakeMailboxes.update" and self.spoken < self.times:
            self.spoken += 1
            self.word()
        super().take(step)


class Unconditional(FakeMailboxes):
    """The store without its precondition: the control."""

    def update(self, mailbox: Mailbox, *fields: str, if_unchanged: bool = False, **named: object) -> Mailbox:
        return super().update(mailbox, *fields, **named)  # type: ignore[arg-type]


def _house_whose_label_is_deleted_again() -> LabelHouse:
    house = LabelHouse({"ana": OPEN})
    house.world.change("alice", sharing="public")
    house.account.delete_label(house.label("open_deals"))
    house.receive("ana")
    house.tick()
    house.account.delete_label(house.label("open_deals"))
    house.receive("ana")
    return house


def _turn(house: LabelHouse, word: Callable[[], object], times: int = 1) -> list[object]:
    process = Interrupted(word=word, times=times)
    raised = house.tick(house.world.labeler_of(process))
    assert process.spoken == times, "the control: the word came in the middle of the turn"
    return [(type(error).__name__, error.code) for error in raised]


@pytest.mark.parametrize(
    "change",
    [{"sharing": "private", "never_shared": ("bank.example",)}, {"paused": True}, {"mailmagnet": False}],
)
def test_settings_that_the_owner_changes_while_labels_go_off_stay_changed(change: dict[str, object]) -> None:
    house = _house_whose_label_is_deleted_again()

    _turn(house, lambda: house.world.change("alice", **change))

    settings = house.world.row(house.mailbox).settings
    assert {name: getattr(settings, name) for name in change} == change
    assert not settings.labels


def test_without_the_precondition_the_owners_settings_would_be_gone() -> None:
    house = _house_whose_label_is_deleted_again()
    world = house.world
    stored = world.mailboxes
    store = Unconditional(stored.rows, stored.audit, stored.grants, stored._next_version)
    process = Interrupted(word=lambda: world.change("alice", sharing="private"))

    house.tick(replace(world.labeler_of(process), mailboxes=process.calling(store)))

    assert world.row(house.mailbox).settings.sharing == "public"


def test_that_labels_went_off_by_themselves_stands_in_the_audit() -> None:
    house = _house_whose_label_is_deleted_again()

    house.tick()

    last = house.world.audit.of_owner[-1]
    assert (last.actor, last.action, last.changes) == (
        "google",
        "settings.changed",
        {"labels": (True, False)},
    )
    assert house.world.audit.of_org[-1] == last


def test_a_consent_that_is_lost_while_labels_go_off_is_still_said_to_be_lost() -> None:
    house = _house_whose_label_is_deleted_again()

    _turn(house, lambda: _lose_consent(house))

    assert house.world.row(house.mailbox).health.code == "grant_lost"


def test_a_consent_that_is_lost_while_a_mailbox_is_said_to_be_held_is_still_said_to_be_lost() -> None:
    house = LabelHouse({"ana": OPEN})
    rows = house.world.labelings.rows
    rows[house.mailbox.id] = replace(rows[house.mailbox.id], held=True)

    _turn(house, lambda: _lose_consent(house))

    assert house.world.row(house.mailbox).health.code == "grant_lost"


def test_a_turn_that_others_never_let_write_the_row_says_that_the_mailbox_is_busy() -> None:
    house = _house_whose_label_is_deleted_again()
    names = iter(range(SAVES))

    raised = _turn(
        house, lambda: house.world.change("alice", never_shared=(f"{next(names)}.example",)), SAVES
    )

    assert ("TryAgain", "mailbox_busy") in raised
    assert house.world.row(house.mailbox).settings.never_shared == (f"{SAVES - 1}.example",)


def test_a_turn_writes_nothing_into_the_row_of_one_who_left_and_connected_anew_meanwhile() -> None:
    house = _house_whose_label_is_deleted_again()

    def leave_and_return() -> None:
        disconnect(Disconnect(caller("alice"), "keep"), house.world.oauth)
        house.world.clock.advance(seconds=1)
        house.world.connect("alice", sharing="public")

    _turn(house, leave_and_return)

    row = house.world.row(house.mailbox)
    assert (row.health.code, row.settings.sharing, row.labels) == ("ok", "public", {})


def _lose_consent(house: LabelHouse) -> None:
    lost = replace(house.world.row(house.mailbox), health=Health("grant_lost", house.world.clock.now()))
    house.world.mailboxes.update(lost, "health")
