"""`python -m local.secret_manager --port P --seed FILE.json`: serves on 127.0.0.1:P until SIGTERM."""

import argparse
import sys
from pathlib import Path

from local.grpc_server import GrpcServer, run_until_signal
from local.secret_manager.seed import fill
from local.secret_manager.services import services
from local.secret_manager.store import SecretStore


def main() -> None:
    """Exit code 1 with one sentence where the seed cannot be read or the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m local.secret_manager", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the port on 127.0.0.1; 0 picks a free one")
    parser.add_argument(
        "--seed", type=Path, help='JSON file: {"projects/p/secrets/s": ["base64 of version 1", …]}'
    )
    options = parser.parse_args()
    store = SecretStore()
    try:
        if options.seed is not None:
            fill(store, options.seed.read_text(encoding="utf-8"))
        server = GrpcServer(services(store), options.port)
    except (OSError, ValueError) as error:
        sys.exit(f"Secret Manager cannot start: {error}")
    run_until_signal(server, lambda: None)


if __name__ == "__main__":
    main()
