"""`python -m local.gmail`: serves the emulator on one port."""

import argparse
import os
import sys
from pathlib import Path

from local import serve
from local.clock import LocalClock
from local.gmail.emulator import build_emulator
from local.gmail.push import GooglePublisher, Publish, no_publisher
from local.gmail.seed import Seed, read_seed


def main(arguments: list[str] | None = None) -> int:
    """Serves until SIGTERM. The exit code: 2 for a seed that can't be read."""
    options = _options(arguments)
    try:
        seed = read_seed(options.seed, options.seed_name) if options.seed else Seed(Path())
    except (OSError, ValueError) as error:
        sys.stderr.write(f"gmail: {error}\n")
        return 2
    publish: Publish = GooglePublisher() if os.environ.get("PUBSUB_EMULATOR_HOST") else no_publisher
    emulator = build_emulator(
        seed,
        mail=options.mail,
        database=options.database,
        clock=LocalClock(options.clock),
        public_url=options.public_url,
        publish=publish,
    )
    for warning in emulator.warnings:
        sys.stderr.write(f"gmail: {warning}\n")
    serve.serve(emulator.app, options.port, on_stop=emulator.close)
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.gmail", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the port on 127.0.0.1")
    parser.add_argument("--seed", type=Path, help="gmail.yaml: users, OAuth clients, labels, messages")
    parser.add_argument("--seed-name", default="", help="what warnings call the seed, where it is a copy")
    parser.add_argument("--mail", type=Path, help="a folder with <user email>/*.eml")
    parser.add_argument("--database", type=Path, help="the SQLite file; in memory without it")
    parser.add_argument("--clock", type=Path, help="the local stack's clock file")
    parser.add_argument("--public-url", help="the address by which browsers reach this server")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
