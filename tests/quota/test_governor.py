"""The governor of one process: what it costs, who comes first, what it does while Firestore does not answer."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime

import pytest

from shared.adapters import quota_governor
from shared.adapters.quota_governor import Governor, Meter
from shared.deadline import deadline
from shared.domain import quota
from shared.domain.quota import (
    ENDING_UNITS,
    KEPT,
    LEAST_PER_MINUTE,
    PROJECT_PER_MINUTE,
    USER_PER_MINUTE,
    Urgency,
    affordable,
    rested_after,
)
from shared.errors import Postponed, UpstreamDown
from shared.ports.quota import Shard
from tests.fakes.quota import FakeQuotaShards, FakeTime

RESERVE = 0.25
PAGE_OF_THREADS = 1_000
"""Units of a batch of 25 threads, the dearest request."""


class Room:
    """Some instances over the same shards."""

    def __init__(
        self, instances: int, per_minute: int = PROJECT_PER_MINUTE, reserve: float = RESERVE
    ) -> None:
        self.time = FakeTime()
        self.shards = FakeQuotaShards(self.time)
        self.instances = [
            Governor(
                self.shards,
                per_minute,
                reserve,
                seconds=self.time,
                wait=self.time.wait,
                dice=random.Random(number),  # noqa: S311 - no secret
            )
            for number in range(instances)
        ]

    def meter(self, number: int, urgency: Urgency, org: str = "acme") -> Meter:
        return Meter(self.instances[number], org, urgency, None)


def test_a_call_a_second_costs_one_read_ever_and_one_write_in_ten_seconds() -> None:
    room = Room(1)
    for _ in range(60):
        room.meter(0, "interactive").spend(20)
        room.time.wait(1.0)
    assert (room.shards.reads, room.shards.writes) == (1, 6)


def test_a_busy_process_takes_slices_that_last_for_ten_seconds() -> None:
    room = Room(1)
    for _ in range(1200):
        room.meter(0, "background").spend(25)
        room.time.wait(0.1)
    # 30,000 units in two minutes; the first seconds learn how much is needed.
    assert room.shards.writes <= 18


@pytest.mark.parametrize("urgency", KEPT)
def test_the_smallest_project_serves_a_page_of_25_threads(urgency: Urgency) -> None:
    meter = Room(1, LEAST_PER_MINUTE).meter(0, urgency)
    meter.spend(5)
    meter.spend(PAGE_OF_THREADS)


def test_the_control_one_users_units_never_serve_it() -> None:
    room = Room(1, USER_PER_MINUTE)
    for _ in range(3):
        room.time.wait(600)
        with pytest.raises(Postponed):
            room.meter(0, "interactive").spend(PAGE_OF_THREADS)


def test_a_process_that_asks_gmail_nothing_costs_nothing() -> None:
    room = Room(3)
    room.time.wait(3_600)
    assert (room.shards.reads, room.shards.writes) == (0, 0)


def _everybody_asks_for_twice_as_much(room: Room, seconds: int) -> int:
    """60 instances ask in each tenth of a second; nobody waits. Units that they got."""
    spent = 0
    for _ in range(seconds * 10):
        room.time.wait(0.1)
        for number in range(len(room.instances)):
            meter = room.meter(number, "background", f"org{number % 7}")
            try:
                with deadline(0.0):
                    meter.spend(50)
            except Postponed:
                continue
            spent += 50
    return spent


def test_at_full_load_no_document_is_hot_and_nearly_all_units_are_used() -> None:
    room = Room(60)
    spent = _everybody_asks_for_twice_as_much(room, seconds=60)
    a_second = Counter(number for number, _ in room.shards.written.elements())
    assert len(a_second) == 16
    busiest = max(a_second.values()) / 60
    print(
        f"writes: {room.shards.writes / 60:.1f} a second, busiest shard {busiest:.2f}, reads {room.shards.reads}"
    )
    assert busiest < 1.5
    assert 0.6 * PROJECT_PER_MINUTE < spent <= 0.9 * PROJECT_PER_MINUTE


def _take_all(meter: Meter) -> None:
    with deadline(0.0):
        while meter.afford(100):
            meter.spend(100)


def _pages_while_backfills_take_all(reserve: float) -> tuple[int, float]:
    """(Pages that got no units, seconds that the others waited) while seven instances take all that there is."""
    room = Room(8, per_minute=75_000, reserve=reserve)
    refused, waited = 0, 0.0
    for _ in range(600):
        room.time.wait(0.1)
        for number in range(1, 8):
            _take_all(room.meter(number, "background", f"org{number}"))
        if int(room.time.now * 10) % 30 == 0:
            before, page = room.time.now, room.meter(0, "interactive")
            try:
                for units in (5, 500, 500):
                    page.spend(units)
            except Postponed:
                refused += 1
            waited += room.time.now - before
    return refused, waited


def test_a_person_never_waits_behind_backfills() -> None:
    assert _pages_while_backfills_take_all(RESERVE) == (0, 0.0)


def test_the_control_without_a_reserve_people_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "FAIR", 0.0)
    refused, waited = _pages_while_backfills_take_all(0.0)
    assert refused + waited > 5


class Down(FakeQuotaShards):
    """Firestore does not answer."""

    def read(self, number: int) -> Shard:
        raise UpstreamDown("The store did not answer.", code="store_down")


def test_while_firestore_is_down_people_go_on_and_background_work_does_not() -> None:
    time = FakeTime()
    governor = Governor(Down(), PROJECT_PER_MINUTE, RESERVE, seconds=time, wait=time.wait)
    Meter(governor, "acme", "interactive", None).spend(20)
    with pytest.raises(UpstreamDown):
        Meter(governor, "acme", "background", None).spend(20)


class Hanging(FakeQuotaShards):
    """Firestore does not even fail, until `ends` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.ends = threading.Event(), threading.Event()

    def read(self, number: int) -> Shard:
        self.asked.set()
        assert self.ends.wait(30)
        return super().read(number)


@pytest.mark.parametrize(("patience_s", "served"), [(0.01, True), (30.0, False)], ids=["bounded", "control"])
def test_a_person_does_not_wait_for_anothers_hanging_call(
    monkeypatch: pytest.MonkeyPatch, patience_s: float, served: bool
) -> None:
    monkeypatch.setattr(quota_governor, "STORE_S", patience_s)
    store, went_out = Hanging(), threading.Event()
    governor = Governor(store, PROJECT_PER_MINUTE, RESERVE)

    def person() -> None:
        Meter(governor, "acme", "interactive", None).spend(20)
        went_out.set()

    first = threading.Thread(target=Meter(governor, "other", "background", None).spend, args=(20,))
    second = threading.Thread(target=person)
    first.start()
    assert store.asked.wait(30)
    second.start()
    assert went_out.wait(10 if served else 0.2) == served
    store.ends.set()
    first.join()
    second.join()
    assert went_out.is_set()


def test_what_a_user_may_still_spend_limits_what_a_turn_affords() -> None:
    governor = Room(1).instances[0]
    meter = Meter(governor, "acme", "background", 200 + ENDING_UNITS)
    meter.spend(100)
    assert meter.afford(1_000) == 100
    assert Meter(governor, "acme", "interactive", 300).afford(1_000) == 1_000


@pytest.mark.parametrize("urgency", ["prompt", "background"])
def test_a_turn_stops_where_its_users_units_end(urgency: Urgency) -> None:
    meter = Meter(Room(1).instances[0], "acme", urgency, 100 + ENDING_UNITS)
    looks = meter.afford(1_000)
    for units in (looks, ENDING_UNITS):
        meter.spend(units)
    with pytest.raises(Postponed) as raised:
        meter.spend(15)
    assert (raised.value.code, raised.value.retry_after_s) == ("user_quota_postponed", 2.0)


def test_a_person_is_not_stopped_by_it() -> None:
    person = Meter(Room(1).instances[0], "acme", "interactive", 0)
    person.spend(PAGE_OF_THREADS)


def _searches_of_a_user(minutes: int, *, limited: bool) -> list[tuple[float, int]]:
    """When turns that only search, which `afford` knows nothing of, have spent how much: one after the other."""
    room, rested_at = Room(1), None
    spent: list[tuple[float, int]] = []
    ends_at = room.time.now + 60 * minutes
    while room.time.now < ends_at:
        now = datetime.fromtimestamp(room.time.now, UTC)
        meter = Meter(
            room.instances[0], "acme", "background", affordable(rested_at, now) if limited else None
        )
        units = 0
        for _ in range(400):
            try:
                meter.spend(15)
            except Postponed:
                break
            units += 15
        rested_at = rested_after(rested_at, units, now)
        spent.append((room.time.now, units))
        room.time.wait(1.0)
    return spent


def _worst_minute(spent: list[tuple[float, int]]) -> int:
    return max(sum(units for at, units in spent if start <= at < start + 60.0) for start, _ in spent)


def test_searches_too_leave_a_page_to_the_user_in_every_minute() -> None:
    assert 4_500 < _worst_minute(_searches_of_a_user(3, limited=True)) <= USER_PER_MINUTE - 1_005


def test_the_control_without_an_end_searches_take_it() -> None:
    assert _worst_minute(_searches_of_a_user(1, limited=False)) > USER_PER_MINUTE


def test_units_that_are_held_expire_and_are_not_spent_later() -> None:
    room = Room(1)
    meter = room.meter(0, "background")
    assert meter.afford(500) == 500
    room.time.wait(11.0)
    before = room.shards.writes
    meter.spend(500)
    assert room.shards.writes == before + 1
