"""Secrets, their versions and their payloads, in memory.

A payload never appears in an error, a repr or a log.
"""

import itertools
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from google.cloud.secretmanager_v1 import types

from local.grpc_server import already_exists, failed_precondition, invalid_argument, not_found
from shared.crc32c import crc32c

# https://cloud.google.com/secret-manager/quotas#content_limits
MAX_PAYLOAD_BYTES = 65_536

# https://cloud.google.com/secret-manager/docs/reference/rpc/google.cloud.secretmanager.v1#updatesecretrequest
_MUTABLE = frozenset(
    {"labels", "annotations", "version_aliases", "expire_time", "ttl", "version_destroy_ttl"}
)
_PARENT = re.compile(r"projects/[^/]+")
_SECRET_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_State = types.SecretVersion.State


@dataclass
class _Version:
    facts: types.SecretVersion
    payload: bytes = field(repr=False)


@dataclass
class _Entry:
    secret: types.Secret
    versions: list[_Version] = field(default_factory=list)
    policy: Any = None


class SecretStore:
    """Thread-safe. Names are Google's full resource names; methods raise StatusError with Google's codes."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._etags = itertools.count(1)
        self._entries: dict[str, _Entry] = {}

    def create(self, parent: str, secret_id: str, secret: types.Secret) -> types.Secret:
        """Raises ALREADY_EXISTS, INVALID_ARGUMENT."""
        if not _PARENT.fullmatch(parent):
            raise invalid_argument(f"[{parent}] is not the name of a project.")
        if not _SECRET_ID.fullmatch(secret_id):
            raise invalid_argument("The secret id must match [A-Za-z0-9_-]{1,255}.")
        if "replication" not in secret:
            raise invalid_argument("The secret needs a replication policy.")
        name = f"{parent}/secrets/{secret_id}"
        with self._lock:
            if name in self._entries:
                raise already_exists(f"Secret [{name}] already exists.")
            created = types.Secret(secret)
            created.name, created.create_time, created.etag = name, datetime.now(UTC), self._etag()
            self._entries[name] = _Entry(created)
            return types.Secret(created)

    def get(self, name: str) -> types.Secret:
        """Raises NOT_FOUND."""
        with self._lock:
            return types.Secret(self._entry(name).secret)

    def secrets(self, parent: str, name_part: str) -> list[types.Secret]:
        """The secrets of `parent` whose name contains `name_part`, by name."""
        with self._lock:
            names = sorted(n for n in self._entries if n.startswith(f"{parent}/") and name_part in n)
            return [types.Secret(self._entries[name].secret) for name in names]

    def update(self, wanted: types.Secret, paths: list[str]) -> types.Secret:
        """Takes the fields `paths` from `wanted`. Raises NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION."""
        if not paths:
            raise invalid_argument("The update mask is empty.")
        for path in paths:
            if path not in _MUTABLE:
                raise invalid_argument(f"The field {path} cannot be updated.")
        with self._lock:
            secret = self._entry(wanted.name).secret
            _check_etag(secret.etag, wanted.etag)
            for path in paths:
                setattr(secret, path, getattr(wanted, path) if path in wanted else None)
            secret.etag = self._etag()
            return types.Secret(secret)

    def delete(self, name: str, etag: str) -> None:
        """Raises NOT_FOUND, FAILED_PRECONDITION."""
        with self._lock:
            _check_etag(self._entry(name).secret.etag, etag)
            del self._entries[name]

    def add_version(self, parent: str, payload: types.SecretPayload) -> types.SecretVersion:
        """Raises NOT_FOUND, INVALID_ARGUMENT."""
        content = payload.data
        checked = "data_crc32c" in payload
        if len(content) > MAX_PAYLOAD_BYTES:
            raise invalid_argument("The secret payload is larger than 64 KiB.")
        if checked and payload.data_crc32c != crc32c(content):
            raise invalid_argument("The checksum does not match the secret payload.")
        with self._lock:
            versions = self._entry(parent).versions
            facts = types.SecretVersion(
                name=f"{parent}/versions/{len(versions) + 1}",
                create_time=datetime.now(UTC),
                state=_State.ENABLED,
                etag=self._etag(),
                client_specified_payload_checksum=checked,
            )
            versions.append(_Version(facts, content))
            return types.SecretVersion(facts)

    def version(self, name: str) -> types.SecretVersion:
        """Raises NOT_FOUND."""
        with self._lock:
            return types.SecretVersion(self._version(name).facts)

    def versions(self, parent: str) -> list[types.SecretVersion]:
        """All versions, newest first. Raises NOT_FOUND."""
        with self._lock:
            return [types.SecretVersion(each.facts) for each in reversed(self._entry(parent).versions)]

    def access(self, name: str) -> tuple[str, bytes]:
        """The full name of the version that `name` means, and its payload.

        Raises NOT_FOUND, FAILED_PRECONDITION.
        """
        with self._lock:
            version = self._version(name)
            facts = version.facts
            if facts.state != _State.ENABLED:
                raise failed_precondition(f"Secret Version [{facts.name}] is in {facts.state.name} state.")
            return facts.name, version.payload

    def set_state(self, name: str, etag: str, state: int) -> types.SecretVersion:
        """Raises NOT_FOUND, FAILED_PRECONDITION. DESTROYED is for good and drops the payload."""
        with self._lock:
            version = self._version(name)
            _check_etag(version.facts.etag, etag)
            if version.facts.state == _State.DESTROYED:
                raise failed_precondition(f"Secret Version [{version.facts.name}] is in DESTROYED state.")
            version.facts.state = _State(state)
            version.facts.etag = self._etag()
            if state == _State.DESTROYED:
                version.payload = b""
                version.facts.destroy_time = datetime.now(UTC)
            return types.SecretVersion(version.facts)

    def policy(self, name: str) -> Any:
        """The IAM policy last set, None before. Raises NOT_FOUND."""
        with self._lock:
            return self._entry(name).policy

    def set_policy(self, name: str, policy: Any) -> None:
        """Keeps an IAM policy; nothing is enforced. Raises NOT_FOUND."""
        with self._lock:
            self._entry(name).policy = policy

    def _entry(self, name: str) -> _Entry:
        if name not in self._entries:
            raise not_found(f"Secret [{name}] not found.")
        return self._entries[name]

    def _version(self, name: str) -> _Version:
        secret_name, _, wanted = name.partition("/versions/")
        entry = self._entry(secret_name)
        aliases = entry.secret.version_aliases
        if wanted == "latest":
            # The newest one, also when it is disabled: Google does not fall back to an older version.
            number = len(entry.versions)
        elif wanted in aliases:
            number = int(aliases[wanted])
        else:
            number = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
        if not 1 <= number <= len(entry.versions):
            raise not_found(f"Secret Version [{name}] not found.")
        return entry.versions[number - 1]

    def _etag(self) -> str:
        return f'"{next(self._etags):x}"'


def _check_etag(current: str, given: str) -> None:
    if given and given != current:
        raise failed_precondition("The etag does not match.")
