"""Ids, status, slots and the words for health."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.health import describe
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox, Settings, mailbox_id
from shared.domain.sync import SLOTS, TICK, SyncState, slot_at, slot_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MAILBOX = Mailbox("m1", "acme", "alice", "Alice", "alice@own.example", "1066", NOON)
STATE = SyncState("m1", "acme", 100, NOON, slot=0)


def test_an_id_is_the_same_for_the_same_user_and_fit_for_paths() -> None:
    assert mailbox_id("acme", "alice") == mailbox_id("acme", "alice")
    assert len(mailbox_id("acme", "alice")) == 26
    assert mailbox_id("a/b", "ä" * 500).isalnum()


@settings(deadline=None)
@given(
    st.tuples(st.text(max_size=8), st.text(max_size=8)), st.tuples(st.text(max_size=8), st.text(max_size=8))
)
def test_two_users_never_share_an_id(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (mailbox_id(*one) == mailbox_id(*other)) is (one == other)


@pytest.mark.parametrize(
    "pair", [("a", "bc"), ("ab", "c"), ("1:a", "b"), ("", "abc"), ("a:b", "c"), ("a", "b:c")]
)
def test_the_border_between_organisation_and_user_is_part_of_the_id(pair: tuple[str, str]) -> None:
    others = {("a", "bc"), ("ab", "c"), ("1:a", "b"), ("", "abc"), ("a:b", "c"), ("a", "b:c")} - {pair}
    assert mailbox_id(*pair) not in {mailbox_id(*other) for other in others}


@pytest.mark.parametrize(
    ("code", "paused", "status"),
    [
        ("ok", False, "connected"),
        ("ok", True, "paused"),
        ("watch_lapsed", False, "connected"),
        ("grant_lost", False, "needs_reconnect"),
        ("grant_lost", True, "needs_reconnect"),
        ("scope_missing", False, "needs_reconnect"),
        ("token_unreadable", False, "needs_reconnect"),
    ],
)
def test_the_status_is_one_word(code: str, paused: bool, status: str) -> None:
    mailbox = replace(MAILBOX, health=Health(code, NOON), settings=Settings(paused=paused))
    assert mailbox.status == status
    assert mailbox.works is (status == "connected")


@pytest.mark.parametrize("code", sorted(NEEDS_RECONNECT))
def test_what_only_a_reconnect_mends_is_the_users_to_mend(code: str) -> None:
    act, sentence = describe(code)
    assert act == "user"
    assert "onnect" in sentence


def test_all_is_well_asks_for_nobody() -> None:
    assert describe("ok")[0] is None


def test_a_health_without_a_name_is_the_operators() -> None:
    assert describe("something_new")[0] == "operator"


def test_every_slot_has_its_turn_within_an_hour_and_no_tick_is_for_two() -> None:
    hour = timedelta(hours=1)
    for start in (NOON, datetime(2027, 3, 28, 0, 59, tzinfo=UTC)):
        ticks = [slot_at(start + at * TICK) for at in range(hour // TICK)]
        assert set(ticks) == set(range(SLOTS))
    assert all(slot_at(NOON) == slot_at(NOON + timedelta(seconds=s)) for s in range(600))


def test_mailboxes_are_spread_evenly_over_slots() -> None:
    counts = Counter(slot_of(mailbox_id("acme", f"user-{number}")) for number in range(6_000))
    assert set(counts) == set(range(SLOTS))
    assert max(counts.values()) < 1.15 * min(counts.values())


@pytest.mark.parametrize(
    ("changes", "work"),
    [({}, False), ({"unsorted": ("a",)}, True), ({"unseen": {"a": NOON}}, True)],
)
def test_work_is_what_waits(changes: dict[str, object], work: bool) -> None:
    assert replace(STATE, **changes).has_work is work  # type: ignore[arg-type]


def test_a_lease_ends_at_its_very_moment() -> None:
    held = replace(STATE, lease_until=NOON)
    assert [held.leased(NOON + timedelta(seconds=s)) for s in (-1, 0, 1)] == [True, False, False]
    assert not STATE.leased(NOON)
