"""The recount: the proof that every contact's mail has its notice, and what it does where one is missing."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from functions.notify.recount_notices import read_completeness, recount_notices, recount_own
from functions.notify.renew_watches import watched_mailboxes
from shared.domain.contact import Contact
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SLOTS, place_of_day, slot_of
from shared.errors import BadInput, NotFound
from shared.usecases.lease import leased
from shared.usecases.recount_mailbox import recount_mailbox
from tests.fakes.proxy_fakes import caller
from tests.fakes.world import World
from tests.functions.notify.visits import push


@pytest.fixture
def world() -> World:
    return World()


def _proof(world: World) -> dict[str, Any]:
    return dict(read_completeness(caller(), world.notify))


def _lose(world: World, mailbox: Mailbox, message_id: str) -> None:
    """What no defence of ours lets happen: a notice that is not there, behind a cursor that has passed it."""
    push(world, mailbox)
    del world.notices.rows[mailbox.id][message_id]


def test_a_mailbox_without_gaps_is_proven_complete(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    for sender in ("ana@client.example", "ben@client.example", "stranger@nowhere.example"):
        world.account(mailbox).receive(sender)
    push(world, mailbox)
    world.clock.advance(minutes=1)

    recount_notices(world.notify)

    proof = _proof(world)
    numbers = {name: proof[name] for name in ("expected", "seen", "repaired", "missing", "state")}
    assert numbers == {"expected": 2, "seen": 2, "repaired": 0, "missing": [], "state": "done"}
    assert proof["from"] == "2026-11-24T12:00:00Z", "when MailMagnet went on"
    assert proof["to"] == "2026-11-24T12:01:00Z"


def test_a_gap_is_named_and_repaired(world: World) -> None:
    mailbox = world.connect(mailmagnet=True, labels=True)
    lost, kept = world.account(mailbox).receive(), world.account(mailbox).receive()
    _lose(world, mailbox, lost)
    assert world.noticed(mailbox) == {kept}, "the control: without a recount it stays lost"
    world.clock.advance(minutes=1)

    assert recount_notices(world.notify)["repaired"] == 1

    proof = _proof(world)
    assert (proof["expected"], proof["seen"], proof["repaired"]) == (2, 1, 1)
    assert proof["repaired_ids"] == [lost]
    assert world.noticed(mailbox) == {lost, kept}
    assert lost in world.state(mailbox).unsorted, "a repaired notice is labelled too"
    assert '"recount.repaired"' in world.log.getvalue()


def test_what_cannot_be_read_is_named_as_missing(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    poison = account.receive()
    account.broken[poison] = BadInput("Gmail did not accept the request.", code="gmail_rejected")
    for _ in range(3):
        push(world, mailbox)
    world.clock.advance(minutes=1)

    assert recount_notices(world.notify)["missing"] == 1

    proof = _proof(world)
    assert (proof["expected"], proof["seen"], proof["missing"]) == (1, 0, [poison])


def test_mail_of_somebody_who_became_a_contact_later_is_noticed_by_the_recount(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    message = world.account(mailbox).receive("new@client.example")
    push(world, mailbox)
    assert world.noticed(mailbox) == set()
    world.crm.contacts["c9"] = Contact("c9", "New", "lead", ("new@client.example",))

    recount_notices(world.notify)

    assert world.noticed(mailbox) == {message}


def test_mail_from_before_mailmagnet_went_on_earns_no_notice(world: World) -> None:
    mailbox = world.connect()
    world.account(mailbox).receive()
    world.clock.advance(hours=2)
    mailbox = world.connect(mailmagnet=True)

    recount_notices(world.notify)

    assert world.noticed(mailbox) == set()
    assert _proof(world)["expected"] == 0


def test_each_proof_begins_before_the_last_one_ended(world: World) -> None:
    world.connect(mailmagnet=True)
    world.clock.advance(days=3)
    recount_notices(world.notify)
    first = _proof(world)
    world.clock.advance(days=2)
    recount_notices(world.notify)
    second = _proof(world)
    assert second["from"] < first["to"] < second["to"]


def test_more_mail_than_a_visit_affords_is_counted_in_slices_of_an_exact_cost(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    contacts = set()
    for number in range(1000):
        world.clock.advance(seconds=20)
        message = account.receive("ana@client.example" if number % 50 == 0 else "s@nowhere.example")
        contacts |= {message} if number % 50 == 0 else set()
    # All of it is behind the cursor, and nothing was noticed.
    state = replace(world.state(mailbox), cursor=account.history_id, handled_at=world.clock.now())
    world.syncs.rows[mailbox.id] = state
    world.clock.advance(minutes=10)

    spent = [-account.units]
    assert recount_notices(world.notify)["unfinished"] == 1
    assert _proof(world)["state"] == "running"
    spent[0] += account.units
    while world.state(mailbox).recounting:
        assert world.syncs.with_work(10) == [mailbox.id], "the next tick goes on"
        before = account.units
        with leased(mailbox.id, world.syncs, world.clock) as held:
            recount_mailbox(mailbox, held, account, world.notify.collecting)
        spent.append(account.units - before)
        world.clock.advance(minutes=10)

    proof = _proof(world)
    # 20 units for each of 150 messages, 5 for each 500 that are left, and at the end 5 for each 500 of the period.
    assert spent == [3012, 3010, 3010, 3010, 3005, 3005, 2135]
    assert world.noticed(mailbox) == contacts
    assert (proof["expected"], proof["seen"], proof["repaired"]) == (20, 0, 20)
    assert set(proof["repaired_ids"]) == contacts


TENTH, DAYS = 20, 20
"""Mailboxes that a run counts before its time-out, of 200; twice the ten days that they would take in a row."""


def _counted_by_runs_cut_off(world: World) -> set[str]:
    """Whom daily runs have recounted of which each ends after a tenth of the mailboxes."""
    counted = set()
    for _ in range(DAYS):
        counted |= {box.id for box in islice(watched_mailboxes(world.notify), TENTH)}
        world.clock.advance(days=1)
    return counted


def test_runs_that_are_all_cut_off_after_a_tenth_leave_nobody_out_for_ever(world: World) -> None:
    boxes = {world.connect(f"user{number}", mailmagnet=True).id for number in range(10 * TENTH)}
    assert _counted_by_runs_cut_off(world) == boxes


def test_the_control_from_the_beginning_of_each_fifth_they_never_come_to_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = {world.connect(f"user{number}", mailmagnet=True).id for number in range(10 * TENTH)}
    monkeypatch.setattr(
        "functions.notify.renew_watches.place_of_day", lambda now: (now.toordinal() % SLOTS, "")
    )
    assert len(_counted_by_runs_cut_off(world)) <= SLOTS * TENTH < len(boxes)


def test_wherever_a_run_begins_it_comes_to_everybody_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.notify.renew_watches.PAGE", 3)
    boxes = sorted(world.connect(f"user{number}", mailmagnet=True).id for number in range(40))
    places = [(slot_of(box), box) for box in boxes]
    places += [place_of_day(world.clock.now() + timedelta(days=day)) for day in range(60)]
    for place in [*places, (0, "2" * 12), (SLOTS - 1, "z" * 12)]:
        monkeypatch.setattr("functions.notify.renew_watches.place_of_day", lambda _now, place=place: place)
        order = [box.id for box in watched_mailboxes(world.notify)]
        assert sorted(order) == boxes, place
        first = next((box for box in boxes if slot_of(box) == place[0] and box > place[1]), None)
        assert first in (None, order[0]), place


def test_one_mailbox_that_fails_does_not_stop_the_others(world: World) -> None:
    mailbox, other = world.connect(mailmagnet=True), world.connect("bob", mailmagnet=True)
    world.google.end_consent(mailbox.email)
    summary = recount_notices(world.notify)
    assert (summary["mailboxes"], summary["failed"]) == (1, 1)
    assert world.notices.recount(other.id) is not None


def test_the_owner_may_ask_for_a_recount_now(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    lost = world.account(mailbox).receive()
    _lose(world, mailbox, lost)

    proof = recount_own(caller(), world.notify)

    assert (proof["repaired"], world.noticed(mailbox)) == (1, {lost})


def test_before_the_first_recount_there_is_no_proof(world: World) -> None:
    world.connect(mailmagnet=True)
    with pytest.raises(NotFound) as caught:
        read_completeness(caller(), world.notify)
    assert caught.value.code == "not_recounted"


def test_nobody_sees_another_ones_proof(world: World) -> None:
    world.connect(mailmagnet=True)
    world.clock.advance(days=1)
    recount_notices(world.notify)
    with pytest.raises(NotFound):
        read_completeness(caller("bob"), world.notify)


def test_a_recount_costs_five_units_where_nothing_is_missing(world: World) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    for _ in range(10):
        account.receive()
    push(world, mailbox)
    world.clock.advance(hours=1)
    before = account.units

    recount_notices(world.notify)

    # history.list, and one page of ids before and after the repair.
    assert account.units - before == 2 + 5 + 5


def test_sent_mail_and_drafts_cost_a_recount_nothing_and_archived_mail_is_not_left_out_with_them(
    world: World,
) -> None:
    mailbox = world.connect(mailmagnet=True)
    account = world.account(mailbox)
    for labels in (("SENT",), ("SENT", "INBOX", "UNREAD"), ("DRAFT",)):
        account.receive(mailbox.email, labels, thread="t")
    push(world, mailbox)
    archived = account.receive(labels=("UNREAD",), thread="t")
    _lose(world, mailbox, archived)
    world.clock.advance(hours=1)
    before = account.units

    recount_notices(world.notify)

    assert account.units - before == 2 + 5 + 5 + 20, "the one header is that of the lost mail"
    assert world.noticed(mailbox) == {archived}


def test_the_period_of_a_recount_is_a_day_at_least(world: World) -> None:
    world.connect(mailmagnet=True)
    world.clock.advance(days=9)
    recount_notices(world.notify)
    recount_notices(world.notify)
    kept = world.notices.recount(next(iter(world.mailboxes.rows)))
    assert kept is not None
    assert kept.end - kept.start >= timedelta(hours=24)
