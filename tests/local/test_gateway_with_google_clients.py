"""The gateway between the embedded Pub/Sub, the embedded Firestore and Google's own clients."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]

from local.assembly.topics import wait_until_it_listens
from local.gateway.store import read_store
from tests.local.free_port import free_port
from tests.local.front import Front, running_front
from tests.local.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "crm-gmail-local"


@contextmanager
def running(module: str, *options: str) -> Iterator[str]:
    """`python -m module --port P …`, from when it listens until the context ends; yields `host:port`."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", module, "--port", str(port), *options], cwd=ROOT)
    try:
        wait_until_it_listens(f"127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def make_topics(pubsub: str, push_to: str) -> None:
    environment: Mapping[str, str] = {**os.environ, "PUBSUB_EMULATOR_HOST": pubsub}
    command = [sys.executable, "-m", "local.assembly.topics", "--push-to", push_to, "--max-attempts", "5"]
    subprocess.run(command, cwd=ROOT, env=dict(environment), check=True, timeout=120)


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    with running_front(tmp_path) as gateway:
        yield gateway


def test_a_published_message_reaches_its_entry_point_with_a_token(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("local.pubsub") as pubsub:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub)
        make_topics(pubsub, front.config.internal_url)
        make_topics(pubsub, front.config.internal_url)  # as at a restart: what is there stays
        publisher: Any = PublisherClient()
        message_id = publisher.publish(
            f"projects/{PROJECT}/topics/label-mailbox", b'{"m":1}', kind="x"
        ).result()
        until(lambda: front.private["label_mailbox"].asked != [], "the push has come")
    (asked,) = front.private["label_mailbox"].asked
    assert asked["headers"]["authorization"].startswith("Bearer eyJ")
    assert f'"{message_id}"' in asked["body"]
    assert base64.b64encode(b'{"m":1}').decode() in asked["body"]
    assert front.private["on_gmail_push"].asked == []


def test_the_store_shows_every_document_and_those_below_missing_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    with running("local.firestore") as address:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        client = firestore.Client(project=PROJECT)
        moment = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
        client.document("mailboxes/m1").set({"email": "alice@example.com", "token": b"\x01", "at": moment})
        client.document("mailboxes/m1/notices/n1").set({"from": "kim@example.org"})
        client.document("orgs/o1/shares/s1").set({"contact": client.document("contacts/c1")})
        shown = read_store(PROJECT)
    assert shown == {
        "documents": {
            "mailboxes/m1": {
                "email": "alice@example.com",
                "token": {"bytes": "AQ=="},
                "at": "2026-11-24T06:00:00Z",
            },
            "mailboxes/m1/notices/n1": {"from": "kim@example.org"},
            "orgs/o1/shares/s1": {"contact": {"reference": "contacts/c1"}},
        }
    }
