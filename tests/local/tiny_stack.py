"""A supervisor over two tiny services, run as a process by the tests: `FOLDER PORT PORT [a command that fails]`."""

import asyncio
import signal
import sys
from pathlib import Path

from local.supervisor.board import Board
from local.supervisor.probes import answers_http, runs
from local.supervisor.service import Service
from local.supervisor.supervisor import GaveUp, Patience, Supervisor


def services(folder: Path, ports: list[int], failing: str | None) -> list[Service]:
    """`one`, then `two`, and `broken` where a failing program is given."""
    found = []
    for name, port in zip(("one", "two"), ports, strict=True):
        command = (sys.executable, "-S", "-m", "tests.local.tiny_service", str(folder), name, str(port))
        probe = answers_http(port, "/healthz", timeout_s=1.0)
        after = ("one",) if name == "two" else ()
        found.append(Service(name, command, probe, port=port, grace_s=1.0, after=after))
    if failing is not None:
        found.append(Service("broken", (sys.executable, "-S", "-c", failing), runs()))
    return found


async def _run(folder: Path, ports: list[int], failing: str | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    board = Board(folder / "status.json", lambda line: print(line, flush=True))
    supervisor = Supervisor(services(folder, ports, failing), board, folder, Patience(2.0, 4.0))
    await supervisor.run(lambda: print("READY", flush=True), stop)


def main(arguments: list[str]) -> None:
    """Exit code 1 and a sentence where a service cannot start."""
    folder, first, second, *failing = arguments
    try:
        asyncio.run(_run(Path(folder), [int(first), int(second)], failing[0] if failing else None))
    except GaveUp as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main(sys.argv[1:])
