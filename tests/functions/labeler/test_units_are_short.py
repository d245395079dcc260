"""A mailbox whose user's units are not enough for all that is to be read: each turn does what it can pay for."""

from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.labeler import find_mail
from functions.labeler.confirm_changes import ConfirmChanges, confirm_changes
from functions.labeler.desk import Desk
from functions.labeler.services import CHECKS_A_TURN, checks_a_turn
from shared.domain.caller import Caller
from shared.domain.quota import USER_BURST, rested_after
from shared.errors import Misconfigured, NotFound, Postponed
from shared.usecases.lease import Held
from shared.usecases.look_at_mail import LOOK_UNITS
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

ADMIN = Caller("acme", "boss", frozenset({"mail_admin"}))
STRANGERS = ["stranger"] * 20
"""New mail of every turn: 400 units are spent on it before any label's turn comes."""


def _metered_house() -> tuple[LabelHouse, list[str]]:
    """200 mails of Ana's under a label, that no notice names, and a deal of hers that was won since."""
    house = LabelHouse({"ana": OPEN}, old=["ana"] * 200)
    assert all(house.category(message) == {"open_deals"} for message in house.old)
    house.world.opener.metered = True
    house.world.clock.advance(hours=1)
    house.put("ana", WON)
    return house, house.old


def _moved(house: LabelHouse, messages: list[str]) -> int:
    return sum(house.category(message) == {"customers"} for message in messages)


def _runs_with_400_units_spent_before(house: LabelHouse, messages: list[str]) -> list[int]:
    """How many mails have moved after each of four runs, of two turns each; the admin has said yes to all of it."""
    for _ in range(2):
        house.receive(*STRANGERS)
        house.tick()
    with suppress(NotFound):
        confirm_changes(ConfirmChanges(ADMIN, house.mailbox.id), house.world.labeler)
    moved = []
    for _ in range(4):
        house.receive(*STRANGERS)
        house.tick()
        moved.append(sum(house.category(message) == {"customers"} for message in messages))
    return moved


def test_more_headers_than_a_full_turn_can_pay_for_are_read_over_several() -> None:
    house, messages = _metered_house()
    moved = _runs_with_400_units_spent_before(house, messages)
    assert 0 < moved[0] < moved[-1] == 200
    assert house.world.labelings.rows[house.mailbox.id].changed_since is None


def test_the_control_who_reads_all_or_nothing_never_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    payable = find_mail._payable

    def all_or_nothing(count: int, desk: Desk) -> int:
        found = payable(count, desk)
        if found < count:
            raise Postponed("There are no units to read all headers.", retry_after_s=60.0)
        return found

    monkeypatch.setattr(find_mail, "_payable", all_or_nothing)
    house, messages = _metered_house()
    assert _runs_with_400_units_spent_before(house, messages) == [0, 0, 0, 0]


def test_kinds_of_changes_that_cannot_be_paid_now_are_made_in_a_later_turn() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON, "cem": CLOSING})
    messages = house.receive(*["ana", "ben", "cem"] * 11)
    house.world.opener.metered = True
    house.world.clock.advance(hours=1)
    # What is left of the user's units pays for one change of three (50 each), not for all.
    state = house.world.state(house.mailbox)
    now = house.world.clock.now() + timedelta(minutes=10)
    looks = 2 + 33 * 20
    rested = rested_after(None, USER_BURST - looks - 60, now)
    house.world.syncs.rows[house.mailbox.id] = replace(state, rested_at=rested)
    house.tick()
    first = [len(house.category(message)) for message in messages]
    house.tick()
    assert sum(first) == 11
    assert [house.category(message) for message in messages] == [
        {"open_deals"}, {"customers"}, {"closing_this_month"},
    ] * 11  # fmt: skip


@pytest.mark.parametrize(("setting", "stands"), [(0, False), (1, True), (200, True), (201, False)])
def test_a_turn_reads_no_more_headers_than_a_users_units_pay_for(setting: int, stands: bool) -> None:
    assert CHECKS_A_TURN * LOOK_UNITS + find_mail.WRITE_UNITS <= USER_BURST
    with nullcontext() if stands else pytest.raises(Misconfigured, match="from 1 to 200"):
        assert checks_a_turn(setting) == setting


def _leave_units(house: LabelHouse, units: int) -> None:
    """At the next tick, ten minutes from now, so many units of the user's are left."""
    house.world.opener.metered = True
    row = house.world.state(house.mailbox)
    rested = rested_after(None, USER_BURST - units, house.world.clock.now() + timedelta(minutes=10))
    house.world.syncs.rows[house.mailbox.id] = replace(row, rested_at=rested)


def _calls_of_a_tick(house: LabelHouse) -> list[str]:
    called = len(house.account.calls)
    house.tick()
    return house.account.calls[called:]


def test_a_search_of_the_inbox_is_not_made_again_where_there_were_no_units_for_its_headers() -> None:
    house = LabelHouse({"ana": OPEN})
    with house.off():
        messages = [house.account.receive("ana@client.example") for _ in range(12)]
    _leave_units(house, 100)
    assert _calls_of_a_tick(house).count("messages.list") == 1
    assert [house.category(message) for message in messages] == [set()] * 12, "the control: it was put off"

    assert "messages.list" not in _calls_of_a_tick(house)
    assert [house.category(message) for message in messages] == [{"open_deals"}] * 12


def _strangers_and_a_change(house: LabelHouse) -> list[str]:
    """Calls of the turn after one that read 20 mails of strangers and had no units for the change that came next."""
    house.world.clock.advance(hours=1)
    house.put("ana", WON)
    house.receive(*["stranger"] * 20)
    _leave_units(house, 2 + 20 * 20 + 20)
    house.tick()
    assert [house.category(message) for message in house.old] == [{"open_deals"}] * 3, (
        "the change was put off"
    )
    calls = _calls_of_a_tick(house)
    assert [house.category(message) for message in house.old] == [{"customers"}] * 3
    return calls


def test_what_was_collected_is_not_read_again_where_the_labels_were_put_off() -> None:
    house = LabelHouse({"ana": OPEN}, old=["ana"] * 3)
    calls = _strangers_and_a_change(house)
    assert calls.count("batch") == 1, "the three headers of the change"


def test_the_control_who_does_not_keep_the_way_reads_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Held, "settle_way", lambda _held: None)
    house = LabelHouse({"ana": OPEN}, old=["ana"] * 3)
    assert _strangers_and_a_change(house).count("batch") > 1


def test_a_run_that_was_put_off_says_so() -> None:
    house = LabelHouse({"ana": OPEN, "ben": WON}, old=["ana"] * 3)
    house.world.clock.advance(hours=1)
    house.put("ana", WON)
    (message,) = house.receive("ben")
    _leave_units(house, 100)
    house.tick()
    assert house.category(message) == {"customers"}
    newest = house.world.label_runs.page(house.mailbox.id, None, 10)[0]
    assert (newest.state, newest.certain[0].message_id) == ("postponed", message)
