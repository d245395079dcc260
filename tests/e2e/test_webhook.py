"""The CRM hears of what happens, on a running stack: through Pub/Sub, signed, again until it takes it."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook

from bench.processes import function_processes
from tests.e2e.driver import Driver
from tests.local.waiting import until

PATIENCE_S = 120
"""Pub/Sub waits up to 60 s before it brings again what was refused."""


def heard(stack: Driver, mailbox: str) -> list[dict[str, Any]]:
    """What the demo CRM took about this mailbox, oldest first."""
    items = stack.call("GET", "/crm/events", expect=200)["items"]
    return [event for event in reversed(items) if event["data"]["mailbox"] == mailbox]


def types(stack: Driver, mailbox: str) -> set[str]:
    return {event["type"] for event in heard(stack, mailbox)}


def test_the_crm_hears_of_a_mailboxs_whole_life(stack: Driver) -> None:
    seller = stack.connect_next(mailmagnet=True)
    message_id = stack.deliver(seller.email, "won@customers.example")
    stack.deliver(seller.email, "stranger@nowhere.example")
    until(
        lambda: "notice.created" in types(stack, seller.mailbox),
        "the CRM heard of the notice",
        PATIENCE_S,
    )
    # Until the pushes are done with: while one is at work, the end of the mailbox waits for the next sweep.
    stack.call("POST", "/local/tick/labeler", expect=200)
    stack.call("DELETE", "/oauth/mailbox", token=seller.token, expect=200)
    until(
        lambda: "mailbox.disconnected" in types(stack, seller.mailbox),
        "the CRM heard of the end",
        PATIENCE_S,
    )

    events = heard(stack, seller.mailbox)
    assert {event["type"] for event in events} == {
        "mailbox.connected",
        "notice.created",
        "mailbox.disconnected",
    }
    (notice,) = [event for event in events if event["type"] == "notice.created"]
    assert notice["data"]["message"] == message_id
    assert notice["data"]["contact"] == "won"
    assert not [event for event in events if "@" in json.dumps(event)], "ids only"


def test_an_unsigned_event_is_not_taken(stack: Driver) -> None:
    body = {"type": "notice.created", "data": {"mailbox": "m", "user": "u"}}
    headers = {"webhook-id": "1", "webhook-timestamp": "1700000000", "webhook-signature": "v1,AAAA"}
    assert stack.raw("POST", "/crm/webhook", body, headers=headers).status_code == 401


class Stubborn:
    """A receiver that refuses the first deliveries of each event, with `status`."""

    def __init__(self, refusals: int, status: int = 503) -> None:
        self.refusals = refusals
        self.status = status
        self.tries: dict[str, int] = {}
        self.taken: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                identifier = self.headers["webhook-id"]
                tries = receiver.tries[identifier] = receiver.tries.get(identifier, 0) + 1
                if tries > receiver.refusals:
                    receiver.taken.append((dict(self.headers), body))
                self.send_response(204 if tries > receiver.refusals else receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def taken_ids(self) -> set[str]:
        """The ids of the events that were taken."""
        return {headers["webhook-id"] for headers, _ in self.taken}


@contextmanager
def webhook_at(stack: Driver, url: str | None) -> Iterator[None]:
    """The organisation's policy names another webhook until the block ends."""
    admin = stack.token("admin")
    policy = stack.call("GET", "/oauth/org", token=admin, expect=200)
    webhook = {"url": url} if url else None
    stack.call("PUT", "/oauth/org", {**policy, "webhook": webhook}, token=admin, expect=200)
    try:
        yield
    finally:
        stack.call("PUT", "/oauth/org", policy, token=admin, expect=200)


@contextmanager
def listening(receiver: Stubborn) -> Iterator[str]:
    """Its URL, while it listens."""
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{receiver.server.server_port}/hook"
    finally:
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()


def test_an_event_comes_again_until_it_is_taken(stack: Driver) -> None:
    receiver = Stubborn(refusals=2)
    secret = (stack.logs.parent / "crm-webhook-secret").read_text(encoding="utf-8")
    with listening(receiver) as url, webhook_at(stack, url):
        seller = stack.connect_next()
        until(lambda: bool(receiver.taken), "the event was taken", PATIENCE_S)

    headers, body = receiver.taken[0]
    assert receiver.tries[headers["webhook-id"]] >= 3
    event = Webhook(secret).verify(body, headers)
    assert (event["type"], event["data"]["mailbox"]) == ("mailbox.connected", seller.mailbox)


def test_a_receiver_that_is_gone_is_asked_once_and_no_more(stack: Driver) -> None:
    receiver = Stubborn(refusals=10**9, status=410)
    admin = stack.token("admin")
    with listening(receiver) as url, webhook_at(stack, url):
        stack.connect_next()

        def webhook() -> object:
            return stack.call("GET", "/oauth/org", token=admin, expect=200)["webhook"]

        until(lambda: webhook() is None, "the policy names no webhook any more", PATIENCE_S)
        stack.connect_next()
        entries = stack.call("GET", "/oauth/org/audit", token=admin, expect=200)["items"]
    assert list(receiver.tries.values()) == [1]
    assert ("webhook", "policy.changed") in [(entry["actor"], entry["action"]) for entry in entries]


def _environment_of_deliver_event(stack: Driver) -> dict[str, str]:
    (pid, *_) = function_processes(stack.port, ["deliver_event"])
    lines = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").split("\0")
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_an_event_that_is_refused_for_three_days_waits_for_a_replay_and_keeps_its_id(stack: Driver) -> None:
    receiver = Stubborn(refusals=10**9)
    environment = _environment_of_deliver_event(stack)
    now = stack.call("GET", "/local/clock", expect=200)["now"]
    with listening(receiver) as url, webhook_at(stack, url):
        stack.connect_next()
        until(lambda: max(receiver.tries.values(), default=0) >= 2, "it was tried again", PATIENCE_S)
        # Three days later others' mailboxes have events too.
        identifier = next(iter(receiver.tries))
        try:
            stack.call("POST", "/local/clock", {"advance_s": 3 * 86_400}, expect=200)
            log = stack.logs / "deliver-event.log"
            until(lambda: "event.given_up" in log.read_text(encoding="utf-8"), "it was given up", PATIENCE_S)
        finally:
            stack.call("POST", "/local/clock", {"now": now}, expect=200)
        receiver.refusals = 0

        # A pull may find nothing though a letter is there: then the operator asks once more.
        until(lambda: _replay(environment) >= 1, "an event was published again", PATIENCE_S)
        until(lambda: identifier in receiver.taken_ids(), "the event was taken at last", PATIENCE_S)


def _replay(environment: dict[str, str]) -> int:
    """How many events the operator's program has published again."""
    command = [sys.executable, "-m", "functions.notify.replay"]
    told = subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout
    return int(json.loads(told.splitlines()[-1])["replayed"])


def test_a_webhook_into_a_private_network_cannot_be_named(stack: Driver) -> None:
    admin = stack.token("admin")
    policy = stack.call("GET", "/oauth/org", token=admin, expect=200)
    for url in (
        "https://169.254.169.254/",
        "http://crm.example/",
        "https://user@crm.example/",
        "https://[::1]/",
    ):
        refused = stack.raw("PUT", "/oauth/org", {**policy, "webhook": {"url": url}}, token=admin)
        assert refused.status_code == 422, url
