"""What the labeler's larger jobs cost in Gmail units, CRM calls and documents, as the table of docs/quota.md says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urllib3

from functions.labeler.explain_message import ExplainMessage, explain_message
from functions.labeler.list_runs import ListRuns, list_runs
from functions.labeler.preview_labels import preview_labels
from functions.labeler.undo_labels import UndoLabels, undo_labels
from local.crm import connector
from local.crm.models import Seed
from local.crm.records import ChangedContact
from shared.domain.caller import Caller
from tests.e2e.in_process import Cost, House, running_house

PAGE = Path(__file__).parents[2] / "docs" / "quota.md"
NOON = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
ANA = Caller("acme", "ana", frozenset({"mail_integration"}))
CLOSING, OPEN, WON = "closing@client.example", "open@client.example", "won@client.example"


def _contact(name: str, state: str, closing: str | None) -> dict[str, object]:
    deal = {"id": f"{name}-deal", "name": name, "state": state, "closing_date": closing}
    return {"id": name, "name": name, "addresses": [f"{name}@client.example"], "deals": [deal]}


CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": "ana", "name": "Ana", "email": "ana@acme.example", "permissions": ["mail_integration"]},
        ],
        "contacts": [
            _contact("closing", "open", "2026-11-30"),
            _contact("open", "open", None),
            _contact("won", "won", None),
        ],
    }
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path, NOON) as house:
        yield house


@pytest.fixture
def waiting(request: pytest.FixtureRequest, house: House) -> str:
    """Ana's mailbox, whose Inbox the next tick sorts for the first time; it holds as many mails as `request` says."""
    mailbox = house.connect("ana")
    house.deliver("ana", *[CLOSING, OPEN, WON] * (getattr(request, "param", 30) // 3))
    house.change("ana", mailmagnet=True)
    house.change("ana", labels=True)
    return mailbox


@pytest.fixture
def sorted_inbox(house: House, waiting: str) -> str:
    """The same after its first run and one that found nothing; 30 mails under three labels."""
    house.tick()
    house.tick()
    return waiting


def _row(what: str) -> list[int]:
    """The row of the page's table of labels."""
    table = PAGE.read_text(encoding="utf-8").partition("## What labels cost")[2]
    found = re.search(rf"^\| {re.escape(what)} \|([^\n]*)\|[^|\n]*\|$", table, re.MULTILINE)
    assert found is not None, f"docs/quota.md has no row {what!r}"
    return [int(cell.replace(",", "")) for cell in found[1].split("|")]


def _as_row(cost: Cost) -> list[int]:
    return [cost.units, cost.requests, cost.crm_calls, cost.reads, cost.writes]


def _change_deal(house: House, name: str, state: str) -> None:
    body = {"name": name, "state": state, "closing_date": None}
    address = f"{house.servers.crm}/contacts/{name}/deals/{name}-deal"
    answer = urllib3.request("PUT", address, json=body)
    assert answer.status == 200, answer.data
    # The CRM's time moves too: what has changed is later than what was asked before.
    house.servers.clock.advance(1)


@pytest.mark.parametrize("waiting", [198], indirect=True)
def test_sorting_an_inbox_costs_the_headers_and_166_units_at_most(house: House, waiting: str) -> None:
    cost = house.cost_of(house.tick)
    assert _as_row(cost) == _row("sorting an Inbox of 198 mails in three categories for the first time")
    headers = 198 * 20
    sweep = 2
    assert cost.units - headers - sweep <= 166


def test_a_turn_that_goes_on_with_sorting_an_inbox_searches_nothing(house: House, waiting: str) -> None:
    house.labeler = replace(house.labeler, checks_a_turn=12)
    house.tick()
    cost = house.cost_of(house.tick)
    assert _as_row(cost) == _row("a further turn that sorts twelve mails of the Inbox")


@pytest.fixture
def talks(house: House) -> None:
    """Ana's mailbox, whose Inbox the next tick sorts for the first time: 12 conversations of 4 mails."""
    house.connect("ana")
    for number, sender in enumerate([CLOSING, OPEN, WON] * 4):
        for at in range(4):
            link = "In-Reply-To" if at else "Message-ID"
            raw = f"From: {sender}\nTo: ana@acme.example\nSubject: Talk {number}\n{link}: <{number}@x>\n\nHello.\n"
            house.servers.emulator.boxes.sending.deliver("ana@acme.example", raw.encode())
    house.change("ana", mailmagnet=True)
    house.change("ana", labels=True)


def test_conversations_are_sorted_and_follow_their_deal_for_forty_units_each(
    house: House, talks: None
) -> None:
    first = house.cost_of(house.tick)
    house.tick()
    _change_deal(house, "open", "won")
    moved = house.cost_of(house.tick)
    assert _as_row(first) == _row("sorting an Inbox of 12 conversations of four mails for the first time")
    assert _as_row(moved) == _row("a deal that changes and moves four conversations of four mails")


def test_a_deal_that_changes_moves_ten_mails(house: House, sorted_inbox: str) -> None:
    _change_deal(house, "open", "won")
    cost = house.cost_of(house.tick)
    assert _as_row(cost) == _row("a deal that changes and moves ten mails")


def test_a_deal_that_changes_nothing_about_the_category(house: House, sorted_inbox: str) -> None:
    _change_deal(house, "open", "open")
    cost = house.cost_of(house.tick)
    assert _as_row(cost) == _row("a deal that changes and moves nothing")


@pytest.mark.parametrize(
    ("mails", "row"),
    [
        (0, "a new contact, in a mailbox without mail from it"),
        (1, "a new contact, in a mailbox with one mail from it"),
    ],
)
def test_a_new_contact(house: House, sorted_inbox: str, mails: int, row: str) -> None:
    house.deliver("ana", *["new@client.example"] * mails)
    house.tick()
    house.servers.clock.advance(1)
    contact = {"name": "New", "kind": "contact", "addresses": ["new@client.example"]}
    answer = urllib3.request("PUT", f"{house.servers.crm}/contacts/new", json=contact)
    assert answer.status == 201, answer.data
    deal = {"name": "A deal", "state": "open", "closing_date": None}
    urllib3.request("PUT", f"{house.servers.crm}/contacts/new/deals/one", json=deal)
    house.servers.clock.advance(1)
    cost = house.cost_of(house.tick)
    assert _as_row(cost) == _row(row)


def test_a_crm_that_does_not_tell_new_addresses(
    house: House, sorted_inbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = connector._changed

    def silent(change: ChangedContact) -> dict[str, object]:
        return {name: value for name, value in tell(change).items() if name != "new_addresses"}

    monkeypatch.setattr(connector, "_changed", silent)

    def put(name: str) -> None:
        contact = {"name": name, "kind": "contact", "addresses": [f"{name}@client.example"]}
        assert urllib3.request("PUT", f"{house.servers.crm}/contacts/{name}", json=contact).status == 201
        house.servers.clock.advance(1)

    what = "a new contact of a CRM that does not tell new addresses"
    costs = []
    for name in ("first", "second"):
        put(name)
        costs.append(house.cost_of(house.tick))
    house.servers.clock.advance(3600)
    costs.append(house.cost_of(house.tick))
    rows = ("after a quiet hour", "within the hour", "gathered, when the hour is over")
    for cost, row in zip(costs, rows, strict=True):
        assert _as_row(cost) == _row(f"{what}: {row}"), row


def test_the_turn_of_the_month(house: House, sorted_inbox: str) -> None:
    house.servers.clock.set(datetime(2026, 12, 1, 0, 1, tzinfo=UTC))
    cost = house.cost_of(house.tick)
    assert _as_row(cost) == _row("the turn of the month with 30 labelled mails, ten of which move")


def test_a_preview(house: House, waiting: str) -> None:
    cost = house.cost_of(lambda: preview_labels(ANA, house.labeler))
    assert _as_row(cost) == _row("a preview of 30 mails")
    assert cost.writes == 0


def test_explaining_a_mail(house: House, sorted_inbox: str) -> None:
    (message,) = house.deliver("ana", WON)
    cost = house.cost_of(lambda: explain_message(ExplainMessage(ANA, message), house.labeler))
    assert _as_row(cost) == _row("explaining a mail")


@pytest.mark.parametrize("thrown", [0, 1])
def test_undoing_a_run(house: House, sorted_inbox: str, thrown: int) -> None:
    (run,) = list_runs(ListRuns(ANA, 10, None), house.labeler)["items"]
    boxes, address = house.servers.emulator.boxes, "ana@acme.example"
    messages = [message.id for message in boxes.messages.all(address)]
    for message in messages[:thrown]:
        boxes.messages.change_labels(address, message, ["TRASH"], [])
    answers: list[Mapping[str, object]] = []
    cost = house.cost_of(
        lambda: answers.append(undo_labels(UndoLabels(ANA, None, run["id"], None), house.labeler))
    )
    assert answers[0]["reversed"] == 30
    row = "undoing a run that labelled 30 mails" + (", one of which lies in Trash" if thrown else "")
    assert _as_row(cost) == _row(row)
    in_inbox = ["INBOX" in boxes.messages.get(address, message).label_ids for message in messages]
    assert in_inbox == [False] * thrown + [True] * (30 - thrown)
