"""`python -m local.firestore --port P [--host H] [--indexes FILE.tf] [--store FILE]`."""

import argparse
import sys
from pathlib import Path

from local.firestore.light_import import skip_client
from local.stop_signal import StopSignal


def main() -> int:
    """Serves until SIGTERM or SIGINT. The exit code is 1 if it could not start, with the reason on stderr."""
    options = _options()
    stop = StopSignal()
    skip_client()
    from local.firestore.server import FirestoreServer  # noqa: PLC0415 - after skip_client()
    from local.firestore.terraform import TerraformError, read_indexes  # noqa: PLC0415

    try:
        server = FirestoreServer(read_indexes(options.indexes) if options.indexes else None, options.store)
        port = server.start(options.port, options.host)
    except (OSError, RuntimeError, TerraformError) as error:
        print(f"firestore: {error}", file=sys.stderr)
        return 1
    print(f"firestore: listening on {options.host}:{port}", flush=True)
    stop.wait()
    server.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local.firestore", description="An embedded Firestore server."
    )
    parser.add_argument("--port", type=int, required=True, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--indexes", type=Path, metavar="FILE.tf", help="the composite indexes that exist")
    parser.add_argument("--store", type=Path, metavar="FILE", help="SQLite file; memory without it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
