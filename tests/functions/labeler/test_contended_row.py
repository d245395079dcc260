"""A row that others keep writing to: a turn takes over what they wrote, and gives up in the end instead of for ever."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from functions.labeler import desk
from shared.domain.labeling_row import LabelingRow
from shared.errors import TryAgain
from shared.usecases import lease
from tests.fakes.labeling_stores import FakeLabelings
from tests.functions.labeler.house import OPEN, LabelHouse


@dataclass
class ContendedLabelings(FakeLabelings):
    """Another writes just before each of the turn's own writes, `left` times."""

    left: int = 0
    attempts: list[str] = field(default_factory=list)

    def save(self, row: LabelingRow) -> LabelingRow:
        self._contend(row, "save")
        return super().save(row)

    def add_contacts(self, row: LabelingRow, keys: Collection[str]) -> object:
        self._contend(row, "add_contacts")
        return super().add_contacts(row, keys)

    def _contend(self, row: LabelingRow, name: str) -> None:
        self.attempts.append(name)
        if self.left:
            self.left -= 1
            self.wake(row.mailbox)


def _house(times: int) -> tuple[LabelHouse, ContendedLabelings]:
    house = LabelHouse({"ana": OPEN, "ben": OPEN}, old=["ana"])
    rows = ContendedLabelings(house.world.labelings.rows, house.world.labelings._next_version, left=times)
    house.world.labelings = rows
    return house, rows


@pytest.mark.parametrize("times", [1, lease.SAVES - 1])
def test_a_turn_gets_its_word_in_between_others(times: int) -> None:
    house, _ = _house(times)
    (his,) = house.receive("ben")
    assert house.tick() == []
    assert house.category(his) == {"open_deals"}
    assert len(house.world.labelings.rows[house.mailbox.id].contacts) == 2


@pytest.mark.parametrize(("saves", "what"), [(4, "add_contacts"), (7, "save")])
def test_a_turn_that_never_does_says_that_the_mailbox_is_busy_and_the_next_one_completes_it(
    saves: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SAVES", saves)
    house, rows = _house(1_000)
    if what == "add_contacts":
        house.receive("ben")
    else:
        house.put("ana", ())
        house.world.labelings.mark_changed(house.mailbox.id, house.world.clock.now())
    raised = house.tick()
    assert raised
    assert {(type(error), error.code) for error in raised} == {(TryAgain, "mailbox_busy")}
    assert rows.attempts == [what] * saves * len(raised), "the control: as often as is allowed, and no more"

    rows.left = 0
    assert house.tick() == []
    assert not house.world.labelings.rows[house.mailbox.id].work
