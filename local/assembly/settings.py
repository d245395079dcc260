"""The environment of the functions, as docs/local-stack.md lists it: nothing else reaches them."""

from collections.abc import Mapping
from pathlib import Path

from local.assembly.secret_seed import (
    CLIENT_SECRET,
    CURSOR_KEY,
    PROJECT,
    SERVICE_TOKEN,
    TOKEN_KEY,
    WEBHOOK_SECRET,
)

GMAIL_TOPIC = f"projects/{PROJECT}/topics/gmail"
LABEL_TOPIC = f"projects/{PROJECT}/topics/label-mailbox"
EVENTS_TOPIC = f"projects/{PROJECT}/topics/events"


def function_settings(
    public_port: int, ports: Mapping[str, int], client_id: str, clock: Path
) -> dict[str, str]:
    """What every function gets. `ports` are the processes' ports by name."""
    gmail, public = f"127.0.0.1:{ports['gmail']}", f"http://localhost:{public_port}"
    return {
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{ports['firestore']}",
        "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{ports['pubsub']}",
        "SECRET_MANAGER_ENDPOINT": f"127.0.0.1:{ports['secrets']}",
        "PUBLIC_URL": public,
        "GMAIL_API_ROOT": f"http://{gmail}/",
        "GOOGLE_AUTHORIZATION_URL": f"{gmail_public_url(ports['gmail'])}/o/oauth2/v2/auth",
        "GOOGLE_TOKEN_URL": f"http://{gmail}/token",
        "GOOGLE_REVOKE_URL": f"http://{gmail}/revoke",
        "GOOGLE_JWKS_URL": f"http://{gmail}/oauth2/v3/certs",
        "GOOGLE_ISSUER": gmail_public_url(ports["gmail"]),
        "GOOGLE_CLIENT_ID": client_id,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "TOKEN_KEY_SECRET": TOKEN_KEY,
        "CURSOR_KEY_SECRET": CURSOR_KEY,
        "CRM_ISSUER": f"{public}/crm",
        "CRM_JWKS_URL": f"http://127.0.0.1:{ports['crm']}/crm/jwks.json",
        "CRM_CONNECTOR_URL": f"http://127.0.0.1:{ports['crm']}/crm/connector",
        "CRM_SERVICE_TOKEN_SECRET": SERVICE_TOKEN,
        "GMAIL_TOPIC": GMAIL_TOPIC,
        "LABEL_TOPIC": LABEL_TOPIC,
        "EVENTS_TOPIC": EVENTS_TOPIC,
        "EVENTS_DEAD_LETTER_TOPIC": f"{EVENTS_TOPIC}-dead-letter",
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "WEBHOOK_PRIVATE_HOSTS": "localhost",
        "CLOCK_FILE": str(clock),
        "ALLOWED_ORIGINS": public,
        # A person who tries the stack reads much mail in the minute after labels go on: most of it is theirs.
        "LABEL_CHECKS_A_TURN": "50",
        "ALLOWED_RETURN_URLS": f"{public}/settings/connected",
    }


def invoker_settings(entry_point: str, internal_port: int) -> dict[str, str]:
    """What a private entry point gets besides: whose tokens it accepts."""
    issuer = f"http://127.0.0.1:{internal_port}"
    return {
        "INVOKER_ISSUER": issuer,
        "INVOKER_JWKS_URL": f"{issuer}/jwks.json",
        "INVOKER_AUDIENCE": f"{issuer}/{entry_point}",
        "INVOKER_EMAIL": f"invoke-{entry_point}@{PROJECT}.iam.gserviceaccount.com",
    }


def gmail_public_url(port: int) -> str:
    """Where a browser reaches the Gmail emulator's consent page: also the issuer of its id_tokens."""
    return f"http://localhost:{port}"
