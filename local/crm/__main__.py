"""`python -m local.crm`: serves the demo CRM until SIGTERM."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from local.crm.app import CrmApp
from local.crm.fault_words import faults_of
from local.crm.models import Seed, User
from local.crm.records import Records
from local.crm.registration import Registration
from local.crm.seed_file import read_seed
from local.crm.tokens import TokenSigner
from local.crm.webhook import WebhookInbox
from local.serve import serve

SETUP = User(
    id="crm-setup",
    name="The CRM's own set-up",
    email="setup@crm.example",
    roles=("setup",),
    permissions=("mail_integration", "mail_admin"),
)
"""Whom the CRM acts as where it sets itself up; no person has these permissions by it."""
_MISUSE = 2


def main() -> None:
    """Reads the seed, wires the parts, serves."""
    options = _options()
    seed = _seed(options.seed)
    records = Records(seed, lambda: datetime.now(UTC))
    signer = TokenSigner(f"{options.public_url.rstrip('/')}/crm", seed.org.id, seed.keys)
    # Read at each call, so that a secret written anew is known without a restart.
    service_token, webhook_secret = options.service_token_file, options.webhook_secret_file
    inbox = WebhookInbox(lambda: _read(webhook_secret)) if webhook_secret else None
    registration = Registration(
        options.public_url,
        seed.org,
        lambda: signer.token_for(SETUP),
        _give_up,
        with_webhook=inbox is not None,
    )
    app = CrmApp(records, signer, lambda: _read(service_token), lambda: registration.done, inbox)
    registration.start()
    serve(app, options.port, on_stop=registration.stop)


def _seed(file: Path) -> Seed:
    try:
        return read_seed(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as invalid:
        fault = "; ".join(f"{place}: {what}" if place else what for place, what in faults_of(invalid))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        fault = str(error)
    sys.exit(f"The CRM's seed {file} cannot be used: {fault}")


def _give_up(reason: str) -> None:
    """Ends this process as one that no further start will help."""
    sys.stderr.write(f"crm: {reason}\n")
    sys.stderr.flush()
    # sys.exit() would end only the registration's own thread.
    os._exit(_MISUSE)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.crm", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=Path, required=True, help="crm.yaml")
    parser.add_argument("--public-url", required=True, help="the gateway, as a browser sees it")
    parser.add_argument("--service-token-file", type=Path, required=True, help="holds the connector's token")
    parser.add_argument("--webhook-secret-file", type=Path, help="holds the secret that signs events")
    parser.add_argument("--gmail-url", help="the Gmail emulator; not needed by the CRM itself")
    return parser.parse_args()


if __name__ == "__main__":
    main()
