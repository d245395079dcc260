"""A run that is killed between any two of its steps: the next ones complete it, and then nothing is left to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.categories import Category
from tests.fakes.process import Killed, Process
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

Prepared = tuple[LabelHouse, dict[str, set[Category]]]


def _new_mail() -> Prepared:
    house = LabelHouse({"ana": OPEN, "ben": WON, "cem": ()})
    hers, his, nobodys = house.receive("ana", "ben", "cem")
    return house, {hers: {"open_deals"}, his: {"customers"}, nobodys: set()}


def _changed_deals() -> Prepared:
    house = LabelHouse({"ana": OPEN, "ben": WON, "cem": ()}, old=["ana"])
    hers, his, nobodys = house.receive("ana", "ben", "cem")
    house.tick()
    house.put("ana", CLOSING)
    house.put("ben", (("lost", None),))
    house.put("cem", WON)
    old = house.old[0]
    closing: set[Category] = {"closing_this_month"}
    return house, {old: closing, hers: closing, his: set(), nobodys: {"customers"}}


def _turned_month() -> Prepared:
    house = LabelHouse({"ana": CLOSING}, old=["ana"])
    (hers,) = house.receive("ana")
    house.tick()
    house.world.clock.time = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    return house, {house.old[0]: {"open_deals"}, hers: {"open_deals"}}


def _fresh_inbox() -> Prepared:
    house = LabelHouse({"ana": OPEN, "ben": WON}, old=["ana", "ben", "stranger"])
    hers, his, strangers = house.old
    house.world.change("alice", labels=False)
    ours = [house.label(c) for c in ("open_deals", "customers")]
    for message in (hers, his):
        house.account.modify([message], add=["INBOX"], remove=ours)
    house.world.label_runs.delete_all(house.mailbox.id)
    house.world.change("alice", labels=True)
    return house, {hers: {"open_deals"}, his: {"customers"}, strangers: set()}


def _deleted_label() -> Prepared:
    house = LabelHouse({"ana": OPEN})
    house.account.delete_label(house.label("open_deals"))
    (hers,) = house.receive("ana")
    return house, {hers: {"open_deals"}}


PREPARED = (_new_mail, _changed_deals, _turned_month, _fresh_inbox, _deleted_label)


def _steps(prepare: Callable[[], Prepared]) -> int:
    house, _ = prepare()
    process = Process()
    house.tick(house.world.labeler_of(process))
    return len(process.steps)


@pytest.mark.parametrize("prepare", PREPARED)
def test_a_killed_run_is_completed_by_the_next_and_then_nothing_is_left(
    prepare: Callable[[], Prepared],
) -> None:
    steps = _steps(prepare)
    assert steps > 20
    for at in range(steps):
        house, expected = prepare()
        with pytest.raises(Killed):
            house.tick(house.world.labeler_of(Process(kill_at=at)))
        # The lease of the dead ends by itself.
        house.tick()
        house.tick()
        assert {m: house.category(m) for m in expected} == expected, f"killed at step {at} of {steps}"

        called = len(house.account.calls)
        house.tick()
        assert set(house.account.calls[called:]) <= {"history.list"}, f"killed at step {at} of {steps}"


def test_the_control_a_run_that_forgets_before_it_labels_loses_mail() -> None:
    lost = 0
    for at in range(_steps(_new_mail)):
        house, expected = _new_mail()
        with pytest.raises(Killed):
            house.tick(house.world.labeler_of(Process(kill_at=at)))
        # As if the queue had been emptied first: what a wrong order would leave behind.
        rows, mailbox = house.world.syncs.rows, house.mailbox.id
        rows[mailbox] = replace(rows[mailbox], unsorted=(), cursor=house.account.history_id)
        house.tick()
        house.tick()
        lost += {m: house.category(m) for m in expected} != expected
    assert lost > 0
