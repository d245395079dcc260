"""A supervisor over two tiny services, run as a process by the tests:
`FOLDER PORT PORT SECONDS-UNTIL-DOWN SECONDS-UNTIL-REPLACED [a command that fails]`.
"""

import asyncio
import signal
import sys
from pathlib import Path

from local.supervisor.board import Board
from local.supervisor.probes import accepts, answers_http
from local.supervisor.service import Service
from local.supervisor.supervisor import GaveUp, Patience, Supervisor

NOWHERE = 1
"""A port that nobody listens on."""


def services(folder: Path, ports: list[int], failing: str | None) -> list[Service]:
    """`one`, then `two`, and `broken` where a failing program is given."""
    found = []
    for name, port in zip(("one", "two"), ports, strict=True):
        command = (sys.executable, "-S", "-m", "tests.local.tiny_service", str(folder), name, str(port))
        probe = answers_http(port, "/healthz", timeout_s=1.0)
        after = ("one",) if name == "two" else ()
        found.append(Service(name, command, probe, port=port, grace_s=1.0, after=after))
    if failing is not None:
        # On a busy machine it may take its time to fail: as long as nobody answers, it does not count as started.
        found.append(Service("broken", (sys.executable, "-S", "-c", failing), accepts(NOWHERE)))
    return found


async def _run(folder: Path, ports: list[int], patience: Patience, failing: str | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    board = Board(folder / "status.json", lambda line: print(line, flush=True))
    supervisor = Supervisor(services(folder, ports, failing), board, folder, patience)
    await supervisor.run(lambda: print("READY", flush=True), stop)


def main(arguments: list[str]) -> None:
    """Exit code 1 and a sentence where a service cannot start."""
    folder, first, second, down_s, replace_s, *failing = arguments
    patience = Patience(float(down_s), float(replace_s))
    try:
        asyncio.run(_run(Path(folder), [int(first), int(second)], patience, failing[0] if failing else None))
    except GaveUp as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main(sys.argv[1:])
