"""One mail that Gmail does not show, or whose labels it does not change, holds up nothing for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from functions.labeler import backfill_inbox, desk, find_mail
from functions.labeler.label_mailbox import Turn, label_mailbox
from functions.labeler.undo_labels import UndoLabels, undo_labels
from shared.domain.labeling_row import GIVEN_UP, REFUSAL
from shared.errors import (
    AppError,
    BadInput,
    GrantLost,
    Misconfigured,
    ScopeMissing,
    Throttled,
    UpstreamDown,
)
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

GARBLED = UpstreamDown("Gmail's answer is not what it documents.", code="gmail_garbled")


REJECTED = BadInput("Gmail did not accept the request.", code="gmail_rejected")
DOWN = UpstreamDown("Gmail had a fault of its own.", code="gmail_down")


def _house(mails: int = 5) -> tuple[LabelHouse, list[str]]:
    """Mails of Ana's, which lie in the Inbox before labels go on."""
    house = LabelHouse({"ana": CLOSING})
    with house.off():
        messages = [house.account.receive("ana@client.example") for _ in range(mails)]
    return house, messages


def _ticks(house: LabelHouse, most: int = 8) -> bool:
    """Whether nothing is left to be done after so many runs."""
    for _ in range(most):
        house.tick()
    row = house.world.labelings.rows[house.mailbox.id]
    return not row.work


def _ask_for(job: str, house: LabelHouse) -> None:
    """Makes all of Ana's mail mail of an open deal: by the deal, or by the month that turns."""
    if job == "deal":
        house.put("ana", OPEN)
    else:
        house.world.clock.time = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_the_inbox_is_sorted_around_a_mail_that_cannot_be_read() -> None:
    house, (newer, bad, *older) = _house()
    house.account.broken[bad] = GARBLED
    assert _ticks(house)
    assert all(house.category(message) == {"closing_this_month"} for message in [newer, *older])
    assert "message.set_aside" in house.world.log.getvalue()
    row = house.world.labelings.rows[house.mailbox.id]
    assert (row.backfill, row.refused) == (False, {}), "the next job asks for it again"


@pytest.mark.parametrize("job", ["deal", "month"])
def test_changes_and_the_month_go_on_past_a_mail_that_cannot_be_read_and_ask_for_it_the_next_time(
    job: str,
) -> None:
    house, (bad, *others) = _house()
    house.tick()
    house.account.broken[bad] = GARBLED
    _ask_for(job, house)
    assert _ticks(house)
    assert all(house.category(message) == {"open_deals"} for message in others)

    del house.account.broken[bad]
    house.put("ana", WON)
    house.tick()
    assert all(house.category(message) == {"customers"} for message in [bad, *others])


@pytest.mark.parametrize("error", [Throttled("Gmail is busy."), UpstreamDown("Gmail is down.")])
def test_a_gmail_that_shows_nothing_at_all_sets_nothing_aside(error: AppError) -> None:
    house, messages = _house()
    house.account.broken |= dict.fromkeys(messages, error)
    assert not _ticks(house)
    house.account.broken.clear()
    assert _ticks(house, 1)
    assert all(house.category(message) == {"closing_this_month"} for message in messages)


def test_the_control_without_giving_up_the_inbox_is_never_done(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (desk, find_mail):
        monkeypatch.setattr(module, "GIVEN_UP", 1_000)
    house, messages = _house()
    house.account.broken[messages[1]] = GARBLED
    assert not _ticks(house)


@pytest.mark.parametrize("mails", [5, 30])
def test_the_inbox_is_sorted_around_a_mail_whose_labels_gmail_refuses_to_change(mails: int) -> None:
    house, (*newer, bad) = _house(mails)
    house.account.unchangeable[bad] = REJECTED
    assert _ticks(house)
    assert all(house.category(message) == {"closing_this_month"} for message in newer)
    assert house.category(bad) == set()
    assert f'"message_id": "{bad}"' in house.world.log.getvalue()
    labeling = house.world.row(house.mailbox).labeling
    assert (labeling.done, labeling.total, labeling.state) == (mails, mails, "idle")


@pytest.mark.parametrize("few", [1, 0])
def test_older_mail_is_searched_for_and_sorted_while_gmail_fails_at_a_newer_one(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_inbox, "REMEMBERED", 4)
    monkeypatch.setattr(backfill_inbox, "FEW", few)
    for module in (desk, find_mail):
        monkeypatch.setattr(module, "GIVEN_UP", 5)
    house, (*older, bad) = _house(12)
    house.account.unchangeable[bad] = DOWN
    services = replace(house.world.labeler_of(Process()), checks_a_turn=2)
    for _ in range(8):
        house.tick(services)
    sorted_all = all(house.category(message) == {"closing_this_month"} for message in older)
    assert sorted_all == bool(few), "the control: without a new search the failing one holds them up"
    assert house.world.labelings.rows[house.mailbox.id].backfill != bool(few), "others work: it is given up"


def _receive_two_and_tick(house: LabelHouse) -> str:
    """Of two new mails Gmail fails at the second; the first is sorted. The second."""
    (bad,) = house.receive("ana")
    house.account.unchangeable[bad] = DOWN
    house.receive("ana")
    house.tick()
    return bad


def test_new_mail_outlasts_a_gmail_that_fails_at_it_for_hours_while_it_changes_others() -> None:
    house = LabelHouse({"ana": OPEN})
    bad = _receive_two_and_tick(house)
    for _ in range(GIVEN_UP - 2):
        house.receive("ana")
        house.tick()
    assert house.world.state(house.mailbox).unsorted == (bad,)
    del house.account.unchangeable[bad]
    house.tick()
    assert house.category(bad) == {"open_deals"}
    assert "message.set_aside" not in house.world.log.getvalue()


def test_new_mail_at_which_gmail_fails_without_end_leaves_the_queue_after_six_hours() -> None:
    house = LabelHouse({"ana": OPEN})
    begun = house.world.clock.now()
    bad = _receive_two_and_tick(house)
    while house.world.state(house.mailbox).unsorted == (bad,):
        house.receive("ana")
        house.tick()
    assert timedelta(hours=5.9) < house.world.clock.now() - begun < timedelta(hours=6.1)
    assert f'"message_id": "{bad}"' in house.world.log.getvalue()


def test_a_refusal_that_two_jobs_of_a_turn_meet_counts_once() -> None:
    house, _ = _house()
    (bad,) = house.receive("ana")
    house.account.unchangeable[bad] = REJECTED
    services = house.world.labeler_of(Process())
    label_mailbox(Turn(house.mailbox.id, "run"), services)
    assert house.account.calls.count("messages.modify") == 2, "the control: it is new, and of the Inbox"
    assert house.world.labelings.rows[house.mailbox.id].refused == {bad: REFUSAL}


def test_new_mail_that_gmail_refuses_to_change_leaves_the_queue() -> None:
    house = LabelHouse({"ana": OPEN})
    (bad,) = house.receive("ana")
    house.account.unchangeable[bad] = REJECTED
    house.tick()
    assert house.world.state(house.mailbox).unsorted == (bad,), "the control: at first it is tried again"
    house.tick()
    assert house.world.state(house.mailbox).unsorted == ()
    assert "message.set_aside" in house.world.log.getvalue()


@pytest.mark.parametrize("job", ["deal", "month"])
def test_changes_and_the_month_end_though_gmail_refuses_to_change_one_mail(job: str) -> None:
    house, (bad, *others) = _house()
    house.tick()
    house.account.unchangeable[bad] = REJECTED
    _ask_for(job, house)
    assert _ticks(house)
    assert all(house.category(message) == {"open_deals"} for message in others)


def test_a_gmail_that_changes_nothing_at_all_sets_nothing_aside() -> None:
    house, messages = _house()
    house.account.unchangeable |= dict.fromkeys(messages, DOWN)
    assert not _ticks(house)
    house.account.unchangeable.clear()
    assert _ticks(house, 1)
    assert all(house.category(message) == {"closing_this_month"} for message in messages)


OF_ALL = [
    GrantLost("gone"),
    ScopeMissing("The user did not allow what this needs."),
    Misconfigured("The project's daily Gmail quota is used up.", code="quota_exhausted"),
]


@pytest.mark.parametrize("what", ["broken", "unchangeable"])
@pytest.mark.parametrize("error", OF_ALL)
def test_what_is_wrong_with_the_mailbox_or_the_project_sets_no_message_aside(
    error: AppError, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (desk, find_mail):
        monkeypatch.setattr(module, "GIVEN_UP", 1)
    house, messages = _house()
    failing = getattr(house.account, what)
    failing |= dict.fromkeys(messages[1:], error)
    _ticks(house)
    assert "message.set_aside" not in house.world.log.getvalue()
    health = house.world.row(house.mailbox).health.code
    assert health == (error.code if error.code == "grant_lost" else "ok")

    failing.clear()
    if health == "grant_lost":
        house.world.connect("alice")
    assert _ticks(house, 2)
    assert all(house.category(message) == {"closing_this_month"} for message in messages)


def test_the_control_without_giving_up_a_refused_change_is_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (desk, find_mail):
        monkeypatch.setattr(module, "GIVEN_UP", 1_000)
    house, messages = _house()
    house.account.unchangeable[messages[1]] = REJECTED
    assert not _ticks(house)


def test_who_takes_back_a_change_that_gmail_refuses_is_told_each_time() -> None:
    house = LabelHouse({"ana": OPEN})
    (hers,) = house.receive("ana")
    house.tick()
    house.account.unchangeable[hers] = REJECTED
    services = house.world.labeler_of(Process())
    for _ in range(4):
        answer = undo_labels(UndoLabels(caller("alice"), hers, None, None), services)
        assert answer["skipped"] == [{"id": hers, "because": "try_again"}]
