"""Notices on a running stack: the feed, the proof, and functions that are killed at work."""

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bench.processes import function_processes
from tests.e2e.driver import Driver, Seller
from tests.local.waiting import until

CONTACT = "won@customers.example"


@pytest.fixture
def seller(stack: Driver) -> Seller:
    """A user with MailMagnet on; nothing has come in yet."""
    return stack.connect_next(mailmagnet=True)


def _listed(stack: Driver, seller: Seller, query: str = "limit=100") -> list[dict[str, Any]]:
    page = stack.call("GET", f"/notify/notices?{query}", token=seller.token, expect=200)
    return list(page["items"])


def _ids(stack: Driver, seller: Seller, query: str = "limit=100") -> list[str]:
    return [row["id"] for row in _listed(stack, seller, query)]


def _deliver_and_wait(stack: Driver, seller: Seller, sender: str = CONTACT) -> str:
    message = stack.deliver(seller.email, sender)
    until(lambda: message in _ids(stack, seller), "the notice is there")
    return message


class EventStream:
    """The stream of notices as a page reads it, in a thread; `events` are (name, id, data)."""

    def __init__(self, stack: Driver, seller: Seller, last_event_id: str | None = None) -> None:
        self.events: list[tuple[str, str, Any]] = []
        headers = {"Authorization": f"Bearer {seller.token}"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        self._connection = http.client.HTTPConnection("localhost", stack.port, timeout=60)
        self._connection.connect()
        # The client lets go of it when the answer begins; we need it to go away.
        self._socket = self._connection.sock
        self._connection.request("GET", "/notify/stream", headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert str(self._answer.getheader("Content-Type")).startswith("text/event-stream")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        while raw := self._line():
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif "event" in fields:
                self.events.append((fields["event"], fields["id"], json.loads(fields["data"])))
                fields = {}

    def _line(self) -> bytes:
        try:
            return self._answer.readline()
        except (OSError, http.client.HTTPException):
            return b""

    def close(self) -> None:
        """Goes away as a browser does: without a word."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._connection.close()


@pytest.fixture
def opened() -> Iterator[list[EventStream]]:
    streams: list[EventStream] = []
    yield streams
    for stream in streams:
        with contextlib.suppress(OSError):
            stream.close()


def test_a_notice_comes_over_the_open_stream_and_what_was_missed_after_coming_back(
    stack: Driver, seller: Seller, opened: list[EventStream]
) -> None:
    opened.append(first := EventStream(stack, seller))
    until(lambda: len(first.events) == 1, "the stream is ready")
    seen = stack.deliver(seller.email, CONTACT)
    until(lambda: len(first.events) == 2, "the notice is streamed")
    assert first.events[1][0] == "notice"
    assert first.events[1][2]["id"] == seen
    first.close()
    missed = _deliver_and_wait(stack, seller)

    opened.append(second := EventStream(stack, seller, first.events[1][1]))
    until(lambda: len(second.events) == 1, "what was missed is streamed")

    assert second.events[0][2] == _listed(stack, seller)[0]
    assert second.events[0][2]["id"] == missed


def test_the_stream_is_of_the_owners_notices_only(
    stack: Driver, seller: Seller, opened: list[EventStream]
) -> None:
    other = stack.connect_next(mailmagnet=True)
    opened.append(hers := EventStream(stack, seller))
    until(lambda: len(hers.events) == 1, "the stream is ready")

    _deliver_and_wait(stack, other)
    mine = stack.deliver(seller.email, CONTACT)
    until(lambda: len(hers.events) == 2, "the notice is streamed")

    assert hers.events[1][2]["id"] == mine


def test_the_list_answers_304_until_something_changes(stack: Driver, seller: Seller) -> None:
    _deliver_and_wait(stack, seller)
    first = stack.raw("GET", "/notify/notices", token=seller.token)
    known = {"If-None-Match": first.headers["ETag"]}

    assert stack.raw("GET", "/notify/notices", token=seller.token, headers=known).status_code == 304
    _deliver_and_wait(stack, seller)
    assert stack.raw("GET", "/notify/notices", token=seller.token, headers=known).status_code == 200


def test_a_notice_that_was_read_is_no_longer_unread(stack: Driver, seller: Seller) -> None:
    first, second = _deliver_and_wait(stack, seller), _deliver_and_wait(stack, seller)

    for _ in range(2):
        stack.call("POST", f"/notify/notices/{first}/read", token=seller.token, expect=204)

    assert {row["id"]: row["read"] for row in _listed(stack, seller)} == {first: True, second: False}
    assert _ids(stack, seller, "unread=true") == [second]
    other = stack.connect_next(mailmagnet=True)
    stack.call("POST", f"/notify/notices/{second}/read", token=other.token, expect=404)


def test_a_sender_that_gmail_does_not_confirm_is_noticed_and_marked_where_somebody_asks(
    stack: Driver, seller: Seller
) -> None:
    message = _deliver_and_wait(stack, seller)
    assert _listed(stack, seller)[0]["verified"] is None
    asked = _listed(stack, seller, "verify=true")
    assert {row["id"]: row["verified"] for row in asked} == {message: False}


def test_notices_are_no_longer_shown_after_ninety_days(stack: Driver, seller: Seller) -> None:
    _deliver_and_wait(stack, seller)
    now = stack.call("GET", "/local/clock", expect=200)["now"]
    try:
        stack.call("POST", "/local/clock", {"advance_s": 91 * 86_400}, expect=200)
        assert _ids(stack, seller) == []
    finally:
        stack.call("POST", "/local/clock", {"now": now}, expect=200)
    assert len(_ids(stack, seller)) == 1, "the control: it is hidden by time alone"


def test_a_recount_leaves_a_proof(stack: Driver, seller: Seller) -> None:
    stack.call("GET", "/notify/completeness", token=seller.token, expect=404)
    for _ in range(3):
        _deliver_and_wait(stack, seller)
    stack.deliver(seller.email, "n@strangers.example")

    stack.call("POST", "/local/tick/recount", expect=200)

    proof = stack.call("GET", "/notify/completeness", token=seller.token, expect=200)
    assert (proof["expected"], proof["seen"], proof["repaired"], proof["missing"]) == (3, 3, 0, [])
    again = stack.call("POST", "/notify/completeness", {}, token=seller.token, expect=200)
    assert again["expected"] == 3
    held = stack.call("GET", "/oauth/mailbox/data", token=seller.token, expect=200)
    assert held["recount"]["missing"] == [], "the proof is held about the user, so the user sees it"


def test_mail_that_comes_while_the_function_is_killed_is_noticed_once(stack: Driver, seller: Seller) -> None:
    expected = set()
    for _ in range(2):
        expected |= {stack.deliver(seller.email, CONTACT) for _ in range(8)}
        # Started again by the supervisor, after a longer wait each time.
        until(lambda: bool(function_processes(stack.port, ["on_gmail_push"])), "it runs")
        for pid in function_processes(stack.port, ["on_gmail_push"]):
            os.killpg(pid, signal.SIGKILL)
        expected |= {stack.deliver(seller.email, CONTACT) for _ in range(4)}

    # Leases of the dead end, and the next tick looks after their mailboxes.
    stack.call("POST", "/local/clock", {"advance_s": 3600}, expect=200)
    until(lambda: stack.raw("POST", "/local/tick/labeler").status_code == 200, "a tick is done", 120)
    stack.call("POST", "/local/tick/recount", expect=200)

    listed = _ids(stack, seller)
    assert sorted(listed) == sorted(expected)
    proof = stack.call("GET", "/notify/completeness", token=seller.token, expect=200)
    assert proof["missing"] == []
