"""`python -m local.crm`: serves the demo CRM until SIGTERM."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from local.crm.app import CrmApp
from local.crm.models import Seed, User
from local.crm.records import Records
from local.crm.registration import Registration
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


def main() -> None:
    """Reads the seed, wires the parts, serves."""
    options = _options()
    try:
        seed = Seed.model_validate(yaml.safe_load(options.seed.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as fault:
        sys.exit(f"The CRM's seed {options.seed} cannot be used: {fault}")
    records = Records(seed, lambda: datetime.now(UTC))
    signer = TokenSigner(f"{options.public_url.rstrip('/')}/crm", seed.org.id)
    # Read at each call, so that a secret written anew is known without a restart.
    service_token, webhook_secret = options.service_token_file, options.webhook_secret_file
    inbox = WebhookInbox(lambda: _read(webhook_secret)) if webhook_secret else None
    registration = Registration(
        options.public_url, seed.org, lambda: signer.token_for(SETUP), with_webhook=inbox is not None
    )
    app = CrmApp(records, signer, lambda: _read(service_token), lambda: registration.done, inbox)
    registration.start()
    serve(app, options.port, on_stop=registration.stop)


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
