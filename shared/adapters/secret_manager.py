"""Reads secrets from Google Secret Manager, and keeps them in memory only.

A version's payload never changes, so it is read once per process; only which version is the latest is asked
again. gRPC everywhere: the local server speaks nothing else, and Firestore has loaded it anyway. Google's
libraries are imported where they are used: a cold start that needs no secret must not wait for them.
"""
# ruff: noqa: PLC0415

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from shared.crc32c import crc32c
from shared.errors import Misconfigured, NotFound, UpstreamDown
from shared.retry import again

if TYPE_CHECKING:
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient

T = TypeVar("T")

LATEST_FOR_S: Final = 300.0
# How long a known latest version is used further while Secret Manager does not answer.
_RETRY_AFTER_S: Final = 30.0
_CALL_S: Final = 4.0


@dataclass(frozen=True)
class Secret:
    """One version of a secret. `version` is its number as text; the payload is not part of the repr."""

    version: str
    payload: bytes = field(repr=False)


class SecretManager:
    """Thread-safe. Names are resource names: projects/{project}/secrets/{secret}."""

    def __init__(self, endpoint: str | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`endpoint` is host:port of a plain-text gRPC server; None means Google's, with its credentials."""
        self._endpoint = endpoint
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._built: SecretManagerServiceClient | None = None
        self._versions: dict[tuple[str, str], Secret] = {}
        self._latest: dict[str, tuple[float, Secret]] = {}

    def latest(self, name: str) -> Secret:
        """The newest version, at most 300 s old; an older one while Secret Manager does not answer.

        Raises NotFound (also: destroyed), Misconfigured (not allowed, or disabled), UpstreamDown.
        """
        good_until, known = self._latest.get(name, (0.0, None))
        if known is not None and self._monotonic() < good_until:
            return known
        try:
            secret, keep_s = self._access(name, "latest"), LATEST_FOR_S
        except UpstreamDown:
            if known is None:
                raise
            secret, keep_s = known, _RETRY_AFTER_S
        self._latest[name] = (self._monotonic() + keep_s, secret)
        return secret

    def version(self, name: str, version: str) -> Secret:
        """The version with that number. Raises as `latest` does."""
        known = self._versions.get((name, version))
        return known if known is not None else self._access(name, version)

    def newest_versions(self, name: str) -> list[str]:
        """The numbers of the enabled versions, newest first; asked anew each time. Raises as `latest` does."""
        from google.cloud.secretmanager_v1 import SecretVersion

        def numbers() -> list[str]:
            pages = self._client().list_secret_versions(parent=name, retry=None, timeout=_CALL_S)
            return [_number(each.name) for each in pages if each.state == SecretVersion.State.ENABLED]

        return again(lambda: _translated(numbers))

    def _access(self, name: str, version: str) -> Secret:
        secret = again(lambda: _translated(lambda: self._read(f"{name}/versions/{version}")))
        self._versions[(name, secret.version)] = secret
        return secret

    def _read(self, version_name: str) -> Secret:
        # The client's own retry would go on for a minute; `again` ends after seconds.
        answer = self._client().access_secret_version(name=version_name, retry=None, timeout=_CALL_S)
        if crc32c(answer.payload.data) != answer.payload.data_crc32c:
            raise UpstreamDown("A secret arrived damaged.", code="secret_damaged")
        return Secret(_number(answer.name), answer.payload.data)

    def _client(self) -> "SecretManagerServiceClient":
        with self._lock:
            if self._built is None:
                self._built = _build(self._endpoint)
            return self._built


def _number(version_name: str) -> str:
    return version_name.rpartition("/")[2]


def _build(endpoint: str | None) -> "SecretManagerServiceClient":
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceGrpcTransport,
    )

    if endpoint is None:
        return SecretManagerServiceClient()
    import grpc

    # The option `api_endpoint` alone insists on TLS.
    channel = grpc.insecure_channel(endpoint)
    return SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))


def _translated(call: Callable[[], T]) -> T:
    """Runs `call`; Google's errors become ours. Their text is dropped: it names resources, ours need not."""
    from google.api_core import exceptions as google_errors
    from google.auth import exceptions as auth_errors

    try:
        return call()
    except google_errors.NotFound:
        raise NotFound("The secret or its version does not exist.", code="secret_not_found") from None
    except google_errors.FailedPrecondition as fault:
        # A disabled version can be enabled again; a destroyed one is gone like one that never was.
        if "DESTROYED" in str(fault):
            raise NotFound("The version is destroyed.", code="secret_destroyed") from None
        raise Misconfigured("The version is disabled.", code="secret_disabled") from None
    except (google_errors.Forbidden, google_errors.Unauthorized, auth_errors.DefaultCredentialsError):
        raise Misconfigured("The secret may not be read.", code="secret_not_allowed") from None
    except (google_errors.GoogleAPIError, auth_errors.GoogleAuthError):
        raise UpstreamDown("Secret Manager did not answer.", code="secret_manager_down") from None
