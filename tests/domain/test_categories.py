"""Which category a mail earns: a table of deals, laws over random deals, and every month's turn in every time zone."""

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.categories import CATEGORIES, categorize
from shared.domain.contact import Contact, Deal

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THIS_MONTH, PAST, LATER = date(2026, 11, 30), date(2026, 10, 31), date(2026, 12, 1)
SAME_MONTH_OTHER_YEAR = date(2025, 11, 30)


def _contact(*deals: tuple[str, date | None], name: str = "c") -> Contact:
    made = [Deal(f"{name}{at}", "D", state, closing) for at, (state, closing) in enumerate(deals)]  # type: ignore[arg-type]
    return Contact(name, "C", "contact", (f"{name}@client.example",), tuple(made))


def _category(*contacts: Contact, now: datetime = NOW, zone: ZoneInfo = UTC_ZONE) -> str | None:
    return categorize(contacts, zone, now).category


@pytest.mark.parametrize(
    ("deals", "category"),
    [
        ([], None),
        ([("lost", PAST)], None),
        ([("lost", THIS_MONTH)], None),
        ([("open", THIS_MONTH)], "closing_this_month"),
        ([("open", date(2026, 11, 1))], "closing_this_month"),
        ([("open", PAST)], "open_deals"),
        ([("open", LATER)], "open_deals"),
        ([("open", None)], "open_deals"),
        ([("open", SAME_MONTH_OTHER_YEAR)], "open_deals"),
        ([("won", PAST)], "customers"),
        ([("won", None)], "customers"),
        ([("won", THIS_MONTH)], "customers"),
        ([("won", PAST), ("lost", THIS_MONTH)], "customers"),
        ([("won", PAST), ("open", LATER)], "open_deals"),
        ([("won", PAST), ("open", None)], "open_deals"),
        ([("won", PAST), ("open", THIS_MONTH)], "closing_this_month"),
        ([("open", LATER), ("open", THIS_MONTH)], "closing_this_month"),
        ([("open", PAST), ("lost", THIS_MONTH)], "open_deals"),
    ],
)
def test_one_contacts_deals_decide(deals: list[tuple[str, date | None]], category: str | None) -> None:
    assert _category(_contact(*deals)) == category


def test_mail_of_nobody_earns_nothing() -> None:
    assert _category() is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_of_several_contacts_the_highest_decides_in_any_order(order: Sequence[int]) -> None:
    contacts = [
        _contact(("lost", PAST), name="none"),
        _contact(("won", PAST), name="customer"),
        _contact(("open", LATER), name="open"),
        _contact(("open", THIS_MONTH), name="closing"),
    ]
    assert _category(*(contacts[at] for at in order)) == "closing_this_month"
    assert _category(*(contacts[at] for at in order if at < 3)) == "open_deals"
    assert _category(*(contacts[at] for at in order if at < 2)) == "customers"
    assert _category(*(contacts[at] for at in order if at < 1)) is None


def test_one_contacts_open_deal_does_not_take_away_that_another_is_a_customer() -> None:
    # Nothing open is said of each contact by itself; precedence then decides between the two.
    open_one, customer = _contact(("open", None), name="a"), _contact(("won", None), name="b")
    verdict = categorize([open_one, customer], UTC_ZONE, NOW)
    assert verdict.category == "open_deals"
    assert {row.contact_id: row.counts_as for row in verdict.deals} == {"a": "open_deals", "b": "customers"}


def test_every_deal_is_weighed_once() -> None:
    contacts = [_contact(("open", LATER), ("won", PAST), name="a"), _contact(("lost", PAST), name="b")]
    verdict = categorize(contacts, UTC_ZONE, NOW)
    assert [(row.contact_id, row.deal.id) for row in verdict.deals] == [("a", "a0"), ("a", "a1"), ("b", "b0")]


_DEALS = st.lists(
    st.tuples(
        st.sampled_from(["open", "won", "lost"]),
        st.none() | st.dates(date(2026, 9, 1), date(2027, 1, 31)),
    ),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_DEALS, max_size=4))
def test_the_category_is_what_the_product_says(drawn: list[list[tuple[str, date | None]]]) -> None:
    """The rules once more, in other words."""
    contacts = [_contact(*deals, name=f"c{at}") for at, deals in enumerate(drawn)]
    every = [deal for deals in drawn for deal in deals]
    is_open = [closing for state, closing in every if state == "open"]
    if any(closing and closing.strftime("%Y-%m") == "2026-11" for closing in is_open):
        expected = "closing_this_month"
    elif is_open:
        expected = "open_deals"
    elif any(state == "won" for state, _ in every):
        expected = "customers"
    else:
        expected = None
    assert _category(*contacts) == expected


def test_categories_stand_in_order_of_precedence() -> None:
    assert CATEGORIES == ("closing_this_month", "open_deals", "customers")


def test_the_month_turns_at_midnight_of_the_organisation_in_every_zone() -> None:
    """All IANA zones, all months of two years: one second before, at and after local midnight of the first."""
    zones = sorted(available_timezones())
    assert len(zones) > 400
    for name in zones:
        zone = ZoneInfo(name)
        for year, month in ((year, month) for year in (2026, 2027) for month in range(1, 13)):
            _check_turn(name, zone, year, month)


def _check_turn(name: str, zone: ZoneInfo, year: int, month: int) -> None:
    turn = _first_moment(zone, date(year, month, 1))
    ends_before = date(year, month, 1) - timedelta(days=1)
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    closing_before, closing_now = (
        _contact(("open", ends_before)),
        (_contact(("open", d)) for d in (first, last)),
    )
    for seconds, expected in ((-1, "closing_this_month"), (0, "open_deals"), (1, "open_deals")):
        moment = turn + timedelta(seconds=seconds)
        assert _category(closing_before, now=moment, zone=zone) == expected, (name, first, seconds)
    for contact in closing_now:
        before = _category(contact, now=turn - timedelta(seconds=1), zone=zone)
        after = _category(contact, now=turn, zone=zone)
        assert (before, after) == ("open_deals", "closing_this_month"), (name, first)


def _first_moment(zone: ZoneInfo, day: date) -> datetime:
    """The first second of a local day: the boundary between the seconds that are before it and those that are not."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    before, reached = 0, 30 * 3600
    while reached - before > 1:
        middle = (before + reached) // 2
        if (start + timedelta(seconds=middle)).astimezone(zone).date() < day:
            before = middle
        else:
            reached = middle
    return start + timedelta(seconds=reached)


def test_at_one_moment_zones_are_in_two_months() -> None:
    moment = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    november = _contact(("open", date(2026, 11, 30)))
    assert _category(november, now=moment, zone=ZoneInfo("Pacific/Pago_Pago")) == "closing_this_month"
    assert _category(november, now=moment, zone=ZoneInfo("Pacific/Kiritimati")) == "open_deals"


def test_the_same_moment_in_another_zones_words_is_the_same() -> None:
    contact = _contact(("open", THIS_MONTH))
    for name in ("Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu"):
        assert _category(contact, now=NOW.astimezone(ZoneInfo(name))) == "closing_this_month"
