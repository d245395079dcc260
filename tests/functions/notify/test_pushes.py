"""Pushes as Pub/Sub brings them: doubled, out of order, at once, cut off by a kill; and a CRM that does not answer."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from functions.notify.handle_push import GmailPush, handle_push, parse_gmail_push
from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.connect import CompleteConnection, complete_connection
from shared.domain.caller import Caller
from shared.domain.contact import Contact
from shared.domain.mailbox import Mailbox
from shared.domain.sync import LEASE, SyncState
from shared.errors import AppError, BadInput, Misconfigured, Postponed, Throttled, TryAgain, UpstreamDown
from shared.ports.gmail import History
from tests.fakes.crm import FakeCrm
from tests.fakes.process import Killed, Process
from tests.fakes.stores import FakeSyncs
from tests.fakes.world import World
from tests.functions.notify.visits import push, push_by, sweep


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return world.connect(mailmagnet=True)


def test_mail_of_a_contact_is_noticed(world: World, mailbox: Mailbox) -> None:
    message_id = world.account(mailbox).receive("Ana <ANA@client.example>")
    assert push(world, mailbox)
    (notice,) = world.notices.rows[mailbox.id].values()
    assert (notice.message_id, notice.sender) == (message_id, "ana@client.example")
    assert notice.received_at == world.clock.now()


@pytest.mark.parametrize(
    ("sender", "labels"),
    [
        ("stranger@nowhere.example", ("INBOX",)),
        ("ana@client.example", ("SENT",)),
        ("ana@client.example", ("DRAFT",)),
        ("ana@client.example", ("SPAM",)),
        ("ana@client.example", ("TRASH",)),
        ("ana@client.example, ben@client.example", ("INBOX",)),
        ("ana@client.example <x@evil.example>", ("INBOX",)),
    ],
)
def test_other_mail_is_not(world: World, mailbox: Mailbox, sender: str, labels: tuple[str, ...]) -> None:
    world.account(mailbox).receive(sender, labels)
    assert push(world, mailbox)
    assert world.noticed(mailbox) == set()


def test_mail_that_a_filter_archived_at_once_is_noticed_too(world: World, mailbox: Mailbox) -> None:
    message_id = world.account(mailbox).receive("ana@client.example", ("Label_own",))
    assert push(world, mailbox)
    assert world.noticed(mailbox) == {message_id}


def test_a_push_without_units_is_logged_and_left_to_the_next_tick(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = world.account(mailbox).receive()
    with monkeypatch.context() as patch:
        patch.setattr(world.account(mailbox), "history", _no_units)
        assert push(world, mailbox), "no redelivery brings units"
    lines = [json.loads(line) for line in world.log.getvalue().splitlines()]
    (line,) = (line for line in lines if line["message"] == "push.postponed")
    assert (line["mailbox"], line["code"]) == (mailbox.id, "quota_postponed")
    assert world.syncs.rows[mailbox.id].due
    sweep(world, mailbox)
    assert world.noticed(mailbox) == {message_id}


def _no_units(_cursor: int) -> History:
    raise Postponed("Gmail's quota is used up for now.", retry_after_s=1.0)


def test_a_doubled_push_makes_no_second_notice_and_no_call_to_gmail(world: World, mailbox: Mailbox) -> None:
    account = world.account(mailbox)
    account.receive()
    push(world, mailbox)
    kept, calls = dict(world.notices.rows[mailbox.id]), list(account.calls)
    assert push(world, mailbox)
    assert (world.notices.rows[mailbox.id], account.calls) == (kept, calls)


def test_pushes_of_what_one_reading_has_covered_cost_its_one_call(world: World, mailbox: Mailbox) -> None:
    account = world.account(mailbox)
    told = [account.history_id for _ in range(5) if account.receive()]
    for history_id in told:
        push(world, mailbox, history_id)
    assert account.calls.count("history.list") == 1


def test_the_limit_of_it_pushes_a_second_apart_each_with_new_mail_cost_a_call_each(
    world: World, mailbox: Mailbox
) -> None:
    account = world.account(mailbox)
    for _ in range(5):
        account.receive()
        push(world, mailbox)
        world.clock.advance(seconds=1)
    assert account.calls.count("history.list") == 5


def test_pushes_out_of_order_lose_and_double_nothing(world: World, mailbox: Mailbox) -> None:
    account = world.account(mailbox)
    history_ids, messages = [], []
    for _ in range(4):
        messages.append(account.receive())
        history_ids.append(account.history_id)
    cursors = []
    for at in (2, 0, 3, 1):
        assert push(world, mailbox, history_ids[at])
        cursors.append(world.state(mailbox).cursor)
    assert world.noticed(mailbox) == set(messages)
    assert cursors == sorted(cursors)


def test_a_push_is_a_hint_and_its_number_never_becomes_the_cursor(world: World, mailbox: Mailbox) -> None:
    newest = world.account(mailbox).history_id
    assert push(world, mailbox, newest + 10**9)
    assert world.state(mailbox).cursor == newest


def test_every_crm_user_of_an_account_gets_the_notice(world: World, mailbox: Mailbox) -> None:
    other = world.connect("bob", email=mailbox.email, mailmagnet=True)
    message_id = world.account(mailbox).receive()
    assert push(world, mailbox)
    assert world.noticed(mailbox) == world.noticed(other) == {message_id}


def test_an_account_that_nobody_connected_is_nothing_to_us(world: World) -> None:
    assert handle_push(GmailPush("nobody@own.example", 5), world.notify) == {"notices": 0}


@pytest.mark.parametrize("settings", [{}, {"mailmagnet": True, "paused": True}], ids=["off", "paused"])
def test_a_mailbox_without_mailmagnet_or_paused_is_passed_over(
    world: World, settings: dict[str, Any]
) -> None:
    mailbox = world.connect(**settings)
    world.account(mailbox).receive()
    assert push(world, mailbox)
    assert world.noticed(mailbox) == set()


def test_a_lost_grant_is_noted_once_and_gmail_is_left_alone(world: World, mailbox: Mailbox) -> None:
    world.account(mailbox).receive()
    world.google.end_consent(mailbox.email)
    world.clock.advance(hours=1)
    assert push(world, mailbox)
    since = world.row(mailbox).health.since
    assert (world.row(mailbox).status, since) == ("needs_reconnect", world.clock.now())
    opened = world.opener.opened
    world.clock.advance(hours=1)
    assert push(world, mailbox, 2**63)
    assert (world.opener.opened, world.row(mailbox).health.since) == (opened, since)


def test_while_the_crm_is_down_the_cursor_stays_and_nothing_is_lost(world: World, mailbox: Mailbox) -> None:
    message_id = world.account(mailbox).receive()
    before = world.state(mailbox).cursor
    world.crm.down = UpstreamDown("The CRM did not answer.")
    for _ in range(3):
        with pytest.raises(UpstreamDown):
            push(world, mailbox)
    assert (world.state(mailbox).cursor, world.noticed(mailbox)) == (before, set())
    world.crm.down = None
    assert push(world, mailbox)
    assert world.noticed(mailbox) == {message_id}


@dataclass
class _OneCrmDown:
    """The CRMs of two organisations: one fails, the other has the contacts."""

    crm: FakeCrm
    fault: AppError

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]:
        if org == "acme":
            raise self.fault
        return self.crm.lookup(self.crm.org, addresses)


def _push_to_two_organisations(world: World, fault: AppError) -> tuple[Mailbox, str]:
    """One account, whose first mailbox is of the organisation whose CRM fails; answers the other one, and the mail."""
    first = world.connect(mailmagnet=True)
    bob = Caller("other", "bob", frozenset())
    ticket = world.authorize(bob, first.email)
    complete_connection(CompleteConnection(bob, ticket), world.oauth)
    second = change_settings(ChangeSettings(bob, SettingsChange(mailmagnet=True)), world.oauth)
    assert [row.org for row in world.mailboxes.by_email(first.email)] == ["acme", "other"]
    newest = GmailPush(first.email, world.account(first).history_id + 1)
    message_id = world.account(first).receive()
    services = replace(world.notify, connector=_OneCrmDown(world.crm, fault))  # type: ignore[arg-type]
    with pytest.raises(type(fault)):
        handle_push(newest, services)
    assert world.noticed(first) == set()
    return second, message_id


FAULTS = (UpstreamDown("No answer."), Throttled("Wait."), Misconfigured("Closed."))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_crm_that_is_down_keeps_no_other_organisation_from_the_mail_of_the_same_account(
    world: World, fault: AppError
) -> None:
    second, message_id = _push_to_two_organisations(world, fault)
    assert world.noticed(second) == {message_id}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_the_control_where_the_first_failure_ends_a_push_the_other_organisation_gets_nothing(
    world: World, fault: AppError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.notify.handle_push.AppError", TryAgain)
    second, _ = _push_to_two_organisations(world, fault)
    assert world.noticed(second) == set()


def test_the_control_a_crm_that_wrongly_says_nobody_lets_the_cursor_pass(
    world: World, mailbox: Mailbox
) -> None:
    world.account(mailbox).receive()
    before = world.state(mailbox).cursor
    world.crm.contacts = {}
    assert push(world, mailbox)
    assert world.state(mailbox).cursor > before


def test_a_push_killed_at_any_step_is_made_good_by_its_redelivery() -> None:
    steps = Process()
    _killed_push(World(), steps)
    print(len(steps.steps), "steps:", steps.steps)
    for at in range(len(steps.steps)):
        world = World()
        mailbox, message_id = _killed_push(world, Process(kill_at=at))
        # Pub/Sub delivers again; while the dead worker's lease lasts, in vain.
        deliveries = 0
        while not push(world, mailbox):
            world.clock.advance(seconds=10)
            deliveries += 1
            assert deliveries * 10 <= LEASE.total_seconds(), steps.steps[at]
        assert world.noticed(mailbox) == {message_id}, steps.steps[at]
        assert world.state(mailbox).unsorted == (message_id,), steps.steps[at]
        assert world.state(mailbox).cursor == world.account(mailbox).history_id, steps.steps[at]


def _killed_push(world: World, process: Process) -> tuple[Mailbox, str]:
    mailbox = world.connect(mailmagnet=True, labels=True)
    message_id = world.account(mailbox).receive()
    with suppress(Killed):
        push_by(world, mailbox, process)
    return mailbox, message_id


@dataclass
class _Interrupted:
    """A CRM during whose lookup something else happens, once."""

    world: World
    meanwhile: Callable[[], object] | None

    def lookup(self, org: str, addresses: object) -> object:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self.world.crm.lookup(org, addresses)  # type: ignore[arg-type]


def _two_at_once(world: World, mailbox: Mailbox) -> list[bool]:
    """Whether a second push is acknowledged while the first is at work, and the first itself."""
    acknowledged: list[bool] = []
    during = _Interrupted(world, lambda: acknowledged.append(push(world, mailbox)))
    services = replace(world.notify, connector=during)  # type: ignore[arg-type]
    handle_push(GmailPush(mailbox.email, world.account(mailbox).history_id), services)
    return [*acknowledged, True]


def test_of_a_push_and_its_double_one_waits(world: World, mailbox: Mailbox) -> None:
    message_id = world.account(mailbox).receive()
    calls = world.account(mailbox).calls
    assert _two_at_once(world, mailbox) == [False, True]
    assert calls.count("history.list") == 1
    assert world.noticed(mailbox) == {message_id}


class _Careless(FakeSyncs):
    """A store without preconditions, whose leases nobody sees."""

    def get(self, mailbox: str) -> SyncState | None:
        found = super().get(mailbox)
        return replace(found, lease_until=None) if found else None

    def save(self, state: SyncState) -> SyncState:
        return super().save(replace(state, version=self.rows[state.mailbox].version))


def test_the_control_without_lease_and_precondition_both_work_at_once() -> None:
    world = World(syncs=_Careless())
    mailbox = world.connect(mailmagnet=True)
    world.account(mailbox).receive()
    assert _two_at_once(world, mailbox) == [True, True]
    assert world.account(mailbox).calls.count("history.list") == 2


def test_a_lease_that_ran_out_under_a_slow_worker_leaves_it_nothing_to_save(
    world: World, mailbox: Mailbox
) -> None:
    world.account(mailbox).receive()

    def another_takes_over() -> None:
        world.clock.advance(seconds=LEASE.total_seconds())
        sweep(world, mailbox)
        world.account(mailbox).receive()
        sweep(world, mailbox)

    services = replace(world.notify, connector=_Interrupted(world, another_takes_over))  # type: ignore[arg-type]
    newest = world.account(mailbox).history_id
    with pytest.raises(TryAgain, match="Somebody else is at work"):
        handle_push(GmailPush(mailbox.email, newest), services)
    assert world.state(mailbox).cursor == world.account(mailbox).history_id > newest
    assert len(world.noticed(mailbox)) == 2


def test_nothing_of_a_mail_but_its_id_is_logged(world: World, mailbox: Mailbox) -> None:
    world.account(mailbox).receive("Canary <ana@client.example>")
    push(world, mailbox)
    for word in ("Canary", "ana@client", "Hello"):
        assert word not in world.log.getvalue()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"null",
        b'{"emailAddress": "alice@own.example"}',
        b'{"emailAddress": "alice@own.example", "historyId": "x"}',
        b'{"emailAddress": "alice@own.example", "historyId": -1}',
        b'{"emailAddress": "alice@own.example", "historyId": Infinity}',
        b'{"emailAddress": "not an address", "historyId": 1}',
        b'{"emailAddress": {"a": 1}, "historyId": 1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_notice_of_gmails_is_refused(payload: bytes) -> None:
    with pytest.raises(BadInput):
        parse_gmail_push(payload)


@pytest.mark.parametrize("number", ["9007199254740993", 9007199254740993])
def test_a_history_id_is_an_integer_however_it_is_written(number: object) -> None:
    written = f'"{number}"' if isinstance(number, str) else str(number)
    payload = f'{{"emailAddress": "Alice@Own.example", "historyId": {written}}}'.encode()
    assert parse_gmail_push(payload) == GmailPush("alice@own.example", 9_007_199_254_740_993)
