"""Eight threads of one process read two users' mail: nobody gets the other's.

The control makes the same calls through what google-api-python-client brings along, httplib2, shared by the
threads: there callers do get each other's mail, without any error.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httplib2
import pytest
from googleapiclient.discovery import build_from_document

from local.gmail.discovery import document
from shared.adapters.gmail import GmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from tests.local.gmail.running import ALICE, BOB, MODIFY, Running, deliver, mail, running

THREADS = 8
MAILS = 10
ROUNDS = 5
CONTROL_S = 120.0

ReadOwner = Callable[[str, str], str]
"""Reads a message of a user's, both given, and answers to whom the mail that came back was written."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def messages(server: Running) -> list[tuple[str, str]]:
    """(user, message id), the two users by turns."""
    return [(user, deliver(server, mail(to=user), user)["id"]) for _ in range(MAILS) for user in (ALICE, BOB)]


def _outcomes(read: ReadOwner, messages: list[tuple[str, str]], rounds: int) -> Counter[str]:
    """How many reads brought the right mail, another one, or an error, all threads starting together."""
    start = threading.Barrier(THREADS)

    def work(first: int) -> Counter[str]:
        found: Counter[str] = Counter()
        start.wait()
        for user, message_id in (messages[first:] + messages[:first]) * rounds:
            try:
                found["right" if read(user, message_id) == user else "another's"] += 1
            except Exception:  # whatever the library under test makes of it
                found["error"] += 1
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(work, range(THREADS)), Counter())


def test_each_thread_gets_the_mail_that_it_asked_for(
    server: Running, messages: list[tuple[str, str]]
) -> None:
    pool = HttpPool()
    tokens = {user: server.tokens.grant(user, MODIFY) for user in (ALICE, BOB)}

    def read(user: str, message_id: str) -> str:
        gmail = GmailClient(pool, f"http://127.0.0.1:{server.port}/", Bearer(lambda _: tokens[user]))
        return gmail.get_mail(message_id).metadata.first("To")

    assert _outcomes(read, messages, ROUNDS) == {"right": THREADS * ROUNDS * 2 * MAILS}


def test_control_threads_that_share_httplib2_do_not(server: Running, messages: list[tuple[str, str]]) -> None:
    tokens = {user: server.tokens.grant(user, MODIFY) for user in (ALICE, BOB)}
    described = {**document(), "rootUrl": f"http://127.0.0.1:{server.port}/"}
    shared = httplib2.Http(timeout=1)
    users: Any = build_from_document(described, http=shared).users()

    def read(user: str, message_id: str) -> str:
        request = users.messages().get(userId="me", id=message_id, format="metadata")
        request.headers["authorization"] = f"Bearer {tokens[user]}"
        headers = request.execute(num_retries=0)["payload"]["headers"]
        return str(next(header["value"] for header in headers if header["name"] == "To"))

    ends_at, mixed = time.monotonic() + CONTROL_S, 0
    while not mixed and time.monotonic() < ends_at:
        mixed = _outcomes(read, messages, 1)["another's"]
    assert mixed, f"httplib2 mixed nothing up in {CONTROL_S:.0f} s: the other test proves nothing"
