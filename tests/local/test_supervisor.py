"""The supervisor leaves nothing behind, restarts what crashes and tells what it does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.supervisor.ports import is_free
from local.supervisor.supervisor import Patience
from tests.local.free_port import free_port
from tests.local.waiting import is_alive, until

ROOT = Path(__file__).resolve().parents[2]
PATIENT = Patience()


@dataclass
class Stack:
    """A tiny stack that runs in a process of its own."""

    process: subprocess.Popen[bytes]
    folder: Path
    ports: list[int]

    def pid(self, name: str) -> int:
        return int((self.folder / f"{name}.pid").read_text())

    def all_pids(self) -> list[int]:
        return [self.pid(name) for name in ("one", "two", "one.child", "two.child")]

    def states(self) -> dict[str, str]:
        status: dict[str, dict[str, str]] = json.loads((self.folder / "status.json").read_text())
        return status["services"]

    def output(self) -> str:
        return (self.folder / "output").read_text()

    def left_behind(self) -> list[int]:
        """What is still there of it: process ids and ports."""
        return [pid for pid in self.all_pids() if is_alive(pid)] + [p for p in self.ports if not is_free(p)]


def start(folder: Path, *failing: str, patience: Patience = PATIENT) -> Stack:
    ports = [free_port(), free_port()]
    numbers = map(str, (*ports, patience.down_after_s, patience.replace_after_s))
    command = [sys.executable, "-m", "tests.local.tiny_stack", str(folder), *numbers, *failing]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
    return Stack(process, folder, ports)


def end(stack: Stack) -> None:
    if stack.process.poll() is None:
        stack.process.terminate()
        stack.process.wait(60)


@contextmanager
def ready(running: Stack) -> Iterator[Stack]:
    try:
        until(lambda: "READY" in running.output(), "the tiny stack is ready")
        yield running
    finally:
        end(running)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with ready(start(tmp_path)) as running:
        yield running


def run_to_its_end(folder: Path, failing: str) -> Stack:
    """A stack with a service that runs `failing`, after it has ended by itself with exit code 1."""
    running = start(folder, failing)
    try:
        assert running.process.wait(60) == 1
    finally:
        end(running)
    return running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_supervisor_leaves_no_process_and_no_port(stack: Stack, number: signal.Signals) -> None:
    assert len(stack.left_behind()) == 6, "the control: while it runs, there is something to leave behind"
    stack.process.send_signal(number)
    assert stack.process.wait(60) == 0
    # What is killed ends when the machine comes to it.
    until(lambda: stack.left_behind() == [], "all that the supervisor started has ended")


def test_a_killed_supervisor_leaves_no_process_and_no_port(stack: Stack) -> None:
    assert len(stack.left_behind()) == 6
    stack.process.kill()
    stack.process.wait(60)
    until(lambda: stack.left_behind() == [], "all that a killed supervisor started has ended")


def test_a_crashed_service_is_started_again_on_the_same_port(stack: Stack) -> None:
    crashed, child = stack.pid("one"), stack.pid("one.child")
    os.kill(crashed, signal.SIGKILL)
    until(lambda: stack.pid("one") != crashed and stack.states()["one"] == "ok", "service one is back")
    assert stack.states() == {"one": "ok", "two": "ok"}
    assert not is_alive(child), "the child of the crashed process is gone too"
    assert "one            down" in stack.output()


def test_a_service_that_answers_nobody_is_shown_as_down_and_then_replaced(tmp_path: Path) -> None:
    with ready(start(tmp_path, patience=Patience(1.0, 5.0))) as stack:
        frozen = stack.pid("two")
        os.kill(frozen, signal.SIGSTOP)
        # The line stays where the state may be seen for an instant only.
        until(lambda: "two            down" in stack.output(), "service two is shown as down")
        until(lambda: stack.pid("two") != frozen and stack.states()["two"] == "ok", "service two is replaced")
        assert not is_alive(frozen)


def test_a_service_that_cannot_start_ends_everything_with_a_sentence(tmp_path: Path) -> None:
    stack = run_to_its_end(tmp_path, "import sys; sys.exit('seed.yaml, line 3: no such user')")
    assert "broken could not start: seed.yaml, line 3: no such user" in stack.output()
    until(lambda: all(map(is_free, stack.ports)), "nobody listens any more")


def test_a_service_that_refuses_its_options_is_not_tried_again(tmp_path: Path) -> None:
    stack = run_to_its_end(tmp_path, "import sys; print('unknown option'); sys.exit(2)")
    assert stack.output().count("broken         down") == 1


def test_a_service_starts_after_those_that_it_needs(stack: Stack) -> None:
    began = [(stack.folder / f"{name}.pid").stat().st_mtime for name in ("one", "two")]
    lines = [line.split()[1] for line in stack.output().splitlines() if " ok " in line]
    assert lines == ["one", "two"]
    assert began == sorted(began)


def test_every_service_has_a_line_with_its_state_and_port(stack: Stack) -> None:
    for name, port in zip(("one", "two"), stack.ports, strict=True):
        (line,) = [line for line in stack.output().splitlines() if f"  {name} " in line]
        assert f"port {port}" in line
        assert " ok " in line
