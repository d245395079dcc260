"""The operators of Gmail's search language that compare: dates, ages and sizes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.local.gmail.searched_mail import NOW, a_mail, finds

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("q", "arrived", "expected"),
    [
        ("after:2026/11/10", datetime(2026, 11, 10, 0, 0, 0, tzinfo=PACIFIC), True),
        ("after:2026/11/10", datetime(2026, 11, 9, 23, 59, 59, tzinfo=PACIFIC), False),
        ("newer:2026-11-10", datetime(2026, 11, 10, 8, 0, 0, tzinfo=UTC), True),
        ("newer:2026-11-10", datetime(2026, 11, 10, 7, 59, 59, tzinfo=UTC), False),
        ("after:11/10/2026", datetime(2026, 11, 10, 8, 0, 0, tzinfo=UTC), True),
        ("after:2026/7/4", datetime(2026, 7, 4, 7, 0, 0, tzinfo=UTC), True),
        ("after:2026/7/4", datetime(2026, 7, 4, 6, 59, 59, tzinfo=UTC), False),
        ("before:2026/11/10", datetime(2026, 11, 9, 23, 59, 59, tzinfo=PACIFIC), True),
        ("before:2026/11/10", datetime(2026, 11, 10, 0, 0, 0, tzinfo=PACIFIC), False),
        ("older:2026/11/10", datetime(2026, 11, 1, tzinfo=UTC), True),
        ("after:1794335400", datetime(2026, 11, 10, 18, 30, 0, tzinfo=UTC), True),
        ("after:1794335401", datetime(2026, 11, 10, 18, 30, 0, tzinfo=UTC), False),
        ("before:1794335401", datetime(2026, 11, 10, 18, 30, 0, tzinfo=UTC), True),
        ("before:1794335400", datetime(2026, 11, 10, 18, 30, 0, tzinfo=UTC), False),
        ("after:1794335400 before:1794335401", datetime(2026, 11, 10, 18, 30, 0, 999000, tzinfo=UTC), True),
        ("newer_than:2d", NOW - timedelta(days=2), True),
        ("newer_than:2d", NOW - timedelta(days=2, seconds=1), False),
        ("older_than:2d", NOW - timedelta(days=2), False),
        ("older_than:2d", NOW - timedelta(days=2, seconds=1), True),
        ("newer_than:1m", datetime(2026, 10, 24, 12, 0, tzinfo=UTC), True),
        ("newer_than:1m", datetime(2026, 10, 24, 11, 59, tzinfo=UTC), False),
        ("newer_than:12M", datetime(2025, 11, 24, 12, 0, tzinfo=UTC), True),
        ("newer_than:1y", datetime(2025, 11, 24, 12, 0, tzinfo=UTC), True),
        ("older_than:1y", datetime(2025, 11, 24, 11, 59, tzinfo=UTC), True),
        ("newer_than:99999y", datetime(1970, 1, 1, tzinfo=UTC), True),
        ("newer_than:999999d", datetime(1970, 1, 1, tzinfo=UTC), True),
        ("older_than:9999m", datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
def test_dates_are_midnight_pacific_or_epoch_seconds_and_ages_count_from_now(
    q: str, arrived: datetime, expected: bool
) -> None:
    assert finds(q, a_mail(arrived=arrived)) is expected


def test_a_month_before_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    now = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
    assert finds("newer_than:1m", a_mail(arrived=datetime(2026, 2, 28, 12, 0, tzinfo=UTC)), now)
    assert not finds("newer_than:1m", a_mail(arrived=datetime(2026, 2, 28, 11, 59, tzinfo=UTC)), now)


@pytest.mark.parametrize(
    ("q", "size", "expected"),
    [
        ("larger:1000", 1001, True),
        ("larger:1000", 1000, False),
        ("size:1000", 1001, True),
        ("smaller:1000", 999, True),
        ("smaller:1000", 1000, False),
        ("larger:1k", 1025, True),
        ("larger:1K", 1024, False),
        ("smaller:1M", 1024 * 1024 - 1, True),
        ("smaller:1MB", 1024 * 1024, False),
        ("larger:1g", 1025, False),
        ("smaller:0", 0, False),
    ],
)
def test_sizes_are_those_of_the_raw_mail(q: str, size: int, expected: bool) -> None:
    assert finds(q, a_mail("x" * size)) is expected
