"""The buckets of Gmail's quota, as properties: never more than a minute's limit, nothing for whoever asks for all."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import quota
from shared.domain.quota import (
    LATE_S,
    LEASE_S,
    PROJECT_PER_MINUTE,
    USER_PER_MINUTE,
    Bucket,
    affordable,
    kept_back,
    patience_s,
    rested_after,
    shard_bucket,
    shards_of,
    share_of,
)

NOW = 1_800_000_000.0
MOMENT = datetime.fromtimestamp(NOW, UTC)
LIMITS = st.integers(USER_PER_MINUTE, 5_000_000)
TAKES = st.lists(st.tuples(st.floats(0, 30), st.integers(1, 6_000), st.floats(0, 1)), max_size=120)


WARM_UP = 20


def _worst(spent: list[tuple[float, float]], window_s: float) -> float:
    """The most units in any window of so many seconds."""
    spent.sort()
    worst, first, total = 0.0, 0, 0.0
    for at, units in spent:
        total += units
        while spent[first][0] <= at - window_s:
            total -= spent[first][1]
            first += 1
        worst = max(worst, total)
    return worst


@given(limit=LIMITS, takes=TAKES)
def test_a_bucket_never_gives_more_than_its_capacity_and_what_came_since(
    limit: int, takes: list[tuple[float, int, float]]
) -> None:
    bucket, now, spent = shard_bucket(limit), NOW, []
    for gap_s, wanted, _ in takes:
        now += gap_s
        units = min(wanted, bucket.above(0.0, now))
        bucket = bucket.after(units, now)
        spent.append((now, units))
    for window_s in (1.0, 10.0, 60.0):
        assert _worst(list(spent), window_s) <= bucket.capacity + bucket.rate * window_s + 0.01


@given(limit=LIMITS, takes=TAKES)
def test_no_minute_at_gmail_has_more_than_the_projects_units_however_late_slices_are_spent(
    limit: int, takes: list[tuple[float, int, float]]
) -> None:
    bucket, now, spent = shard_bucket(limit), NOW, []
    for gap_s, wanted, late in takes:
        now += gap_s
        units = min(wanted, bucket.above(0.0, now))
        bucket = bucket.after(units, now)
        spent.append((now + late * (LEASE_S + LATE_S), units))
    assert _worst(spent, 60.0) * shards_of(limit) <= limit + 1


def test_the_whole_of_what_is_handed_out_is_seven_tenths_of_googles_limit() -> None:
    a_minute = 60 * shard_bucket(PROJECT_PER_MINUTE).rate * shards_of(PROJECT_PER_MINUTE)
    assert (shards_of(PROJECT_PER_MINUTE), round(a_minute / PROJECT_PER_MINUTE, 2)) == (16, 0.71)


@given(
    level=st.floats(-1_000, 5_000),
    units=st.integers(1, 5_000),
    kept=st.floats(0, 1),
)
def test_who_waits_as_long_as_he_is_told_finds_the_units(level: float, units: int, kept: float) -> None:
    bucket = Bucket(100.0, 5_000.0).after(5_000 - level, NOW)
    later = NOW + bucket.wait_s(units, kept, NOW)
    assert bucket.wait_s(units, kept, later + 0.001) == 0.0
    if bucket.wait_s(units, kept, NOW) > 0.001:
        assert bucket.wait_s(units, kept, later - 0.001) > 0.0


def test_a_clock_that_runs_behind_fills_no_bucket_twice() -> None:
    bucket = Bucket(10.0, 100.0).after(100, NOW)
    assert bucket.level(NOW - 5) < bucket.level(NOW) == 0.0
    assert bucket.after(10, NOW - 5).full_at > bucket.full_at


def _refused(modest: int, steps: int) -> int:
    """How often an organisation that asks for a little finds nothing beside one that takes all it gets."""
    bucket, now, refused = shard_bucket(75_000), NOW, 0
    asked: Counter[str] = Counter()

    def take(org: str, units: int) -> bool:
        nonlocal bucket
        asked[org] += units
        if bucket.wait_s(units, kept_back("background", share_of(org, asked), 0.25), now) > 0.0:
            return False
        bucket = bucket.after(units, now)
        return True

    for step in range(steps):
        now += 0.5
        while take("greedy", 500):
            pass
        found = take("modest", modest)
        # Until it has asked for something, nothing is left for it: then it waits for a second or two.
        refused += not found and step >= WARM_UP
    return refused


@given(modest=st.integers(1, 400))
def test_who_asks_for_less_than_what_comes_is_never_refused_beside_one_who_asks_for_all(modest: int) -> None:
    assert _refused(modest, 200) == 0


def test_the_control_with_fairness_off_the_modest_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "FAIR", 0.0)
    assert _refused(400, 200) > 50


def test_a_share_is_told_by_what_everybody_asked_for() -> None:
    assert share_of("acme", {"acme": 30_000.0, "other": 10_000.0}) == 0.75
    assert share_of("new", {"acme": 30_000.0}) == 0.0
    assert share_of("acme", {"acme": 30_000.0}) == 0.5
    assert share_of("acme", {"acme": 1_000.0, "other": 10.0}) == 0.1


def test_what_nobody_else_wants_an_organisation_may_wait_for() -> None:
    few, many = {"acme": 90_000.0, "other": 300.0}, {"acme": 90_000.0, "other": 10_000.0}
    assert share_of("acme", few) == 0.515
    assert share_of("acme", many) == 0.9
    waits = [round(patience_s("background", share_of("acme", asked)), 1) for asked in (few, many)]
    assert waits == [14.1, 2.0]


def test_people_come_before_notices_and_notices_before_what_nobody_waits_for() -> None:
    kept = [kept_back(urgency, 0.0, 0.25) for urgency in ("interactive", "prompt", "background")]
    assert kept == [0.0, 0.125, 0.25]


@given(spendings=st.lists(st.tuples(st.floats(0, 700), st.integers(0, 4_500)), max_size=50))
def test_background_work_of_a_user_leaves_a_page_of_mail_to_the_user_in_every_minute(
    spendings: list[tuple[float, int]],
) -> None:
    rested_at: datetime | None = None
    now, spent = MOMENT, []
    for gap_s, wanted in spendings:
        now += timedelta(seconds=gap_s)
        units = min(wanted, affordable(rested_at, now))
        rested_at = rested_after(rested_at, units, now)
        spent.append((now.timestamp(), float(units)))
    assert _worst(spent, 60.0) <= USER_PER_MINUTE - 1_005


def test_a_user_that_rested_for_a_tick_affords_a_full_turn() -> None:
    spent = rested_after(None, 4_500, MOMENT)
    assert affordable(spent, MOMENT) == 0
    assert affordable(spent, MOMENT + timedelta(minutes=10)) == 4_500
    assert rested_after(spent, 0, MOMENT) == spent


def test_a_clock_that_was_ahead_does_not_put_a_users_work_off_for_days() -> None:
    ahead = rested_after(None, 4_500, MOMENT + timedelta(days=3))
    assert affordable(ahead, MOMENT) == 4_500
    assert rested_after(ahead, 4_500, MOMENT) == MOMENT + timedelta(minutes=10)
