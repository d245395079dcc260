"""A turn or an undo that dies after Gmail has changed a mail: what it did is remembered all the same."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.labeler.services import Services
from functions.labeler.undo_labels import UndoLabels, undo_labels
from shared.domain.label_run import LabelRun
from tests.fakes.lost_answers import AnswersLost
from tests.fakes.process import Killed, Process
from tests.fakes.proxy_fakes import caller
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

AFTER_GMAIL = "FakeAccount.modify"
LOST = (("lost", None),)


def _killed_tick(house: LabelHouse, process: Process) -> None:
    with suppress(Killed):
        house.tick(house.world.labeler_of(process))


def _undo(house: LabelHouse, services: Services | None = None, **chosen: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"message": None, "run": None, "since": None} | chosen
    house.world.clock.advance(minutes=11)  # The lease of the dead ends by itself.
    return undo_labels(UndoLabels(caller("alice"), **values), services or house.world.labeler)


def _steps(prepare: Callable[[], LabelHouse]) -> int:
    process = Process()
    house = prepare()
    house.tick(house.world.labeler_of(process))
    return len(process.steps)


def _with_new_mail() -> LabelHouse:
    house = LabelHouse({"ana": OPEN})
    house.receive("ana")
    return house


def _with_a_changed_deal() -> LabelHouse:
    house = LabelHouse({"ana": OPEN})
    house.receive("ana")
    house.tick()
    house.put("ana", WON)
    return house


def test_a_mail_that_a_killed_run_has_labelled_can_be_undone_and_stays_undone() -> None:
    seen = 0
    for at in range(_steps(_with_new_mail)):
        house = _with_new_mail()
        _killed_tick(house, Process(kill_at=at))
        (message,) = (mail.metadata.id for mail in house.account.mails)
        if house.category(message) == set():
            continue
        seen += 1
        assert _undo(house, message=message)["reversed"] == 1, f"killed at step {at}"
        house.tick()
        house.put("ana", WON)
        house.tick()
        assert house.category(message) == set(), f"killed at step {at}"
        assert house.in_inbox(message)
    assert seen > 1, "the control: kills have met labelled mail"


def test_a_mail_that_a_killed_run_has_moved_still_follows_its_deal() -> None:
    for at in range(_steps(_with_a_changed_deal)):
        house = _with_a_changed_deal()
        _killed_tick(house, Process(kill_at=at))
        house.tick()
        house.put("ana", CLOSING)
        house.tick()
        house.tick()
        (message,) = (mail.metadata.id for mail in house.account.mails)
        assert house.category(message) == {"closing_this_month"}, f"killed at step {at}"


def test_a_deal_that_changes_after_a_killed_run_never_leaves_a_mail_under_two_labels() -> None:
    for at in range(_steps(_with_new_mail)):
        house = _with_new_mail()
        _killed_tick(house, Process(kill_at=at))
        house.put("ana", WON)
        house.tick()
        house.tick()
        (message,) = (mail.metadata.id for mail in house.account.mails)
        assert house.category(message) == {"customers"}, f"killed at step {at}"


def test_a_label_that_the_user_takes_off_after_a_killed_run_stays_off() -> None:
    house = _with_new_mail()
    _killed_tick(house, Process(kill_after=AFTER_GMAIL))
    (message,) = (mail.metadata.id for mail in house.account.mails)
    house.account.modify([message], remove=[house.label("open_deals")])

    for deals in (OPEN, WON):
        house.put("ana", deals)
        house.tick()

    assert house.category(message) == set()
    assert not house.in_inbox(message)


def test_an_undo_that_dies_leaves_each_mail_either_undone_for_good_or_as_it_was() -> None:
    house = LabelHouse({"ana": OPEN})
    house.receive("ana", "ana")
    house.tick()
    process = Process()
    (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)
    _undo(house, house.world.labeler_of(process), run=run.id)

    outcomes: set[str] = set()
    for at in range(len(process.steps)):
        house = LabelHouse({"ana": OPEN})
        messages = house.receive("ana", "ana")
        house.tick()
        (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)
        with suppress(Killed):
            _undo(house, house.world.labeler_of(Process(kill_at=at)), run=run.id)
        undone = all(house.category(message) == set() for message in messages)
        house.world.clock.advance(minutes=11)
        house.put("ana", WON)
        house.tick()
        want = set() if undone else {"customers"}
        assert [house.category(message) for message in messages] == [want, want], f"killed at step {at}"
        assert all(house.in_inbox(message) is undone for message in messages), f"killed at step {at}"
        outcomes.add("undone" if undone else "as it was")
    assert outcomes == {"undone", "as it was"}


@pytest.mark.parametrize("count", [3, 30])
def test_what_gmail_did_without_answering_is_remembered_and_never_done_twice(count: int) -> None:
    house = LabelHouse({"ana": OPEN})
    messages = house.receive(*["ana"] * count)
    services = house.world.labeler_of(Process())
    house.tick(replace(services, gmail=AnswersLost(house.account)))
    (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)
    assert (run.labelled, run.doubtful) == ({}, count)

    changed = house.account.calls.count("messages.modify") + house.account.calls.count("messages.batchModify")
    house.tick()

    again = house.account.calls.count("messages.modify") + house.account.calls.count("messages.batchModify")
    assert again == changed
    (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)
    assert (run.labelled, run.doubtful) == ({"open_deals": count}, 0)
    assert _undo(house, run=run.id)["reversed"] == count
    assert all(house.in_inbox(message) for message in messages)


def test_the_control_without_settling_a_moved_mail_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    house = _with_a_changed_deal()
    _killed_tick(house, Process(kill_after=AFTER_GMAIL))
    nothing: list[LabelRun] = []
    monkeypatch.setattr(type(house.world.label_runs), "unsettled", lambda *_: nothing)
    house.tick()
    house.put("ana", CLOSING)
    house.tick()
    (message,) = (mail.metadata.id for mail in house.account.mails)
    assert house.category(message) == {"customers"}, "it was taken for the user's doing"
