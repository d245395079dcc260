"""A deal turns with the month in its organisation's zone: every zone, 84 month starts, to the second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from shared.domain.categories import Because, CountsAs, calendar_of, categorize
from shared.domain.contact import Contact, Deal, DealState

ZONES = sorted(available_timezones())
MONTHS = [(2022 + n // 12, n % 12 + 1) for n in range(84)]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _contact(*deals: tuple[DealState, date | None]) -> Contact:
    made = tuple(Deal(str(n), "D", state, closing) for n, (state, closing) in enumerate(deals))
    return Contact("c", "C", "contact", ("c@client.example",), made)


def _first_instant(zone: ZoneInfo, year: int, month: int) -> datetime:
    """The first whole UTC second at which clocks in `zone` show this month, found without the code under test."""
    low = datetime(year, month, 1, tzinfo=UTC) - timedelta(hours=30)
    high = low + timedelta(hours=60)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        local = middle.astimezone(zone)
        low, high = (low, middle) if (local.year, local.month) >= (year, month) else (middle, high)
    return high


@pytest.mark.parametrize("part", range(8))
def test_a_deal_turns_with_the_first_second_of_the_month_in_every_zone(part: int) -> None:
    checked = 0
    for name in ZONES[part::8]:
        zone = ZoneInfo(name)
        for year, month in MONTHS:
            contact = _contact(("open", date(year, month, 9)))
            start = _first_instant(zone, year, month)
            found = [categorize([contact], zone, start + timedelta(seconds=s)).category for s in (-1, 0, 1)]
            assert found == ["open_deals", "closing_this_month", "closing_this_month"], (name, year, month)
            checked += 3
    assert checked > 84 * 3 * 50


def test_the_same_instant_lies_in_two_months() -> None:
    instant = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    contact = _contact(("open", date(2026, 11, 30)))
    found = {
        zone: categorize([contact], ZoneInfo(zone), instant).category
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12")
    }
    assert found == {"Pacific/Kiritimati": "open_deals", "Etc/GMT+12": "closing_this_month"}
    assert calendar_of(ZoneInfo("Etc/GMT+12"), instant) == "2026-11"
    assert calendar_of(ZoneInfo("UTC"), instant, count_won_this_month=True) == "2026-12+won"


TABLE: list[tuple[tuple[DealState, date | None], bool, CountsAs, Because]] = [
    (("open", date(2026, 11, 1)), False, "closing_this_month", "open_closes_this_month"),
    (("open", date(2026, 11, 30)), False, "closing_this_month", "open_closes_this_month"),
    (("open", date(2026, 10, 31)), False, "open_deals", "open_closing_date_past"),
    (("open", date(2025, 11, 24)), False, "open_deals", "open_closing_date_past"),
    (("open", date(2026, 12, 1)), False, "open_deals", "open_closes_later"),
    (("open", date(2027, 11, 24)), False, "open_deals", "open_closes_later"),
    (("open", None), False, "open_deals", "open_without_date"),
    (("won", date(2026, 11, 24)), False, "customers", "won_nothing_open"),
    (("won", date(2026, 11, 24)), True, "closing_this_month", "won_this_month"),
    (("won", date(2026, 10, 31)), True, "customers", "won_nothing_open"),
    (("won", None), True, "customers", "won_nothing_open"),
    (("lost", date(2026, 11, 24)), False, "nothing", "lost"),
    (("lost", date(2026, 11, 24)), True, "nothing", "lost"),
]


@pytest.mark.parametrize(("deal", "count_won", "counts_as", "because"), TABLE)
def test_each_deal_counts_for_a_reason(
    deal: tuple[DealState, date | None], count_won: bool, counts_as: CountsAs, because: Because
) -> None:
    (row,) = categorize([_contact(deal)], ZoneInfo("UTC"), NOON, count_won_this_month=count_won).deals
    assert (row.counts_as, row.because) == (counts_as, because)


def test_a_won_deal_beside_an_open_one_adds_nothing_and_a_reopened_one_is_open() -> None:
    verdict = categorize([_contact(("won", None), ("open", None))], ZoneInfo("UTC"), NOON)
    assert verdict.category == "open_deals"
    assert [row.because for row in verdict.deals] == ["won_beside_open", "open_without_date"]


def test_of_two_contacts_that_disagree_the_higher_category_wins() -> None:
    won, closing = _contact(("won", None)), _contact(("open", date(2026, 11, 30)))
    assert categorize([won, closing], ZoneInfo("UTC"), NOON).category == "closing_this_month"
    assert categorize([closing, won], ZoneInfo("UTC"), NOON).category == "closing_this_month"
    assert categorize([], ZoneInfo("UTC"), NOON).category is None
