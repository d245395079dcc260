"""The recount: the proof that every contact's mail has its notice, and what it does where one is missing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.notify.recount_notices import read_completeness, recount_notices, recount_own
from functions.notify.renew_watches import watched_mailboxes
from shared.domain.contact import Contact
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SLOTS
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


def test_each_day_other_mailboxes_come_first_so_that_a_run_which_is_cut_off_leaves_nobody_out(
    world: World,
) -> None:
    boxes = {world.connect(f"user{number}", mailmagnet=True).id for number in range(20)}
    firsts = set()
    for _ in range(SLOTS):
        order = [box.id for box in watched_mailboxes(world.notify)]
        assert set(order) == boxes
        firsts |= set(order[: len(order) // 2])
        world.clock.advance(days=1)
    assert firsts == boxes


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


def test_the_period_of_a_recount_is_a_day_at_least(world: World) -> None:
    world.connect(mailmagnet=True)
    world.clock.advance(days=9)
    recount_notices(world.notify)
    recount_notices(world.notify)
    kept = world.notices.recount(next(iter(world.mailboxes.rows)))
    assert kept is not None
    assert kept.end - kept.start >= timedelta(hours=24)
