"""Fills a store from a seed: {"projects/p/secrets/s": ["base64 payload of version 1", …]}."""

import base64
import binascii
import json

from google.cloud.secretmanager_v1 import types

from local.grpc_server import StatusError
from local.secret_manager.store import SecretStore


def fill(store: SecretStore, seed: str) -> None:
    """Makes each secret of the JSON text `seed` with its versions, oldest first.

    Raises ValueError with a sentence that names the secret and never repeats a payload.
    """
    try:
        secrets = json.loads(seed)
    except ValueError:
        # The parser's own message is dropped: it may quote the text.
        raise ValueError("The seed is not valid JSON.") from None
    if not isinstance(secrets, dict):
        raise ValueError("The seed must be a JSON object of secret names.")  # noqa: TRY004
    for name, payloads in secrets.items():
        _fill_one(store, name, payloads)


def _fill_one(store: SecretStore, name: str, payloads: object) -> None:
    if not isinstance(payloads, list) or not all(isinstance(each, str) for each in payloads):
        raise ValueError(f"The seed of {name} must be a list of base64 strings.")
    parent, _, secret_id = name.partition("/secrets/")
    replication = types.Replication(automatic=types.Replication.Automatic())
    try:
        store.create(parent, secret_id, types.Secret(replication=replication))
        for payload in payloads:
            content = base64.b64decode(payload, validate=True)
            store.add_version(name, types.SecretPayload(data=content))
    except binascii.Error:
        raise ValueError(f"A version of {name} is not valid base64.") from None
    except StatusError as error:
        raise ValueError(f"The seed of {name} is refused: {error.detail}") from None
