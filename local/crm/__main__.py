"""`python -m local.crm`: serves the demo CRM until SIGTERM."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from local.crm.app import CrmApp
from local.crm.models import Seed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from local.serve import serve


def main() -> None:
    """Reads the seed, wires the parts, serves."""
    options = _options()
    try:
        seed = Seed.model_validate(yaml.safe_load(options.seed.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as fault:
        sys.exit(f"The CRM's seed {options.seed} cannot be used: {fault}")
    records = Records(seed, lambda: datetime.now(UTC))
    signer = TokenSigner(f"{options.public_url.rstrip('/')}/crm", seed.org.id)
    # Read at each call, so that a token written anew is known without a restart.
    app = CrmApp(records, signer, lambda: options.service_token_file.read_text(encoding="utf-8").strip())
    serve(app, options.port)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.crm", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=Path, required=True, help="crm.yaml")
    parser.add_argument("--public-url", required=True, help="the gateway, as a browser sees it")
    parser.add_argument("--service-token-file", type=Path, required=True, help="holds the connector's token")
    parser.add_argument("--gmail-url", help="the Gmail emulator; not needed by the CRM itself")
    return parser.parse_args()


if __name__ == "__main__":
    main()
