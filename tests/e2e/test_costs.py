"""What each call costs in Gmail quota units, requests, token calls, CRM calls and documents, as docs/quota.md says."""

# long because: one test for each row of one page

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.notify.list_notices import ListNotices, list_notices
from functions.notify.recount_notices import recount_notices
from functions.notify.renew_watches import renew_watches
from functions.notify.stream_notices import StreamNotices, stream_notices
from local.crm.models import Seed
from shared.domain.caller import Caller
from shared.domain.label_run import LabelRun
from shared.domain.sync import SLOTS, TICK, slot_at, slot_of
from shared.usecases.lease import leased
from tests.e2e.in_process import Cost, House, running_house
from tests.local.gmail.running import mail

PAGE = Path(__file__).parents[2] / "docs" / "quota.md"
NOON = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)


def _contact(name: str, state: str, closing: str | None) -> dict[str, object]:
    deal = {"id": f"{name}-deal", "name": name, "state": state, "closing_date": closing}
    return {"id": name, "name": name, "addresses": [f"{name}@client.example"], "deals": [deal]}


CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": "ana", "name": "Ana", "email": "ana@acme.example", "permissions": ["mail_integration"]},
            {"id": "ben", "name": "Ben", "email": "ben@acme.example", "permissions": ["mail_integration"]},
            {"id": "ada", "name": "Ada", "email": "ada@acme.example", "permissions": ["mail_admin"]},
        ],
        "contacts": [
            _contact("closing", "open", "2026-11-30"),
            _contact("open", "open", None),
            _contact("won", "won", None),
        ],
    }
)
TEN_OF_EACH = {"closing_this_month": 10, "open_deals": 10, "customers": 10}
CLOSING, OPEN, WON = "closing@client.example", "open@client.example", "won@client.example"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path, NOON) as house:
        yield house


@pytest.fixture
def connected(house: House) -> str:
    """Ana's mailbox; its access token is in memory."""
    mailbox = house.connect("ana")
    house.change("ana", mailmagnet=True)
    return mailbox


@pytest.fixture
def quiet(house: House, connected: str) -> str:
    """Ana's mailbox with MailMagnet and labels on, its Inbox sorted, at a time when it is not its turn to be asked."""
    house.change("ana", labels=True)
    house.tick()
    _go_to_slot(house, (slot_of(connected) + 1) % SLOTS)
    return connected


def _go_to_slot(house: House, slot: int) -> None:
    ahead = (slot - slot_at(house.servers.clock.now())) % SLOTS
    house.servers.clock.advance((ahead * TICK).total_seconds())


@pytest.fixture
def on_the_page(request: pytest.FixtureRequest) -> Cost:
    """The row of docs/quota.md that is named as the test."""
    return _rows()[_row_name(request.node.name)]


def _rows() -> Mapping[str, Cost]:
    # A name and eight numbers; the page has other tables too.
    row = re.compile(r"\| [^|]+ \|( [\d,]+ \|){8}")
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if row.fullmatch(line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: Cost(*(int(number.replace(",", "")) for number in numbers)) for name, *numbers in cells}


def _row_name(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def test_connecting_a_mailbox(house: House, on_the_page: Cost) -> None:
    cost = house.cost_of(lambda: house.connect("ana"))
    assert cost == Cost(token_calls=1, reads=6, writes=9) == on_the_page


def test_turning_mailmagnet_on(house: House, on_the_page: Cost) -> None:
    house.connect("ana")
    cost = house.cost_of(lambda: house.change("ana", mailmagnet=True))
    expected = Cost(units=100, requests=1, round_trips=1, reads=2, writes=4)
    assert cost == expected == on_the_page


def test_turning_labels_on(house: House, connected: str, on_the_page: Cost) -> None:
    cost = house.cost_of(lambda: house.change("ana", labels=True))
    assert cost == Cost(units=16, requests=4, round_trips=4, reads=2, writes=5) == on_the_page


def test_reading_the_own_mailbox(house: House, connected: str, on_the_page: Cost) -> None:
    cost = house.cost_of(lambda: house.call(house.oauth, "GET", "/oauth/mailbox", "ana"))
    assert cost == Cost(reads=1) == on_the_page


def test_a_page_of_50_mails_of_a_contact(house: House, connected: str, on_the_page: Cost) -> None:
    house.deliver("ana", *[WON] * 60)
    page = "/proxy/contacts/won/messages?limit=50"
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", page, "ana"))
    assert cost == Cost(units=1005, requests=51, round_trips=3, crm_calls=1, reads=4) == on_the_page


def test_a_page_of_50_mails_that_a_colleague_shares(house: House, connected: str, on_the_page: Cost) -> None:
    house.change("ana", sharing="public")
    house.deliver("ana", *[WON] * 60)
    page = "/proxy/contacts/won/messages?limit=50"
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", page, "ben"))
    assert cost == Cost(units=1005, requests=51, round_trips=3, crm_calls=2, reads=4) == on_the_page


def test_one_message_of_a_colleague(house: House, connected: str, on_the_page: Cost) -> None:
    house.change("ana", sharing="public")
    (message,) = house.deliver("ana", WON)
    path = f"/proxy/mailboxes/{connected}/messages/{message}"
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", path, "ben"))
    expected = Cost(units=20, requests=1, round_trips=1, crm_calls=3, reads=3, writes=1)
    assert cost == expected == on_the_page


def test_sharing_a_contact(house: House, connected: str, on_the_page: Cost) -> None:
    house.change("ana", sharing="custom")
    cost = house.cost_of(lambda: house.call(house.oauth, "PUT", "/oauth/mailbox/shares/won", "ana"))
    assert cost == Cost(crm_calls=1, reads=3, writes=3) == on_the_page


def test_one_message(house: House, connected: str, on_the_page: Cost) -> None:
    (message,) = house.deliver("ana", WON)
    path = f"/proxy/mailboxes/{connected}/messages/{message}"
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", path, "ana"))
    assert cost == Cost(units=20, requests=1, round_trips=1, reads=1) == on_the_page


def test_marking_a_mail_as_read(house: House, connected: str, on_the_page: Cost) -> None:
    (message,) = house.deliver("ana", WON)
    path, body = f"/proxy/messages/{message}/flags", {"read": True}
    cost = house.cost_of(lambda: house.call(house.proxy, "POST", path, "ana", body))
    assert cost == Cost(units=25, requests=2, round_trips=2, reads=1) == on_the_page


def test_one_message_without_an_access_token_in_memory(
    house: House, connected: str, on_the_page: Cost
) -> None:
    (message,) = house.deliver("ana", WON)
    path = f"/proxy/mailboxes/{connected}/messages/{message}"
    # Google's access tokens live for an hour.
    house.servers.clock.advance(3600)
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", path, "ana"))
    assert cost == Cost(units=20, requests=1, round_trips=1, token_calls=1, reads=2) == on_the_page


def test_a_push_with_1_new_mail_of_a_contact(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", WON)
    cost = house.cost_of(lambda: house.hand_on(house.servers.pushes[-1]))
    assert cost == Cost(units=22, requests=2, round_trips=2, crm_calls=1, reads=2, writes=3) == on_the_page


def test_a_push_with_1_new_mail_of_a_stranger(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", "stranger@nowhere.example")
    cost = house.cost_of(lambda: house.hand_on(house.servers.pushes[-1]))
    assert cost == Cost(units=22, requests=2, round_trips=2, crm_calls=1, reads=2, writes=2) == on_the_page


def test_a_doubled_push(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", WON)
    push = house.servers.pushes[-1]
    house.hand_on(push)
    assert house.cost_of(lambda: house.hand_on(push)) == Cost(reads=2) == on_the_page


def test_a_push_while_its_mailbox_is_at_work(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", WON)
    with leased(quiet, house.common.syncs, house.common.clock):
        cost = house.cost_of(lambda: house.hand_on(house.servers.pushes[-1]))
    assert cost == Cost(reads=2, writes=1) == on_the_page


def test_a_tick_with_30_new_mails_that_pushes_announced(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", *[CLOSING, OPEN, WON] * 10)
    for push in house.servers.pushes:
        house.hand_on(push)

    turns: list[Mapping[str, Any]] = []
    cost = house.cost_of(lambda: turns.extend(house.tick()))

    assert [turn["labelled"] for turn in turns] == [TEN_OF_EACH]
    expected = Cost(units=152, requests=31, round_trips=4, crm_calls=3, reads=46, writes=6, published=2)
    assert cost == expected == on_the_page


def test_a_tick_with_30_new_mails_that_no_push_announced(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", *[CLOSING, OPEN, WON] * 10)
    _go_to_slot(house, slot_of(quiet))

    turns: list[Mapping[str, Any]] = []
    cost = house.cost_of(lambda: turns.extend(house.tick()))

    assert [(turn["notices"], turn["labelled"]) for turn in turns] == [(30, TEN_OF_EACH)]
    expected = Cost(units=752, requests=61, round_trips=6, crm_calls=4, reads=46, writes=37, published=2)
    assert cost == expected == on_the_page


def test_a_tick_with_30_new_mails_under_one_label(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", *[OPEN] * 30)
    for push in house.servers.pushes:
        house.hand_on(push)
    cost = house.cost_of(house.tick)
    # More than ten at once: one batchModify of 50 units.
    expected = Cost(units=52, requests=2, round_trips=2, crm_calls=3, reads=46, writes=6, published=2)
    assert cost == expected == on_the_page


def test_a_tick_while_all_mailboxes_are_quiet(house: House, quiet: str, on_the_page: Cost) -> None:
    # One message and one question to the CRM for the organisation, and queries that find nothing, of which
    # Firestore bills one read each.
    assert house.cost_of(house.tick) == Cost(crm_calls=1, reads=9, published=1) == on_the_page


def test_a_further_quiet_mailbox_costs_a_tick(house: House, quiet: str, on_the_page: Cost) -> None:
    before = house.cost_of(house.tick)
    other = house.connect("ben")
    house.change("ben", mailmagnet=True)
    house.change("ben", labels=True)
    house.tick()
    nobodys = min(set(range(SLOTS)) - {slot_of(quiet), slot_of(other)})
    _go_to_slot(house, nobodys)
    assert house.cost_of(house.tick).since(before) == Cost() == on_the_page


def test_the_hourly_check_of_a_quiet_mailbox(house: House, quiet: str, on_the_page: Cost) -> None:
    _go_to_slot(house, slot_of(quiet))
    cost = house.cost_of(house.tick)
    expected = Cost(units=2, requests=1, round_trips=1, crm_calls=1, reads=13, writes=2, published=2)
    assert cost == expected == on_the_page


@pytest.fixture
def stream(house: House, quiet: str) -> Iterator[Iterator[bytes]]:
    """Ana's stream of notices, open and waiting."""
    stream = stream_notices(StreamNotices(Caller("acme", "ana", frozenset()), None), house.notify)
    assert b"event: ready" in b"".join(next(stream) for _ in range(2))
    yield stream
    stream.close()  # type: ignore[attr-defined]


def test_opening_a_stream_of_notices(house: House, quiet: str, on_the_page: Cost) -> None:
    def open_and_wait() -> None:
        stream = stream_notices(StreamNotices(Caller("acme", "ana", frozenset()), None), house.notify)
        assert b"event: ready" in b"".join(next(stream) for _ in range(2))
        stream.close()  # type: ignore[attr-defined]

    assert house.cost_of(open_and_wait) == Cost(reads=1) == on_the_page


def test_a_notice_on_an_open_stream(house: House, stream: Iterator[bytes], on_the_page: Cost) -> None:
    house.deliver("ana", WON)

    def push_and_hear() -> None:
        house.hand_on(house.servers.pushes[-1])
        next(block for block in stream if b"event: notice" in block)

    # The listener hears of the notice while the push is still at work: both together, less the push's own cost.
    both = house.cost_of(push_and_hear)
    alone = Cost(units=22, requests=2, round_trips=2, crm_calls=1, reads=2, writes=3)
    assert both.since(alone) == Cost(crm_calls=1, reads=1) == on_the_page


def test_listing_50_notices(house: House, quiet: str, on_the_page: Cost) -> None:
    _notice(house, 50)
    cost = house.cost_of(lambda: _list(house))
    assert cost == Cost(crm_calls=1, reads=100) == on_the_page


def test_listing_50_notices_and_verifying_their_senders(house: House, quiet: str, on_the_page: Cost) -> None:
    _notice(house, 50)
    cost = house.cost_of(lambda: _list(house, verify=True))
    assert cost == Cost(units=1000, requests=50, round_trips=2, crm_calls=1, reads=101) == on_the_page


def test_a_recount_of_50_notices_without_a_gap(house: House, quiet: str, on_the_page: Cost) -> None:
    _notice(house, 50)
    cost = house.cost_of(lambda: recount_notices(house.notify))
    expected = Cost(units=12, requests=3, round_trips=3, reads=110, writes=3)
    assert cost == expected == on_the_page


def test_a_recount_of_8_notices_and_32_mails_of_strangers(
    house: House, quiet: str, on_the_page: Cost
) -> None:
    house.deliver("ana", *[WON] * 8, *["somebody@nowhere.example"] * 32)
    house.hand_on(house.servers.pushes[-1])
    cost = house.cost_of(lambda: recount_notices(house.notify))
    # A stranger's mail has no notice that could prove that it was seen: its header is read once more.
    expected = Cost(units=652, requests=35, round_trips=5, crm_calls=1, reads=26, writes=3)
    assert cost == expected == on_the_page


def test_renewing_a_watch(house: House, quiet: str, on_the_page: Cost) -> None:
    house.servers.clock.advance(26 * 3600)
    cost = house.cost_of(lambda: renew_watches(house.notify))
    assert cost == Cost(units=100, requests=1, round_trips=1, token_calls=1, reads=4, writes=1) == on_the_page


def test_8_pushes_of_8_new_mails_at_once(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", *[WON] * 8)
    cost = house.cost_of(lambda: [house.hand_on(push) for push in house.servers.pushes[-8:]])
    # One reading of history covers all; the other seven look at the row and find the cursor past them.
    expected = Cost(units=162, requests=9, round_trips=2, crm_calls=1, reads=16, writes=10)
    assert cost == expected == on_the_page


def test_an_expired_cursor_with_10_new_mails(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", *[WON] * 10)
    house.servers.emulator.boxes.history.expire("ana@acme.example")
    push = b'{"emailAddress": "ana@acme.example", "historyId": 18446744073709551615}'
    cost = house.cost_of(lambda: house.hand_on(push))
    expected = Cost(units=208, requests=13, round_trips=4, crm_calls=1, reads=3, writes=13)
    assert cost == expected == on_the_page


def _notice(house: House, count: int) -> None:
    house.deliver("ana", *[WON] * count)
    house.hand_on(house.servers.pushes[-1])


def _list(house: House, verify: bool = False) -> None:
    caller = Caller("acme", "ana", frozenset())
    page = list_notices(
        ListNotices(caller, None, unread=False, limit=50, cursor=None, verify=verify), house.notify
    )
    assert len(page.items) == 50


LETTER = {"to": [WON], "subject": "An offer", "text": "Dear Won"}


def _talk(house: House, number: int, mails: int) -> list[str]:
    """A conversation of so many mails from one contact to Ana: their ids."""
    known: list[str] = []
    ids = []
    for at in range(mails):
        more = {"Message_ID": f"<{number}.{at}@x>"} | ({"References": " ".join(known)} if known else {})
        raw = mail(f"Talk {number}", WON, "ana@acme.example", **more)
        ids.append(str(house.servers.emulator.boxes.sending.deliver("ana@acme.example", raw).id))
        known.append(f"<{number}.{at}@x>")
    return ids


def test_a_page_of_50_mails_in_17_threads(house: House, connected: str, on_the_page: Cost) -> None:
    for number in range(17):
        _talk(house, number, 3)
    page = "/proxy/contacts/won/messages?limit=50"
    answers: list[Any] = []
    cost = house.cost_of(lambda: answers.append(house.call(house.proxy, "GET", page, "ana")))
    assert len(answers[0]["items"]) == 50
    assert cost == Cost(units=685, requests=18, round_trips=2, crm_calls=1, reads=4) == on_the_page


def test_a_list_in_which_nothing_is_new(house: House, connected: str, on_the_page: Cost) -> None:
    house.deliver("ana", WON)
    user = next(row for row in CRM.users if row.id == "ana")
    headers = {"Authorization": f"Bearer {house.servers.signer.token_for(user)}", "If-None-Match": '"any"'}
    tag = house.proxy.get("/proxy/messages", headers=headers).headers["ETag"]
    answers: list[int] = []
    again = {**headers, "If-None-Match": tag}
    cost = house.cost_of(
        lambda: answers.append(house.proxy.get("/proxy/messages", headers=again).status_code)
    )
    assert answers == [304]
    assert cost == Cost(units=2, requests=1, round_trips=1, reads=1) == on_the_page


def test_an_attachment(house: House, connected: str, on_the_page: Cost) -> None:
    head = b"From: won@client.example\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n"
    message = house.servers.emulator.boxes.sending.deliver("ana@acme.example", head + b"%PDF" * 500).id
    path = f"/proxy/mailboxes/{connected}/messages/{message}/attachments/root"
    cost = house.cost_of(lambda: house.proxy_bytes(path, "ana"))
    assert cost == Cost(units=40, requests=2, round_trips=2, reads=1) == on_the_page


def test_listing_the_addresses_to_send_from(house: House, connected: str, on_the_page: Cost) -> None:
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", "/proxy/aliases", "ana"))
    assert cost == Cost(units=1, requests=1, round_trips=1, reads=1) == on_the_page


def test_sending_a_new_mail(house: House, connected: str, on_the_page: Cost) -> None:
    cost = house.cost_of(
        lambda: house.call(house.proxy, "POST", "/proxy/messages", "ana", LETTER, key="key-0001")
    )
    assert cost == Cost(units=111, requests=3, round_trips=3, reads=2, writes=3) == on_the_page


def test_sending_with_a_key_that_was_used(house: House, connected: str, on_the_page: Cost) -> None:
    house.call(house.proxy, "POST", "/proxy/messages", "ana", LETTER, key="key-0001")
    cost = house.cost_of(
        lambda: house.call(house.proxy, "POST", "/proxy/messages", "ana", LETTER, key="key-0001")
    )
    assert cost == Cost(reads=2, writes=1) == on_the_page


def test_answering_a_mail(house: House, connected: str, on_the_page: Cost) -> None:
    (message,) = house.deliver("ana", WON)
    answer = {"reply_to_message": message, "mode": "reply", "text": "Gladly"}
    cost = house.cost_of(
        lambda: house.call(house.proxy, "POST", "/proxy/messages", "ana", answer, key="key-0001")
    )
    assert cost == Cost(units=131, requests=4, round_trips=4, reads=2, writes=3) == on_the_page


def test_finding_out_that_a_mail_was_sent_after_a_lost_answer(
    house: House, connected: str, on_the_page: Cost
) -> None:
    fault = {"kind": "reset", "match": "drafts.send", "when": "after", "count": 1}
    house.servers.emulator.faults.add(fault)
    cost = house.cost_of(
        lambda: house.call(house.proxy, "POST", "/proxy/messages", "ana", LETTER, key="key-0001")
    )
    assert cost == Cost(units=156, requests=5, round_trips=5, reads=2, writes=3) == on_the_page


def test_writing_a_draft(house: House, connected: str, on_the_page: Cost) -> None:
    cost = house.cost_of(lambda: house.call(house.proxy, "POST", "/proxy/drafts", "ana", LETTER))
    assert cost == Cost(units=11, requests=2, round_trips=2, reads=1) == on_the_page


def test_listing_three_drafts(house: House, connected: str, on_the_page: Cost) -> None:
    for _ in range(3):
        house.call(house.proxy, "POST", "/proxy/drafts", "ana", LETTER)
    cost = house.cost_of(lambda: house.call(house.proxy, "GET", "/proxy/drafts", "ana"))
    assert cost == Cost(units=20, requests=4, round_trips=2, reads=1) == on_the_page


def test_replacing_a_draft(house: House, connected: str, on_the_page: Cost) -> None:
    path = f"/proxy/drafts/{house.call(house.proxy, 'POST', '/proxy/drafts', 'ana', LETTER)['id']}"
    cost = house.cost_of(lambda: house.call(house.proxy, "PUT", path, "ana", LETTER))
    assert cost == Cost(units=16, requests=2, round_trips=2, reads=1) == on_the_page


def test_sending_a_draft(house: House, connected: str, on_the_page: Cost) -> None:
    path = f"/proxy/drafts/{house.call(house.proxy, 'POST', '/proxy/drafts', 'ana', LETTER)['id']}/send"
    cost = house.cost_of(lambda: house.call(house.proxy, "POST", path, "ana"))
    assert cost == Cost(units=105, requests=2, round_trips=2, reads=1, writes=3) == on_the_page


def test_an_admin_who_reads_two_runs_of_a_mailbox(house: House, connected: str, on_the_page: Cost) -> None:
    for number in range(2):
        house.labeler.label_runs.put(
            connected, LabelRun(f"{number}" * 32, "tick", NOON, NOON, "done", units=2)
        )
    path = f"/labeler/org/mailboxes/{connected}/runs"
    cost = house.cost_of(lambda: house.call(house.runs, "GET", path, "ada"))
    assert cost == Cost(reads=3) == on_the_page


def test_an_admin_who_reads_the_proof_of_a_mailbox(house: House, quiet: str, on_the_page: Cost) -> None:
    house.call(house.notices, "POST", "/notify/completeness", "ana")
    path = f"/notify/org/mailboxes/{quiet}/completeness"
    cost = house.cost_of(lambda: house.call(house.notices, "GET", path, "ada"))
    assert cost == Cost(reads=2) == on_the_page


def test_marking_a_notice_as_read(house: House, quiet: str, on_the_page: Cost) -> None:
    (message_id,) = house.deliver("ana", WON)
    house.hand_on(house.servers.pushes[-1])
    path = f"/notify/notices/{message_id}/read"
    cost = house.cost_of(lambda: house.call(house.notices, "POST", path, "ana"))
    assert cost == Cost(reads=1, writes=2) == on_the_page


def test_disconnecting_a_mailbox_with_one_notice(house: House, quiet: str, on_the_page: Cost) -> None:
    house.deliver("ana", WON)
    house.hand_on(house.servers.pushes[-1])
    cost = house.cost_of(lambda: house.call(house.oauth, "DELETE", "/oauth/mailbox", "ana"))
    assert cost == Cost(units=50, requests=1, round_trips=1, reads=24, writes=15) == on_the_page


def test_the_page_names_no_cost_that_is_not_measured() -> None:
    measured = {_row_name(name) for name in globals() if name.startswith("test_")}
    assert _rows().keys() <= measured
