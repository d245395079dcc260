"""Lists that ask for a shared thread once, "nothing new" for 2 units, and four calls in flight per Gmail user."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.adapters import gmail as gmail_module
from shared.adapters.gmail_sending import SendingGmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.adapters.in_flight import PER_USER, Gates
from shared.deadline import deadline
from shared.domain.mail import MailMetadata
from shared.errors import NotFound, Throttled, UpstreamDown
from tests.local.gmail.running import ALICE, MODIFY, Running, deliver, mail, running, seed_of

HEADERS = ("From", "Subject")


@pytest.fixture
def gmail() -> Iterator[Running]:
    with running(seed_of(ALICE)) as server:
        yield server


def _client(gmail: Running, gate: Any = None) -> SendingGmailClient:
    token = gmail.tokens.grant(ALICE, MODIFY)
    return SendingGmailClient(HttpPool(), f"http://127.0.0.1:{gmail.port}/", Bearer(lambda _: token), gate)


def _threads(gmail: Running, *sizes: int) -> list[str]:
    """Delivers a conversation of each size; the mails' ids."""
    ids = []
    for number, size in enumerate(sizes):
        chain: list[str] = []
        for at in range(size):
            more = (
                {"Message_ID": f"<{number}.{at}@x>", "References": " ".join(chain)}
                if chain
                else {"Message_ID": f"<{number}.{at}@x>"}
            )
            ids.append(deliver(gmail, mail(f"Talk {number}", **more))["id"])
            chain.append(f"<{number}.{at}@x>")
    return ids


def _units(gmail: Running) -> tuple[int, int]:
    report = gmail.control("GET", "quota")
    spent = report["users"].get(ALICE, {"units": 0})["units"]
    return spent, report["round_trips"].get(ALICE, 0)


def test_fifty_mails_of_seventeen_threads_cost_685_units_in_two_round_trips(gmail: Running) -> None:
    ids = _threads(gmail, *[3] * 16, 2)
    assert len(ids) == 50
    client = _client(gmail)
    before = _units(gmail)
    page = client.list_messages(limit=50)
    found = client.get_listed(page.ids, HEADERS)
    after = _units(gmail)
    assert (after[0] - before[0], after[1] - before[1]) == (685, 2)
    assert set(found) == set(ids)
    assert client.units == 685


def test_a_row_is_the_same_whether_its_thread_was_asked_for_or_the_mail(gmail: Running) -> None:
    ids = _threads(gmail, 3, 1, 2)
    client = _client(gmail)
    listed = client.get_listed(client.list_messages().ids, HEADERS)
    assert listed == client.get_metadata(ids, HEADERS)


def test_mails_alone_in_their_threads_cost_20_units_each(gmail: Running) -> None:
    _threads(gmail, *[1] * 30)
    client = _client(gmail)
    page = client.list_messages(limit=50)
    before = _units(gmail)
    client.get_listed(page.ids, HEADERS)
    after = _units(gmail)
    assert (after[0] - before[0], after[1] - before[1]) == (600, 2)


def test_a_mail_that_left_its_thread_meanwhile_is_not_found_and_the_others_are(gmail: Running) -> None:
    _threads(gmail, 3)
    client = _client(gmail)
    page = client.list_messages()
    gone = page.ids[0][0]
    gmail.users().messages().delete(userId="me", id=gone).execute()
    found = client.get_listed(page.ids, HEADERS)
    assert isinstance(found[gone], NotFound)
    assert all(isinstance(found[message], MailMetadata) for message, _ in page.ids[1:])


def test_a_thread_that_fails_fails_for_each_of_its_mails_alone(gmail: Running) -> None:
    _threads(gmail, 2, 1)
    client = _client(gmail)
    page = client.list_messages()
    gmail.control("POST", "faults", {"kind": "status", "status": 404, "match": "threads.get"})
    found = client.get_listed(page.ids, HEADERS)
    kinds = sorted(type(outcome).__name__ for outcome in found.values())
    assert kinds == ["MailMetadata", "NotFound", "NotFound"]


def test_nothing_new_costs_2_units_and_any_change_is_new(gmail: Running) -> None:
    (message_id,) = _threads(gmail, 1)
    client = _client(gmail)
    _, cursor = client.address_and_cursor()
    before = _units(gmail)
    assert client.newest_if_changed(cursor) is None
    assert _units(gmail)[0] - before[0] == 2
    for change in (
        lambda: client.modify([message_id], add=["STARRED"]),
        lambda: _threads(gmail, 1),
        lambda: gmail.users().messages().delete(userId="me", id=message_id).execute(),
    ):
        change()
        newest = client.newest_if_changed(cursor)
        assert newest == client.address_and_cursor()[1]
        assert client.newest_if_changed(newest) is None
        cursor = newest


def test_a_change_too_long_ago_for_gmail_counts_as_new(gmail: Running) -> None:
    _threads(gmail, 1)
    gmail.control("POST", "faults", {"kind": "expire_history"})
    client = _client(gmail)
    assert client.newest_if_changed(1) == client.address_and_cursor()[1]


def _most_at_once(gmail: Running, gates: Gates | None, callers: int, expected: int) -> int:
    """How many requests of one user were under way at once. Each waits for as many to have come as are expected."""
    inside, most, changed = 0, 0, threading.Condition()
    pool = HttpPool()
    token = gmail.tokens.grant(ALICE, MODIFY)
    send = pool.send

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal inside, most
        with changed:
            inside += 1
            most = max(most, inside)
            changed.notify_all()
            changed.wait_for(lambda: most >= expected, 60)
        try:
            return send(*args, **kwargs)
        finally:
            with changed:
                inside -= 1

    pool.send = counted  # type: ignore[method-assign]

    def call(_: int) -> None:
        gate = gates.of("the user") if gates else None
        SendingGmailClient(
            pool, f"http://127.0.0.1:{gmail.port}/", Bearer(lambda _: token), gate
        ).list_messages()

    with ThreadPoolExecutor(callers) as threads:
        gmail.control(
            "POST", "faults", {"kind": "timeout", "when": "after", "seconds": 0.1, "match": "messages.list"}
        )
        list(threads.map(call, range(callers)))
        gmail.control("DELETE", "faults")
    return most


def test_four_requests_of_one_user_are_in_flight_at_most(gmail: Running) -> None:
    assert _most_at_once(gmail, Gates(), 12, PER_USER) == PER_USER == 4


def test_control_without_a_gate_more_are(gmail: Running) -> None:
    assert _most_at_once(gmail, None, 12, PER_USER + 1) > PER_USER


def test_users_do_not_wait_for_each_other() -> None:
    gates = Gates()
    busy = gates.of("one")
    for _ in range(PER_USER):
        busy.__enter__()
    with gates.of("two"):
        pass
    with deadline(0.05), pytest.raises(Throttled), gates.of("one"):
        pass
    assert gates.of("one") is busy


def test_no_request_outlives_the_deadline_of_its_call(gmail: Running) -> None:
    gmail.control("POST", "faults", {"kind": "timeout", "seconds": 20, "match": "messages.list"})
    client = _client(gmail)
    started = time.monotonic()
    with deadline(0.3), pytest.raises(UpstreamDown):
        client.list_messages()
    took = time.monotonic() - started
    gmail.control("DELETE", "faults")
    # Without a deadline it would be the fault's twenty seconds.
    assert took < 10, took


def test_after_the_deadline_nothing_is_asked_at_all(gmail: Running) -> None:
    client = _client(gmail)
    before = json.dumps(gmail.control("GET", "quota"))
    with deadline(0.0), pytest.raises(UpstreamDown) as late:
        client.list_messages()
    assert late.value.code == "time_is_up"
    assert json.dumps(gmail.control("GET", "quota")) == before


def test_a_mail_without_its_thread_hides_no_other_of_its_conversation(
    gmail: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *others = _threads(gmail, 3)
    rows = gmail_module._rows

    def answer_damaged(answer: Mapping[str, Any]) -> Mapping[str, Any]:
        for row in answer["messages"]:
            if row["id"] == bad:
                del row["threadId"]
        return rows(answer)

    monkeypatch.setattr(gmail_module, "_rows", answer_damaged)
    client = _client(gmail)
    found = client.get_listed(client.list_messages().ids, HEADERS)
    assert isinstance(found[bad], UpstreamDown)
    assert all(isinstance(found[message], MailMetadata) for message in others)
