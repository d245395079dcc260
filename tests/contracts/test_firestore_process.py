"""The embedded Firestore as a process: how it starts, ends, keeps its documents and says what is wrong."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from google.cloud.firestore import ArrayUnion

from local.firestore.engine import Engine
from local.firestore.messages import Document, Write
from local.firestore.queries import Scope
from local.firestore.server import FirestoreServer
from shared.adapters.firestore.notice_feed import REOPEN_S, FirestoreFeedListener
from tests.contracts.firestore_servers import EMBEDDED, Firestore, embedded, ids
from tests.local.free_port import free_port
from tests.local.waiting import until

pytest_plugins = ["tests.contracts.firestore_fixtures"]

_ROOT = Path(__file__).parents[2]


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], Firestore]]:
    """A server of its own that the test may kill; it is ready when this yields."""
    port = free_port()
    command = [sys.executable, "-m", "local.firestore", "--port", str(port), *options]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == f"firestore: listening on 127.0.0.1:{port}\n"
            yield server, Firestore(EMBEDDED, f"127.0.0.1:{port}", "process")
        finally:
            server.kill()


def test_a_restart_keeps_every_document(tmp_path: Path) -> None:
    store = str(tmp_path / "firestore.sqlite")
    with embedded("--store", store) as server:
        client = Firestore(EMBEDDED, server.address, "kept").client()
        client.document("c/a").set({"x": 1, "bytes": b"\x00", "map": {"list": [None, 1.5]}})
        client.document("c/a").update({"tags": ArrayUnion(["t"])})
        client.document("c/a/sub/b").set({"x": 2})
        client.document("c/gone").set({"x": 3})
        client.document("c/gone").delete()
        before = client.document("c/a").get()
    with embedded("--store", store) as server:
        client = Firestore(EMBEDDED, server.address, "kept").client()
        after = client.document("c/a").get()
        assert after.to_dict() == before.to_dict()
        assert (after.create_time, after.update_time) == (before.create_time, before.update_time)
        assert ids(client.collection("c")) == ["a"]
        assert ids(client.collection_group("sub")) == ["b"]
        client.document("c/a").set({"x": 9})
        assert client.document("c/a").get().update_time > before.update_time


def test_a_killed_server_loses_no_commit(tmp_path: Path) -> None:
    store = str(tmp_path / "firestore.sqlite")
    with process("--store", store) as (server, firestore):
        client = firestore.client()
        batch = client.batch()
        for number in range(20):
            batch.set(client.document(f"c/d{number}"), {"n": number})
        batch.commit()
        server.kill()
    with process("--store", store) as (_, firestore):
        assert len(ids(firestore.client().collection("c"))) == 20


def test_without_a_store_a_restart_forgets_everything() -> None:
    with process() as (_, firestore):
        firestore.client().document("c/a").set({"x": 1})
    with process() as (_, firestore):
        assert ids(firestore.client().collection("c")) == []


def test_it_starts_with_less_than_a_second_of_work_and_ends_when_it_is_told() -> None:
    # Processor time, because the machine may be busy with other tests.
    before = _children_cpu_s()
    with process() as (server, _firestore):
        server.terminate()
        assert server.wait(60) == 0
    assert _children_cpu_s() - before < 1


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_it_ends_although_a_client_listens() -> None:
    # It takes a quarter of a second, on a busy machine many times that. If it waited for its client it would never end.
    with process() as (server, firestore):
        seen: list[Any] = []
        watch = firestore.client().collection("c").on_snapshot(lambda *args: seen.append(args))
        listener = FirestoreFeedListener(watch)
        until(lambda: len(seen) == 1, "the first snapshot")
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
        listener.stop()


@dataclass
class Listening:
    """A listener and its server; `opened` are the seconds at which its client opened the stream again.

    While `may_open` is not set, the client stands still in the midst of opening it, and `stands` says so.
    """

    server: subprocess.Popen[str]
    watch: Any
    rpc: Any
    thread: Thread
    opened: list[float] = field(default_factory=list)
    may_open: Event = field(default_factory=Event)
    stands: Event = field(default_factory=Event)


@pytest.fixture
def listening() -> Iterator[Listening]:
    with process() as (server, firestore):
        seen: list[Any] = []
        watch = firestore.client().collection("c").on_snapshot(lambda *args: seen.append(args))
        until(lambda: len(seen) == 1, "the first snapshot")
        listening = Listening(server, watch, watch._rpc, watch._consumer._thread)
        listening.may_open.set()
        start = listening.rpc._start_rpc

        def note_and_start(*arguments: Any, **options: Any) -> Any:
            listening.opened.append(time.monotonic())
            if not listening.may_open.is_set():
                listening.stands.set()
                listening.may_open.wait()
            return start(*arguments, **options)

        listening.rpc._start_rpc = note_and_start
        yield listening
        listening.may_open.set()
        listening.rpc._should_recover = lambda _error: False
        until(lambda: not listening.thread.is_alive(), "the client's thread has ended")


def test_a_listener_whose_server_is_gone_tries_once_a_second_and_ends_when_it_is_stopped(
    listening: Listening,
) -> None:
    listener = FirestoreFeedListener(listening.watch)
    listening.server.kill()
    until(lambda: len(listening.opened) >= 3, "it has tried again")
    listener.stop()
    until(lambda: not listening.thread.is_alive(), "its thread has ended")
    pauses = [after - before for before, after in pairwise(listening.opened)]
    assert min(pauses) >= REOPEN_S


def test_control_googles_client_tries_without_a_pause_and_goes_on_after_its_end(listening: Listening) -> None:
    listening.server.kill()
    until(lambda: len(listening.opened) > 100, "it has tried again and again")
    # Its end cancels the call it has. It has none while it opens one, and which of the two it meets is chance.
    listening.may_open.clear()
    until(listening.stands.is_set, "it opens the stream once more")
    listening.watch.unsubscribe()
    before = len(listening.opened)
    listening.may_open.set()
    until(lambda: len(listening.opened) > before + 100, "it goes on")


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        failed = run("--port", port)
    assert failed.returncode == 1
    assert port in failed.stderr


def test_an_index_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    failed = run("--port", "0", "--indexes", str(tmp_path / "absent.tf"))
    assert failed.returncode == 1
    assert "absent.tf" in failed.stderr


def run(*options: str) -> subprocess.CompletedProcess[str]:
    """Runs a server that is not expected to start."""
    return subprocess.run(
        [sys.executable, "-m", "local.firestore", *options],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=dict(os.environ),
    )


def test_a_server_inside_a_process_can_be_reset() -> None:
    server = FirestoreServer()
    port = server.start()
    try:
        client = Firestore(EMBEDDED, f"127.0.0.1:{port}", "reset").client()
        client.document("c/a").set({"x": 1})
        assert ids(client.collection("c")) == ["a"]
        server.reset()
        assert ids(client.collection("c")) == []
    finally:
        server.stop()


def test_a_query_scans_its_own_collection_only() -> None:
    engine = Engine()
    root = "projects/p/databases/(default)/documents"
    crowd = [Write(update=Document(name=f"{root}/crowd/d{number}")) for number in range(500)]
    engine.commit([*crowd, Write(update=Document(name=f"{root}/crowd/d1/alone/a"))])
    database = engine.storage.database(root)
    one = Scope(f"{root}/crowd/d1", "alone", all_descendants=False)
    group = Scope(root, "alone", all_descendants=True)
    for scope in (one, group):
        assert [each.name for each in database.scan(scope)] == [f"{root}/crowd/d1/alone/a"]
        assert [each.name for each in database.in_scope(scope)] == [f"{root}/crowd/d1/alone"]
