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
