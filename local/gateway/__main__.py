"""`python -m local.gateway --config FILE.json`"""

import argparse
import threading
from pathlib import Path

from local.clock import LocalClock
from local.gateway.config import GatewayConfig, load
from local.gateway.control import LocalControl
from local.gateway.deliveries import Deliveries
from local.gateway.emulator import Emulator
from local.gateway.internal import InternalFront
from local.gateway.public import PublicFront
from local.gateway.signer import Signer
from local.gateway.ticks import Ticks
from local.serve import make, serve


def main() -> None:
    """Serves both ports until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m local.gateway", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    config = load(parser.parse_args().config)
    deliveries = Deliveries(config.max_attempts)
    internal = make(
        InternalFront(config, Signer(config.internal_url, config.project), deliveries), config.internal_port
    )
    threading.Thread(target=internal.serve_forever, daemon=True).start()
    serve(public_front(config, deliveries), config.public_port, on_stop=internal.shutdown)


def public_front(config: GatewayConfig, deliveries: Deliveries) -> PublicFront:
    """The application of the public port, with its parts."""
    emulator = Emulator(config.gmail_port)
    ticks = Ticks(config.internal_url, emulator, deliveries)

    def read_store() -> dict[str, object]:
        # Imported at the first call: Firestore's client takes half of the gateway's start otherwise.
        from local.gateway import store  # noqa: PLC0415

        return store.read_store(config.project)

    control = LocalControl(LocalClock(Path(config.clock_file)), emulator, ticks, read_store)
    return PublicFront(config, control)


if __name__ == "__main__":
    main()
