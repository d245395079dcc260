"""The functions' reader of secrets, against the local Secret Manager."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from google.cloud.secretmanager_v1 import SecretManagerServiceClient, types

from local.grpc_server import GrpcServer, unary
from shared.adapters.secret_manager import LATEST_FOR_S, Secret, SecretManager
from shared.crc32c import crc32c
from shared.errors import Misconfigured, NotFound, UpstreamDown
from tests.contracts.secret_manager_server import official_client, running_secret_manager
from tests.local.free_port import free_port

KEY = "projects/p/secrets/key"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    with running_secret_manager({KEY: [b"one", b"two"]}, tmp_path) as endpoint:
        yield endpoint


@pytest.fixture
def google(endpoint: str) -> Iterator[SecretManagerServiceClient]:
    """The operator's own hand on the secrets."""
    with official_client(endpoint) as client:
        yield client


def _add(google: SecretManagerServiceClient, payload: bytes) -> str:
    request = {"parent": KEY, "payload": {"data": payload}}
    return google.add_secret_version(request=request).name


def test_the_latest_version_comes_with_its_number(endpoint: str) -> None:
    assert SecretManager(endpoint).latest(KEY) == Secret("2", b"two")


def test_an_older_version_is_read_by_its_number(endpoint: str) -> None:
    assert SecretManager(endpoint).version(KEY, "1") == Secret("1", b"one")


def test_the_enabled_versions_are_named_newest_first(
    endpoint: str, google: SecretManagerServiceClient
) -> None:
    google.disable_secret_version(name=_add(google, b"three"))
    _add(google, b"four")
    assert SecretManager(endpoint).newest_versions(KEY) == ["4", "2", "1"]


def test_a_new_version_is_seen_once_the_latest_is_300_seconds_old(
    endpoint: str, google: SecretManagerServiceClient
) -> None:
    clock = Clock()
    secrets = SecretManager(endpoint, clock)
    secrets.latest(KEY)
    _add(google, b"three")
    clock.now += LATEST_FOR_S - 1
    assert secrets.latest(KEY).version == "2"
    clock.now += 2
    assert secrets.latest(KEY) == Secret("3", b"three")


def test_what_was_read_once_needs_no_secret_manager(tmp_path: Path) -> None:
    clock = Clock()
    with running_secret_manager({KEY: [b"one", b"two"]}, tmp_path) as endpoint:
        secrets = SecretManager(endpoint, clock)
        secrets.latest(KEY)
        secrets.version(KEY, "1")
    clock.now += LATEST_FOR_S + 1
    assert secrets.version(KEY, "1").payload == b"one"
    assert secrets.latest(KEY).payload == b"two"


def test_the_first_read_while_secret_manager_is_down_says_so() -> None:
    with pytest.raises(UpstreamDown) as raised:
        SecretManager(f"127.0.0.1:{free_port()}").latest(KEY)
    assert raised.value.code == "secret_manager_down"


@pytest.mark.parametrize(("name", "version"), [(KEY, "9"), ("projects/p/secrets/none", "1")])
def test_a_missing_secret_or_version_is_not_found(endpoint: str, name: str, version: str) -> None:
    with pytest.raises(NotFound):
        SecretManager(endpoint).version(name, version)


def test_a_disabled_version_is_the_operators_matter(
    endpoint: str, google: SecretManagerServiceClient
) -> None:
    google.disable_secret_version(name=f"{KEY}/versions/2")
    with pytest.raises(Misconfigured) as raised:
        SecretManager(endpoint).latest(KEY)
    assert raised.value.code == "secret_disabled"


def test_many_threads_read_the_same_secret(endpoint: str) -> None:
    secrets = SecretManager(endpoint)
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _number: secrets.latest(KEY), range(64)))
    assert set(read) == {Secret("2", b"two")}


def test_a_secret_does_not_show_its_payload() -> None:
    assert "canary" not in f"{Secret('1', b'canary')!r} {Secret('1', b'canary')}"


@pytest.mark.parametrize("damage", [0, 1])
def test_a_payload_that_does_not_match_its_checksum_is_refused(damage: int) -> None:
    """`damage` 0 is the control: the same server without the fault is read."""

    def access(request: types.AccessSecretVersionRequest, _context: Any) -> types.AccessSecretVersionResponse:
        payload = types.SecretPayload(data=b"one", data_crc32c=crc32c(b"one") ^ damage)
        return types.AccessSecretVersionResponse(name=f"{KEY}/versions/1", payload=payload)

    method = unary(access, types.AccessSecretVersionRequest, types.AccessSecretVersionResponse)
    service = "google.cloud.secretmanager.v1.SecretManagerService"
    server = GrpcServer({service: {"AccessSecretVersion": method}})
    secrets = SecretManager(f"127.0.0.1:{server.port}")
    try:
        if damage:
            with pytest.raises(UpstreamDown) as raised:
                secrets.latest(KEY)
            assert raised.value.code == "secret_damaged"
        else:
            assert secrets.latest(KEY).payload == b"one"
    finally:
        server.stop()
