"""Starts the embedded Firestore and Google's emulator, each in a process of its own, behind Google's client library."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore as google_firestore

from local.emulators import find_firestore_jar, find_java, firestore_command
from tests.local.free_port import free_port
from tests.local.waiting import until

EMBEDDED = "embedded"
OFFICIAL = "official"

_START_DEADLINE_S = 120.0
_ROOT = Path(__file__).parents[2]
_JAVA = find_java(os.environ)
_JAR = find_firestore_jar(os.environ)
OFFICIAL_IS_HERE = _JAVA is not None and _JAR is not None


@dataclass(frozen=True)
class Firestore:
    """A running server and one project of it."""

    kind: str
    address: str
    project: str

    def client(self, **options: Any) -> Any:
        """A google.cloud.firestore.Client of the project."""
        return self._connect(google_firestore.Client, options)

    def async_client(self) -> Any:
        """A google.cloud.firestore.AsyncClient of the project."""
        return self._connect(google_firestore.AsyncClient, {})

    def _connect(self, make: Callable[..., Any], options: dict[str, Any]) -> Any:
        # The client library reads the address from the environment, and from nowhere else.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FIRESTORE_EMULATOR_HOST", self.address)
            return make(project=self.project, **options)


@contextmanager
def running(kind: str, command: list[str], port: int) -> Iterator[Firestore]:
    """Runs a server and waits until it takes connections."""
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_port(process, port)
        yield Firestore(kind, f"127.0.0.1:{port}", f"test-{uuid.uuid4().hex[:8]}")
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def embedded(*options: str) -> Iterator[Firestore]:
    """An embedded server with the given command line options."""
    port = free_port()
    command = [sys.executable, "-m", "local.firestore", "--port", str(port), *options]
    with running(EMBEDDED, command, port) as server:
        yield server


@contextmanager
def official() -> Iterator[Firestore]:
    """Google's emulator. Call it only where OFFICIAL_IS_HERE."""
    assert _JAR is not None
    assert _JAVA is not None
    port = free_port()
    with running(OFFICIAL, firestore_command(_JAR, _JAVA, port), port) as server:
        _warm_up(replace(server, project="warm-up").client())
        yield server


def ids(query: Any) -> list[str]:
    """The ids of a query's documents, in order."""
    return [snapshot.id for snapshot in query.stream()]


def turns(contender: int) -> Iterator[float]:
    """Seconds that one of several contenders for a document waits before each attempt of its transaction.

    The official emulator keeps no line of those who wait: contenders that try again at once, as Google's client does,
    abort each other until chance ends it (all of 12 attempts of two, 2 s each, were seen).
    """
    return chain([0.0], repeat(contender * 0.3))


def _warm_up(client: Any) -> None:
    """Java loads what it needs with the first calls: seconds, and ours have time-outs of a few."""
    document = client.document("c/a")
    document.set({"n": 1})
    document.get()
    ids(client.collection("c"))
    google_firestore.transactional(lambda transaction: document.get(transaction=transaction))(
        client.transaction()
    )
    document.delete()


def _wait_for_port(process: subprocess.Popen[bytes], port: int) -> None:
    def answers() -> bool:
        assert process.poll() is None, f"the server ended with code {process.returncode}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(answers, f"port {port}", _START_DEADLINE_S)
