"""`python -m local.stack --port P [--data DIR] [--fresh] [--state DIR] [--no-schedule]`: its supervisor."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from local import emulators
from local.assembly import dataset
from local.assembly.folders import StateFolder, state_name
from local.assembly.oauth_client import choose_client
from local.assembly.secret_seed import write_seed
from local.assembly.services import Assembly, all_services, gateway_config, port_names
from local.cli.fault import Fault
from local.clock import LocalClock
from local.gateway import config as gateway_configuration
from local.supervisor.board import Board
from local.supervisor.ports import holder_of, is_free, pick_free_ports
from local.supervisor.service import Service
from local.supervisor.supervisor import GaveUp, Supervisor

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Runs until Ctrl-C or SIGTERM (0), or until the stack cannot start (1, with a sentence)."""
    parser = argparse.ArgumentParser(prog="python -m local.stack", description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--functions", type=Path, default=ROOT / "functions", help="the functions' sources")
    parser.add_argument("--state", type=Path, default=ROOT / ".dev" / "state", help="where state is kept")
    parser.add_argument("--no-schedule", action="store_true", help="jobs run only where they are asked for")
    options = parser.parse_args()
    try:
        state_root = options.state.absolute()
        assembly = assemble(options.port, options.data, options.functions, state_root, options.fresh)
        left_out = {"scheduler"} if options.no_schedule else set()
        services = [service for service in all_services(assembly) if service.name not in left_out]
        asyncio.run(run(assembly, services))
    except (Fault, GaveUp) as fault:
        print(fault, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def assemble(public_port: int, data: Path | None, functions: Path, state_root: Path, fresh: bool) -> Assembly:
    """Checks the port and the data, prepares the state folder, picks ports and emulators. Raises Fault."""
    refuse_taken_port(public_port)
    environment = base_environment(os.environ)
    found = dataset.load(data or dataset.make_demo(ROOT, datetime.now(UTC), environment))
    ports = pick_free_ports(port_names())
    firestore, pubsub = official_emulators(ports, os.environ)
    state = StateFolder(state_root / state_name(data))
    if not state.is_kept(found.fingerprint):
        # Imported only for a data set that is new: the CRM's models take a quarter of a second.
        from local.assembly.contents import check_contents  # noqa: PLC0415

        check_contents(found)
    clear_state(state, found.fingerprint, fresh, keeps_nothing=firestore is not None)
    redirect_uri = f"http://localhost:{public_port}/oauth/callback"
    client = choose_client(found, redirect_uri, state.client, state.gmail_seed)
    write_seed(state.secrets, state.service_token, client.client_secret, state.webhook_secret)
    assembly = Assembly(
        root=ROOT,
        functions=functions.absolute(),
        public_port=public_port,
        ports=ports,
        data=found,
        state=state,
        client=client,
        firestore_command=firestore,
        pubsub_command=pubsub,
        base_environment=environment,
    )
    gateway_configuration.save(gateway_config(assembly), state.gateway_config)
    return assembly


async def run(assembly: Assembly, services: Sequence[Service]) -> None:
    """Supervises until a signal comes. Raises GaveUp."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    board = Board(assembly.state.status, _say)
    supervisor = Supervisor(services, board, assembly.state.logs)
    await supervisor.run(lambda: _say(ready_text(assembly, board.seconds())), stop)
    _say("All processes have ended.")


def refuse_taken_port(port: int) -> None:
    """Raises Fault with a sentence that names the port and, where it can be known, who holds it."""
    if is_free(port):
        return
    holder = holder_of(port)
    by = f" by {holder}" if holder else ""
    raise Fault(f"Port {port} is taken{by}: stop that, or choose another with --port.")


def official_emulators(
    ports: Mapping[str, int], environment: Mapping[str, str]
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """The commands of Google's Firestore and Pub/Sub emulators; None for one that is not installed."""
    java = emulators.find_java(environment)
    firestore, pubsub = emulators.find_firestore_jar(environment), emulators.find_pubsub_jar(environment)
    if java is None:
        return None, None
    return (
        tuple(emulators.firestore_command(firestore, java, ports["firestore"])) if firestore else None,
        tuple(emulators.pubsub_command(pubsub, java, ports["pubsub"])) if pubsub else None,
    )


def clear_state(state: StateFolder, fingerprint: str, fresh: bool, keeps_nothing: bool) -> None:
    """Wipes what cannot or must not be taken over from the last run, and says why."""
    kept = state.is_kept(fingerprint)
    if keeps_nothing and kept and not fresh:
        _say("Starting fresh: the official Firestore emulator keeps nothing between two runs.")
    elif not kept and state.fingerprint.exists() and not fresh:
        _say("Starting fresh: the data set has changed since the last run.")
    if fresh or keeps_nothing or not kept:
        state.wipe()
    state.begin(fingerprint)
    if offset_s := LocalClock(state.clock).offset_s():
        _say(f"The stack's clock still stands {offset_s:+.0f} s from this machine's (--fresh forgets it).")


def base_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What every process needs to run at all, and nothing else of the caller's environment."""
    kept = {name: environment[name] for name in ("PATH", "HOME") if name in environment}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def ready_text(assembly: Assembly, seconds: float) -> str:
    """The lines that are printed when everything is ok."""
    port = assembly.public_port
    firestore = "official emulator" if assembly.firestore_command else "embedded"
    pubsub = "official emulator" if assembly.pubsub_command else "embedded"
    warnings = "".join(f"  warning {line}\n" for line in data_warnings(assembly.state.logs))
    return (
        f"\nReady after {seconds:.1f} s (Firestore: {firestore}, Pub/Sub: {pubsub}).\n"
        f"  CRM     http://localhost:{port}/\n"
        f"  health  http://localhost:{port}/healthz\n"
        f"  logs    {assembly.state.logs}\n"
        f"{warnings}"
        "Ctrl-C ends everything.\n"
    )


def data_warnings(logs: Path) -> list[str]:
    """What the Gmail emulator said of mail and other entries that it could not use; the first twenty."""
    log = (logs / "gmail.log").read_text(encoding="utf-8", errors="replace")
    found = [line.removeprefix("gmail: ") for line in log.splitlines() if line.startswith("gmail: ")]
    more = [f"and {len(found) - 20} more, see gmail.log"] if len(found) > 20 else []
    return found[:20] + more


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
