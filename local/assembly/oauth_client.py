"""Which OAuth client of the data set the stack uses: one whose redirect URI is ours, else one that is added."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from local.assembly.dataset import DataSet


@dataclass(frozen=True)
class OAuthClient:
    """A client of Google's OAuth server, and the seed file that names it."""

    client_id: str
    client_secret: str
    seed: Path


def choose_client(data: DataSet, redirect_uri: str, kept: Path, effective: Path) -> OAuthClient:
    """The first client of gmail.yaml that may come back to `redirect_uri`.

    Where there is none, one is made, kept in `kept` for the next start, and added to a copy of gmail.yaml
    that is written to `effective`.
    """
    for client in _clients(data.gmail):
        if isinstance(client, dict) and redirect_uri in (client.get("redirect_uris") or ()):
            return OAuthClient(
                str(client["client_id"]), str(client.get("client_secret", "")), data.gmail_file
            )
    own = _kept_or_new(kept)
    added = {
        "client_id": own.client_id,
        "client_secret": own.client_secret,
        "name": "crm-gmail on this machine",
        "redirect_uris": [redirect_uri],
    }
    _write_copy(data, added, effective)
    return OAuthClient(own.client_id, own.client_secret, effective)


@dataclass(frozen=True)
class _Own:
    client_id: str
    client_secret: str


def _kept_or_new(file: Path) -> _Own:
    if file.exists():
        return _Own(**json.loads(file.read_text(encoding="utf-8")))
    own = _Own(f"{secrets.token_hex(8)}.apps.googleusercontent.com", f"GOCSPX-{secrets.token_urlsafe(21)}")
    file.write_text(json.dumps(asdict(own)), encoding="utf-8")
    return own


def _write_copy(data: DataSet, client: dict[str, Any], effective: Path) -> None:
    inner = _inner(data.gmail)
    copied: dict[str, Any] = {**inner, "oauth_clients": [*_clients(data.gmail), client]}
    # Files that gmail.yaml names are relative to it, and the copy lies elsewhere.
    copied["messages"] = [
        _with_absolute_file(message, data.folder) for message in inner.get("messages") or ()
    ]
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    effective.write_text(yaml.dump(copied, Dumper=dumper, allow_unicode=True), encoding="utf-8")


def _with_absolute_file(message: Any, folder: Path) -> Any:
    if isinstance(message, dict) and isinstance(message.get("raw_file"), str):
        return {**message, "raw_file": str((folder / message["raw_file"]).resolve())}
    return message


def _inner(gmail: dict[str, Any]) -> dict[str, Any]:
    """The seed may stand under a `google` key, as in other emulators' files."""
    inner = gmail.get("google")
    return inner if isinstance(inner, dict) else gmail


def _clients(gmail: dict[str, Any]) -> list[Any]:
    clients = _inner(gmail).get("oauth_clients")
    return clients if isinstance(clients, list) else []
