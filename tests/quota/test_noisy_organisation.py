"""One organisation with twenty times the load of each other: the others' runs lose no tick."""

from dataclasses import replace

import pytest

from shared.adapters import quota_governor
from shared.domain import quota
from shared.domain.quota import Urgency
from tests.quota.town import TICK_S, Town

OTHERS = [f"org{number}" for number in range(10)]
PER_MINUTE = 15_000
"""So little that a tick is hardly enough for all of them."""
MAILS = 20
TICKS = 2


def _town() -> Town:
    town = Town({"noisy": 100} | dict.fromkeys(OTHERS, 5), per_minute=PER_MINUTE, instances=2, threads=2)
    # No push has told of any mail: each turn of the first tick is a sweep.
    for row in list(town.world.syncs.rows.values()):
        town.world.syncs.save(replace(row, due=True))
    return town


def _lost(town: Town) -> list[tuple[int, str]]:
    """Each mailbox gets the same mail in each tick: (tick, organisation) of every other than the noisy one whose mail
    was not all sorted within the tick."""
    lost = []
    for tick in range(TICKS):
        new = {org: [(box, town.receive(box, MAILS)) for box in boxes] for org, boxes in town.of_org.items()}
        town.tick()
        for org in OTHERS:
            unsorted = sum(town.unlabelled(box, messages) for box, messages in new[org])
            if unsorted or town.ended[org] > TICK_S:
                lost.append((tick, org))
    return lost


def test_beside_twenty_times_its_load_no_organisation_loses_a_tick() -> None:
    town = _town()
    assert _lost(town) == []
    assert town.postponed("noisy") > 20, "the control: there were not units enough for all"
    assert town.most_in_a_minute() <= PER_MINUTE


def test_what_was_put_off_is_done_when_the_noise_is_over() -> None:
    town = _town()
    _lost(town)
    left: list[int] = []
    while not left or left[-1]:
        town.tick()
        left.append(sum("INBOX" in m.metadata.label_ids for box in town.accounts.values() for m in box.mails))
        assert len(left) <= 8, left


def test_the_control_without_fairness_others_lose_a_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_patient_with_all(urgency: Urgency, _share: float) -> float:
        return quota.PATIENCE_S[urgency]

    monkeypatch.setattr(quota, "FAIR", 0.0)
    monkeypatch.setattr(quota_governor, "patience_s", as_patient_with_all)
    assert len(_lost(_town())) >= 5
