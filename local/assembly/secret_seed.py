"""The secrets of one local stack: random, made once, kept so that stored grants stay readable."""

import base64
import json
import secrets
from pathlib import Path

PROJECT = "crm-gmail-local"
TOKEN_KEY = f"projects/{PROJECT}/secrets/token-key"
CURSOR_KEY = f"projects/{PROJECT}/secrets/cursor-key"
CLIENT_SECRET = f"projects/{PROJECT}/secrets/google-client-secret"
SERVICE_TOKEN = f"projects/{PROJECT}/secrets/crm-service-token"
WEBHOOK_SECRET = f"projects/{PROJECT}/secrets/webhook-secret"


def write_seed(file: Path, service_token_file: Path, client_secret: str, webhook_secret_file: Path) -> None:
    """Writes local.secret_manager's seed (`{name: [base64 of each version]}`) and the CRM's two files."""
    kept: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    token = _decoded(kept[SERVICE_TOKEN][0]) if SERVICE_TOKEN in kept else secrets.token_urlsafe(32).encode()
    webhook = _decoded(kept[WEBHOOK_SECRET][0]) if WEBHOOK_SECRET in kept else _webhook_secret()
    seed = {
        TOKEN_KEY: kept.get(TOKEN_KEY) or [_encoded(secrets.token_bytes(32))],
        CURSOR_KEY: kept.get(CURSOR_KEY) or [_encoded(secrets.token_bytes(32))],
        CLIENT_SECRET: [_encoded(client_secret.encode())],
        SERVICE_TOKEN: [_encoded(token)],
        WEBHOOK_SECRET: [_encoded(webhook)],
    }
    _write_private(file, json.dumps(seed, indent=2))
    _write_private(service_token_file, token.decode("ascii"))
    _write_private(webhook_secret_file, webhook.decode("ascii"))


def _webhook_secret() -> bytes:
    """As Standard Webhooks writes it: whsec_ and 24 to 64 bytes in base64."""
    return b"whsec_" + base64.b64encode(secrets.token_bytes(32))


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text)
