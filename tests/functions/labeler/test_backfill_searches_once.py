"""The Inbox is searched once and not in every turn that goes on with it: what is left is remembered by its ids."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import pytest

from functions.labeler import backfill_inbox, inbox_search
from shared.domain import sender_search
from shared.domain.labeling_row import LabelingRow
from shared.domain.quota import USER_BURST, rested_after
from shared.domain.sync import TICK
from tests.fakes.labeling_stores import FakeLabelings
from tests.fakes.process import Process
from tests.functions.labeler.house import OPEN, WON, LabelHouse


def _turns_until_sorted(house: LabelHouse, checks: int) -> list[int]:
    """Searches in each run, of at most two turns, until all is sorted."""
    few = replace(house.world.labeler_of(Process()), checks_a_turn=checks)
    searches = []
    for _ in range(20):
        called = len(house.account.calls)
        house.tick(few)
        searches.append(house.account.calls[called:].count("messages.list"))
        if not house.world.labelings.rows[house.mailbox.id].backfill:
            return searches
    raise AssertionError(searches)


def _house(mails: int) -> tuple[LabelHouse, list[str]]:
    house = LabelHouse({"ana": OPEN})
    with house.off():
        messages = [house.account.receive("ana@client.example") for _ in range(mails)]
    return house, messages


def test_turns_that_go_on_search_nothing() -> None:
    house, messages = _house(12)
    assert _turns_until_sorted(house, checks=2) == [1, 0, 0]
    assert all(house.category(message) == {"open_deals"} for message in messages)
    row = house.world.labelings.rows[house.mailbox.id]
    assert (row.backfill_left, row.backfill_more, row.backfill_before) == ((), False, "")
    labeling = house.world.row(house.mailbox).labeling
    assert (labeling.done, labeling.total, labeling.state) == (12, 12, "idle")


def test_more_than_is_remembered_is_searched_for_when_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_inbox, "REMEMBERED", 4)
    monkeypatch.setattr(backfill_inbox, "FEW", 1)
    house, messages = _house(12)
    # 2 and 2 + 2 of 4 remembered, then the search for the rest: 2, and 4 remembered.
    assert sum(_turns_until_sorted(house, checks=2)) == 2
    assert all(house.category(message) == {"open_deals"} for message in messages)
    labeling = house.world.row(house.mailbox).labeling
    assert (labeling.done, labeling.total, labeling.state) == (12, 12, "idle")


@pytest.mark.parametrize(("most", "searches"), [(2, 1), (3, 3)], ids=["too many", "the control"])
def test_for_more_contacts_than_a_turn_can_search_for_the_inbox_is_listed_once(
    most: int, searches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_search, "ADDRESSES_PER_QUERY", 1)
    monkeypatch.setattr(inbox_search, "MOST_SEARCHES", most)
    house = LabelHouse({"ana": OPEN, "ben": WON, "cem": ()})
    with house.off():
        names = ["ana", "stranger", "ben", "cem"] * 3
        messages = [house.account.receive(f"{name}@client.example") for name in names]

    assert sum(_turns_until_sorted(house, checks=2)) == searches

    earned: dict[str, set[str]] = {"ana": {"open_deals"}, "ben": {"customers"}}
    for name, message in zip(names, messages, strict=True):
        assert house.category(message) == earned.get(name, set())
        assert house.in_inbox(message) is (name not in earned)


def test_what_is_remembered_is_forgotten_when_labels_go_on_anew() -> None:
    house, messages = _house(12)
    few = replace(house.world.labeler_of(Process()), checks_a_turn=2)
    house.tick(few)
    assert house.world.labelings.rows[house.mailbox.id].backfill_left, "the control: something is left"

    house.world.change("alice", labels=False)
    late = house.account.receive("ana@client.example")
    house.world.change("alice", labels=True)
    house.tick()

    assert all(house.category(message) == {"open_deals"} for message in [*messages, late])


@dataclass
class RestartedLabelings(FakeLabelings):
    """Its user turns labels off and on just before a turn's own write called `before`."""

    before: str = ""
    restart: Callable[[], None] = lambda: None

    def save(self, row: LabelingRow) -> LabelingRow:
        self._restart("save")
        return super().save(row)

    def add_contacts(self, row: LabelingRow, keys: Collection[str]) -> object:
        self._restart("add_contacts")
        return super().add_contacts(row, keys)

    def _restart(self, name: str) -> None:
        if name == self.before:
            self.before = ""
            self.restart()


@pytest.mark.parametrize("before", ["save", "add_contacts"])
def test_labels_that_go_off_and_on_during_a_turn_lose_no_mail(before: str) -> None:
    house, messages = _house(12)

    def restart() -> None:
        house.world.change("alice", labels=False)
        house.world.change("alice", labels=True)

    house.world.opener.metered = True
    rested_at = rested_after(None, USER_BURST, house.world.clock.now() + TICK)
    house.world.syncs.rows[house.mailbox.id] = replace(house.world.state(house.mailbox), rested_at=rested_at)
    house.tick()
    house.world.opener.metered = False
    row = house.world.labelings.rows[house.mailbox.id]
    assert (row.backfill_before, len(row.backfill_left)) == ("", 12), "put off when all was searched for"

    kept = house.world.labelings
    rows = RestartedLabelings(kept.rows, kept._next_version, before=before, restart=restart)
    house.world.labelings = rows
    few = replace(house.world.labeler_of(Process()), checks_a_turn=2)
    for _ in range(8):
        house.tick(few)
    assert rows.before == "", "the control: it was turned off and on"
    assert all(house.category(message) == {"open_deals"} for message in messages)
    assert not rows.rows[house.mailbox.id].backfill


def test_a_new_backfill_does_not_count_what_an_earlier_one_had_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backfill_inbox, "REMEMBERED", 4)
    house, messages = _house(12)
    house.tick()
    assert house.world.row(house.mailbox).labeling.total == 12
    house.account.modify(messages[:6], add=["INBOX"], remove=[house.label("open_deals")])
    house.world.change("alice", labels=False)
    house.world.change("alice", labels=True)
    house.tick(replace(house.world.labeler_of(Process()), checks_a_turn=1))
    labeling = house.world.row(house.mailbox).labeling
    assert (labeling.total, labeling.state) == (6, "backfill")


def test_mail_that_its_user_has_archived_meanwhile_is_left_alone() -> None:
    house, messages = _house(12)
    few = replace(house.world.labeler_of(Process()), checks_a_turn=2)
    house.tick(few)
    house.account.modify([messages[0]], remove=["INBOX"])
    house.tick()

    assert house.category(messages[0]) == set()
    assert all(house.category(message) == {"open_deals"} for message in messages[1:])
