"""The tick over thousands of mailboxes, in the embedded Firestore: what it reads, and what two at once do."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functions.labeler.start_run import PAGE, start_run
from functions.labeler.take_turn import take_turn
from shared.adapters.firestore.documents import Write
from shared.adapters.firestore.syncs import _fields
from shared.domain.mailbox import mailbox_id
from shared.domain.sync import SLOTS, SyncState, slot_at
from shared.errors import TryAgain
from tests.e2e.in_process import Cost, House, running_house
from tests.e2e.test_costs import CLOSING, CRM, OPEN, WON

NOON = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
HERE, ELSEWHERE = slot_at(NOON), (slot_at(NOON) + 1) % SLOTS
COMMIT = 400


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path, NOON) as house:
        yield house


def _fill(house: House, kind: str, count: int, slot: int, *unsorted: str) -> set[str]:
    """Sync rows without any more behind them: their mailboxes' ids."""
    names = [mailbox_id(kind, str(number)) for number in range(count)]
    row = SyncState("", "acme", 1, NOON - timedelta(minutes=5), slot, unsorted=unsorted)
    writes = [Write("create", f"syncs/{name}", _fields(replace(row, mailbox=name))) for name in names]
    for start in range(0, count, COMMIT):
        house.common.documents.commit(*writes[start : start + COMMIT])
    return set(names)


def test_a_tick_reads_the_rows_that_it_publishes_and_no_idle_one(house: House) -> None:
    def tick() -> Cost:
        return house.cost_of(lambda: start_run(house.labeler))

    empty = tick()
    _fill(house, "idle", 2 * PAGE, ELSEWHERE)
    assert tick() == empty
    at = len(house.publisher.published)
    visited = _fill(house, "busy", PAGE + 100, ELSEWHERE, "18c0ffee") | _fill(house, "asked", PAGE, HERE)
    # A query that finds nothing is a read too: it ends the pages of each, as it did while there were none.
    assert tick().since(empty) == Cost(reads=2 * PAGE + 100, published=2 * PAGE + 100)
    turns = [json.loads(message) for _, message in house.publisher.published[at:]]
    assert {turn["mailbox"] for turn in turns} == visited


def test_a_mailbox_with_work_in_its_slot_is_published_once(house: House) -> None:
    _fill(house, "both", 3, HERE, "18c0ffee")
    assert house.cost_of(lambda: start_run(house.labeler)).published == 3


def test_two_ticks_at_once_and_their_turns_at_once_change_each_mail_once(house: House) -> None:
    mailbox = house.connect("ana")
    house.change("ana", mailmagnet=True, labels=True)
    house.tick()
    house.deliver("ana", *[CLOSING, OPEN, WON] * 4)
    for push in house.servers.pushes:
        house.hand_on(push)
    published, at = house.publisher.published, len(house.publisher.published)

    def changed() -> int:
        methods = house.servers.emulator.quota.report()["users"]["ana@acme.example"]["methods"]
        return int(methods.get("messages.modify", {"calls": 0})["calls"])

    before = changed()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start_run, [house.labeler] * 2))
        turns = [message for _, message in published[at:] if mailbox.encode() in message]
        assert len(turns) == 2, "the control: each tick has published the mailbox"
        refused = [
            turn
            for turn, again in zip(turns, pool.map(lambda t: _again(house, t), turns), strict=True)
            if again
        ]
    for turn in refused:
        # Pub/Sub brings again what found the mailbox held.
        take_turn(turn, house.labeler)
    assert changed() - before == 12
    assert house.cost_of(lambda: take_turn(turns[0], house.labeler)).units <= 2, (
        "nothing is left but the sweep"
    )


def _again(house: House, turn: bytes) -> bool:
    try:
        take_turn(turn, house.labeler)
    except TryAgain:
        return True
    return False
