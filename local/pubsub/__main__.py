"""`python -m local.pubsub --port P`: serves the embedded Pub/Sub on 127.0.0.1:P until SIGTERM."""

import argparse
import sys

from local.grpc_server import GrpcServer, run_until_signal
from local.pubsub.broker import Broker
from local.pubsub.services import services


def main() -> None:
    """Exit code 1 with one sentence where the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m local.pubsub", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the port on 127.0.0.1; 0 picks a free one")
    options = parser.parse_args()
    broker = Broker()
    try:
        server = GrpcServer(services(broker), options.port)
    except OSError as error:
        sys.exit(f"Pub/Sub cannot start: {error}")
    run_until_signal(server, broker.close)


if __name__ == "__main__":
    main()
