"""One mail that Gmail does not show holds up nothing for ever."""

from datetime import UTC, datetime

import pytest

from functions.labeler import desk, find_mail
from shared.errors import AppError, Throttled, UpstreamDown
from tests.functions.labeler.house import CLOSING, OPEN, WON, LabelHouse

GARBLED = UpstreamDown("Gmail's answer is not what it documents.", code="gmail_garbled")


def _house() -> tuple[LabelHouse, list[str]]:
    """Five mails of Ana's, which lie in the Inbox before labels go on."""
    house = LabelHouse({"ana": CLOSING})
    house.world.change("alice", labels=False, mailmagnet=False)
    messages = [house.account.receive("ana@client.example") for _ in range(5)]
    house.world.change("alice", mailmagnet=True)
    house.world.change("alice", labels=True)
    return house, messages


def _ticks(house: LabelHouse, most: int = 8) -> bool:
    """Whether nothing is left to be done after so many runs."""
    for _ in range(most):
        house.tick()
    row = house.world.labelings.rows[house.mailbox.id]
    return not row.work


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
    if job == "deal":
        house.put("ana", OPEN)
    else:
        house.world.clock.time = datetime(2026, 12, 1, 12, tzinfo=UTC)
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
        monkeypatch.setattr(module, "TRIES", 1_000)
    house, messages = _house()
    house.account.broken[messages[1]] = GARBLED
    assert not _ticks(house)
