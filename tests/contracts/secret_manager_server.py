"""Starts `python -m local.secret_manager`, with the official client to it."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import grpc
from google.cloud.secretmanager_v1 import SecretManagerServiceClient
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcTransport,
)


@contextmanager
def running_secret_manager(seed: Mapping[str, Sequence[bytes]], folder: Path) -> Iterator[str]:
    """Serves the secrets of `seed` ({name: payloads, oldest first}); yields its host:port."""
    file = folder / "secrets.json"
    encoded = {name: [base64.b64encode(each).decode() for each in each_of] for name, each_of in seed.items()}
    file.write_text(json.dumps(encoded), encoding="ascii")
    command = [sys.executable, "-m", "local.secret_manager", "--port", "0", "--seed", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("listening on ")
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def official_client(endpoint: str) -> Iterator[SecretManagerServiceClient]:
    """Google's client over a plain channel."""
    with grpc.insecure_channel(endpoint) as channel:
        yield SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))
