"""An organisation whose last mailbox with labels is gone costs no turn, and no question to its CRM, any more."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from functions.labeler.start_run import start_run
from functions.oauth.disconnect import Disconnect, disconnect
from shared.errors import Misconfigured
from shared.ports.labeling import CrmCursor
from tests.fakes.labeling_stores import FakeCrmCursors
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.functions.labeler.house import OPEN, WON, LabelHouse

DAY = 144
"""Ticks."""


def _leave(house: LabelHouse) -> None:
    disconnect(Disconnect(caller("alice"), "keep"), house.world.oauth)


def _org_turns(house: LabelHouse) -> int:
    """How many turns of organisations a tick publishes now."""
    published = house.world.publisher.published
    before = len(published)
    start_run(house.world.labeler)
    return sum("org" in json.loads(payload) for _, payload in published[before:])


@pytest.mark.parametrize("how", ["disconnected", "mailmagnet off"])
def test_the_cursor_ends_within_a_day_after_the_last_mailbox(how: str) -> None:
    house = LabelHouse({"ana": OPEN})
    for _ in range(DAY):
        house.tick()
    assert _org_turns(house) == 1, "the control: while a mailbox has labels it stays"

    _leave(house) if how == "disconnected" else house.world.change("alice", mailmagnet=False)
    for _ in range(DAY):
        house.tick()

    assert house.world.crm_cursors.rows == {}
    assert _org_turns(house) == 0


def test_the_cursor_ends_also_where_the_crm_does_not_know_the_organisation_any_more() -> None:
    house = LabelHouse({"ana": OPEN})
    _leave(house)
    house.world.crm.down = Misconfigured("The CRM knows no such organisation or route.", code="crm_not_found")

    raised = [house.tick() for _ in range(2 * DAY)]

    assert any(raised), "the control: the CRM was asked, and failed"
    assert raised[DAY:] == [[]] * DAY


def test_who_turns_labels_on_after_the_end_begins_anew_and_mail_follows_its_deals() -> None:
    house = LabelHouse({"ana": OPEN})
    _leave(house)
    for _ in range(DAY):
        house.tick()
    house.world.clock.advance(days=30)
    house.world.connect("alice", mailmagnet=True, labels=True)
    house.tick()
    (message,) = house.receive("ana")
    house.tick()

    house.put("ana", WON)
    house.tick()

    assert house.category(message) == {"customers"}


@dataclass
class EndedLate(FakeCrmCursors):
    """Somebody turns labels on, and the first turn begins, just before the cursor ends."""

    word: Callable[[], object] = lambda: None
    spoken: list[bool] = field(default_factory=list)

    def end(self, cursor: CrmCursor) -> bool:
        if not self.spoken:
            self.spoken.append(True)
            self.word()
        return super().end(cursor)


@dataclass
class Careless(EndedLate):
    """The same without the condition: the control."""

    def end(self, cursor: CrmCursor) -> bool:
        super().end(cursor)
        return self.rows.popitem() is not None if self.rows else False


@pytest.mark.parametrize(("store", "follows"), [(EndedLate, True), (Careless, False)])
def test_labels_that_go_on_while_the_cursor_ends_still_follow_the_crm(
    store: type[EndedLate], follows: bool
) -> None:
    house = LabelHouse({"ana": OPEN})
    _leave(house)
    cursors = store(house.world.crm_cursors.rows, house.world.crm_cursors._next_version)

    def turn_on() -> None:
        house.world.clock.advance(seconds=1)
        house.world.connect("alice", mailmagnet=True, labels=True)
        house.tick(house.world.labeler_of(Process()))

    cursors.word = turn_on
    house.world.crm_cursors = cursors
    for _ in range(DAY):
        house.tick()
    assert cursors.spoken, "the control: the cursor was about to end"

    (message,) = house.receive("ana")
    house.tick()
    house.put("ana", WON)
    house.tick()

    assert house.category(message) == ({"customers"} if follows else {"open_deals"})
