"""Whole stacks as a new user starts them, one process tree each, on a data set of the test's own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.processes import processor_seconds
from tests.e2e.driver import Driver
from tests.local.free_port import free_port
from tests.local.waiting import until

ROOT = Path(__file__).resolve().parents[2]
READY_S = 240


@contextmanager
def running_stack(
    data: Path | None,
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    ready_s: float = READY_S,
    scheduled: bool = False,
) -> Iterator[Driver]:
    """Starts the stack on `data` (None: the demo's), which may take `ready_s` seconds.

    `without` names programs (java, node) that this machine shall not have. Scheduled jobs run only where a test asks
    for them, unless it is `scheduled`: a tick of the stack's own would come between what a test does and what it sees.
    """
    port = free_port()
    log = folder / "stack.log"
    command = [sys.executable, "-m", "local.stack", "--port", str(port), "--fresh"]
    if data is not None:
        command += ["--data", str(data)]
    if not scheduled:
        command.append("--no-schedule")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(folder, without),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    driver = Driver(port)
    try:
        until(lambda: _ready(driver, process, log), "the stack is ready", ready_s)
        driver.start_work_s = processor_seconds(process.pid)
        driver.logs, driver.told = _log_folder(log), log
        yield driver
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def _environment(folder: Path, without: tuple[str, ...]) -> Mapping[str, str]:
    if not without:
        return os.environ
    # A PATH on which everything is but these programs: links to all the rest.
    tools = folder / "bin"
    tools.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).glob("*"):
            if program.name in without:
                continue
            (tools / program.name).unlink(missing_ok=True)
            (tools / program.name).symlink_to(program)
    return {**os.environ, "PATH": str(tools), "JAVA_HOME": ""}


def _ready(driver: Driver, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text(encoding="utf-8")
    if "\nReady after" not in log.read_text(encoding="utf-8"):
        return False
    try:
        answer = requests.get(f"{driver.url}/healthz", timeout=5)
    except requests.RequestException:
        return False
    return answer.status_code == 200


def _log_folder(log: Path) -> Path:
    found = re.search(r"^ +logs +(\S.*)$", log.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, log.read_text(encoding="utf-8")
    return Path(found[1])
