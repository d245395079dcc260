"""What a user does to our labels and to labelled mail stays done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from functions.labeler import undo_labels as undo_labels_module
from functions.labeler.undo_labels import UndoLabels, undo_labels
from shared.domain.categories import Category
from shared.domain.mailbox import GmailLabel, Mailbox
from tests.fakes.proxy_fakes import caller
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse


def _undo(house: LabelHouse, **chosen: object) -> dict[str, object]:
    values = {"message": None, "run": None, "since": None} | chosen
    # Nobody undoes in the moment of the run: what came first is told by the time.
    house.world.clock.advance(seconds=1)
    return undo_labels(UndoLabels(caller("alice"), **values), house.world.labeler)  # type: ignore[arg-type]


def test_a_label_taken_off_stays_off_when_the_deal_changes() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()
    assert house.category(message) == {"open_deals"}, "the control: it was labelled"

    house.account.modify([message], remove=[house.label("open_deals")])
    house.put("ana", WON)
    house.tick()

    assert house.category(message) == set()


def test_a_mail_moved_back_to_the_inbox_stays_there_when_the_deal_changes() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()

    house.account.modify([message], add=["INBOX"])
    house.put("ana", CLOSING)
    house.tick()

    assert house.in_inbox(message)
    assert house.category(message) == {"closing_this_month"}, "its label still follows the deal"


def test_a_mail_that_the_user_gave_another_of_our_labels_stays_under_it() -> None:
    house = LabelHouse({"ana": OPEN})
    (message,) = house.receive("ana")
    house.tick()

    house.account.modify([message], add=[house.label("customers")], remove=[house.label("open_deals")])
    house.put("ana", CLOSING)
    house.tick()

    assert house.category(message) == {"customers"}


@pytest.mark.parametrize("noticed", [True, False])
@pytest.mark.parametrize("added", ["customers", "open_deals"])
def test_a_mail_that_the_user_has_put_under_a_second_label_of_ours_stays_under_both(
    added: Category, noticed: bool
) -> None:
    first: Category = "open_deals" if added == "customers" else "customers"
    house = LabelHouse({"ana": OPEN if first == "open_deals" else WON}, old=["ana"])
    message, plain = (*house.receive("ana", "ana"),)
    if not noticed:
        message = house.old[0]
    house.tick()
    house.account.modify([message], add=[house.label(added)])

    house.put("ana", CLOSING)
    house.tick()
    assert house.category(message) == {first, added}
    assert house.category(plain) == {"closing_this_month"}, "the control: what the user left alone moves"

    # The turn of the month looks at all labelled mail.
    house.world.clock.advance(days=31)
    house.tick()
    assert house.category(message) == {first, added}
    assert house.category(plain) == {"open_deals"}


def test_the_turn_of_the_month_leaves_a_mail_under_the_second_label_that_its_user_gave_it() -> None:
    house = LabelHouse({"ana": (("open", date(2026, 12, 5)),)})
    message, plain = house.receive("ana", "ana")
    house.tick()
    house.account.modify([message], add=[house.label("closing_this_month")])

    house.world.clock.time = datetime(2026, 12, 1, 12, tzinfo=UTC)
    house.tick()

    assert house.category(message) == {"open_deals", "closing_this_month"}
    assert house.category(plain) == {"closing_this_month"}, "the control: what the user left alone moves"


def test_a_renamed_label_is_followed_and_shown_by_its_new_name() -> None:
    house = LabelHouse({"ana": OPEN})
    house.account.labels[house.label("open_deals")] = "My pipeline"
    (message,) = house.receive("ana")
    house.tick()
    house.put("ana", OPEN)
    house.tick()

    assert house.category(message) == {"open_deals"}
    assert house.world.row(house.mailbox).labels["open_deals"].name == "My pipeline"
    assert list(house.account.labels.values()).count("Open Deals") == 0


def test_a_deleted_label_is_made_again_once() -> None:
    house = LabelHouse({"ana": OPEN})
    house.account.delete_label(house.label("open_deals"))
    (message,) = house.receive("ana")
    house.tick()

    assert house.category(message) == {"open_deals"}
    assert house.account.labels[house.label("open_deals")] == "Open Deals"


@pytest.mark.parametrize(("days", "on"), [(6, False), (8, True)])
def test_a_second_deletion_within_a_week_turns_labels_off_and_says_so(days: int, on: bool) -> None:
    house = LabelHouse({"ana": OPEN})
    for wait in (0, days):
        house.world.clock.advance(days=wait)
        house.account.delete_label(house.label("open_deals"))
        (message,) = house.receive("ana")
        house.tick()

    row = house.world.row(house.mailbox)
    assert row.settings.labels is on
    assert row.health.code == ("ok" if on else "labels_deleted")
    assert house.in_inbox(message) is not on


def test_labels_that_went_off_come_back_when_the_user_turns_them_on() -> None:
    house = LabelHouse({"ana": OPEN})
    for _ in range(2):
        house.account.delete_label(house.label("open_deals"))
        (message,) = house.receive("ana")
        house.tick()
    assert not house.world.row(house.mailbox).settings.labels

    house.world.change("alice", labels=True)
    house.tick()

    assert house.category(message) == {"open_deals"}
    assert house.world.row(house.mailbox).health.code == "ok"


@pytest.mark.parametrize(("agreed", "name"), [(False, "Customers (CRM)"), (True, "customers")])
def test_a_label_of_the_users_is_adopted_only_where_the_user_agrees(agreed: bool, name: str) -> None:
    house = LabelHouse({"ana": WON})
    house.world.change("alice", labels=False)
    mailbox = house.world.row(house.mailbox)
    house.account.delete_label(mailbox.labels["customers"].id)
    house.account.labels["Label_users"] = "customers"
    labels: dict[Category, GmailLabel] = {c: v for c, v in mailbox.labels.items() if c != "customers"}
    house.world.mailboxes.rows[mailbox.id] = _with_labels(mailbox, labels)

    house.world.change("alice", labels=True, adopt_labels=agreed)

    label = house.world.row(house.mailbox).labels["customers"]
    assert house.account.labels[label.id] == name
    assert label.adopted is agreed


def test_an_undone_message_is_back_where_it_was_and_is_not_labelled_again() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"])
    (message,) = house.old
    assert house.category(message) == {"open_deals"}

    answer = _undo(house, message=message)
    house.put("ana", WON)
    house.tick()

    assert answer == {"reversed": 1, "skipped": [], "more": False}
    assert house.in_inbox(message)
    assert house.category(message) == set()


def test_undoing_leaves_a_mail_archived_that_a_filter_had_archived_before_us() -> None:
    house = LabelHouse({"ana": OPEN})
    filtered = house.account.receive("ana@client.example", ("UNREAD",))
    (plain,) = house.receive("ana")
    house.tick()
    assert house.category(filtered) == house.category(plain) == {"open_deals"}
    (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)

    assert _undo(house, run=run.id)["reversed"] == 2

    assert house.category(filtered) == house.category(plain) == set()
    assert (house.in_inbox(filtered), house.in_inbox(plain)) == (False, True)


def test_undoing_since_a_time_brings_back_a_mail_that_has_lost_our_label_meanwhile() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"])
    (message,) = house.old
    house.put("ana", (("lost", None),))
    house.tick()
    assert (house.category(message), house.in_inbox(message)) == (set(), False)

    assert _undo(house, since=house.mailbox.connected_at)["reversed"] == 1

    assert house.in_inbox(message)


def test_undoing_a_run_respects_what_the_user_did_since_and_names_it() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana", "ana", "ana"])
    first, second, third = house.old
    house.account.modify([second], remove=[house.label("open_deals")])
    house.account.modify([third], add=[house.label("customers")], remove=[house.label("open_deals")])
    (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)

    answer = _undo(house, run=run.id)

    assert answer["reversed"] == 1
    assert {row["id"]: row["because"] for row in answer["skipped"]} == {  # type: ignore[attr-defined]
        second: "label_taken_off",
        third: "moved_by_user",
    }
    assert house.in_inbox(first)
    assert not house.in_inbox(second)


@pytest.mark.parametrize("place", ["TRASH", "SPAM"])
@pytest.mark.parametrize("mails", [1, 25])
def test_undoing_leaves_a_mail_that_was_thrown_away_since_where_it_is(place: str, mails: int) -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"] * mails)
    first, others = house.old[0], house.old[1:]
    house.account.modify([first], add=[place])
    (run,) = house.world.label_runs.page(house.mailbox.id, None, 10)

    answer = _undo(house, run=run.id)

    assert answer == {"reversed": mails, "skipped": [], "more": False}
    assert house.account.labels_of(first) == {place, "UNREAD"}
    assert all(house.in_inbox(message) for message in others), "the control: what was not thrown away"


def test_undoing_a_move_goes_back_to_the_label_before_it() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"])
    (message,) = house.old
    house.put("ana", WON)
    house.tick()
    assert house.category(message) == {"customers"}

    _undo(house, message=message)

    assert house.category(message) == {"open_deals"}
    assert not house.in_inbox(message)


def test_undoing_since_a_time_goes_back_to_what_was_then() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"])
    (message,) = house.old
    house.put("ana", WON)
    house.tick()

    answer = _undo(house, since=house.mailbox.connected_at)

    assert answer["reversed"] == 1
    assert house.category(message) == set()
    assert house.in_inbox(message)


def test_undoing_since_a_time_reads_all_runs_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo_labels_module, "RUNS", 2)
    house = LabelHouse({"ana": OPEN})
    messages = []
    for _ in range(5):
        messages += house.receive("ana")
        house.tick()
    assert len(house.world.label_runs.page(house.mailbox.id, None, 10)) == 5, (
        "the control: more than two pages"
    )

    assert _undo(house, since=house.mailbox.connected_at) == {"reversed": 5, "skipped": [], "more": False}
    assert all(house.in_inbox(message) for message in messages)


@pytest.mark.parametrize("kept", [0, 3])
def test_undoing_more_than_one_call_may_goes_on_in_the_next(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_labels_module, "AT_ONCE", 3)
    house = LabelHouse({"ana": OPEN}, old=["ana"] * 7)
    # What its user has moved since stays, and holds up nothing.
    for message in house.old[:kept]:
        house.account.modify([message], remove=[house.label("open_deals")])
    answers: list[dict[str, object]] = []
    while not answers or answers[-1]["more"]:
        answers.append(_undo(house, since=house.mailbox.connected_at))
        assert len(answers) < 5, answers

    done = [3, 3, 1] if not kept else [3, 1]
    assert [answer["reversed"] for answer in answers] == done
    assert all(len(answer["skipped"]) == kept for answer in answers)  # type: ignore[arg-type]
    assert [house.in_inbox(message) for message in house.old] == [False] * kept + [True] * (7 - kept)
    assert _undo(house, since=house.mailbox.connected_at)["reversed"] == 0


def test_a_label_of_the_users_own_with_its_colour_is_never_named_in_a_change() -> None:
    house = LabelHouse({"ana": OPEN})
    house.account.labels["Label_mine"] = "Mine"
    message = house.account.receive("ana@client.example", ("INBOX", "Label_mine", "STARRED", "UNREAD"))
    house.tick()

    assert house.account.labels_of(message) == {
        "Label_mine",
        "STARRED",
        "UNREAD",
        house.label("open_deals"),
    }


def _with_labels(mailbox: Mailbox, labels: Mapping[Category, GmailLabel]) -> Mailbox:
    return replace(mailbox, labels=labels, version=mailbox.version)
