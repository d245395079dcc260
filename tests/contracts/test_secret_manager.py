"""The local Secret Manager behaves as Google documents the real one, behind Google's client."""

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud.secretmanager_v1 import SecretManagerServiceClient, SecretVersion
from google.iam.v1 import policy_pb2

from shared.crc32c import crc32c
from tests.contracts.secret_manager_server import official_client, running_secret_manager

SEEDED = "projects/seeded/secrets/key"
CANARY = b"canary-4711"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretManagerServiceClient]:
    folder = tmp_path_factory.mktemp("secrets")
    with (
        running_secret_manager({SEEDED: [b"first", b"\x00second"]}, folder) as endpoint,
        official_client(endpoint) as client,
    ):
        yield client


@pytest.fixture
def project() -> str:
    return f"projects/project-{uuid.uuid4().hex[:8]}"


class Vault:
    """One secret, `secret`, in a project of its own."""

    def __init__(self, client: SecretManagerServiceClient, project: str) -> None:
        self.client, self.project = client, project
        self.name = self.create("key", labels={"team": "mail"})

    def create(self, secret_id: str, **options: Any) -> str:
        secret = {"replication": {"automatic": {}}, **options}
        request = {"parent": self.project, "secret_id": secret_id, "secret": secret}
        return self.client.create_secret(request=request).name

    def add(self, payload: bytes, **checksum: int) -> str:
        request = {"parent": self.name, "payload": {"data": payload, **checksum}}
        return self.client.add_secret_version(request=request).name

    def read(self, version: str) -> bytes:
        return self.client.access_secret_version(name=f"{self.name}/versions/{version}").payload.data

    def update(self, *paths: str, **fields: Any) -> None:
        secret = {"name": self.name, **fields}
        self.client.update_secret(request={"secret": secret, "update_mask": {"paths": list(paths)}})


@pytest.fixture
def vault(client: SecretManagerServiceClient, project: str) -> Vault:
    return Vault(client, project)


def test_a_seeded_secret_has_its_versions_in_order(client: SecretManagerServiceClient) -> None:
    payloads = [
        client.access_secret_version(name=f"{SEEDED}/versions/{each}").payload.data
        for each in ("1", "2", "latest")
    ]
    assert payloads == [b"first", b"\x00second", b"\x00second"]


def test_a_secret_keeps_its_labels_and_time(vault: Vault) -> None:
    secret = vault.client.get_secret(name=vault.name)
    assert vault.name == f"{vault.project}/secrets/key"
    assert dict(secret.labels) == {"team": "mail"}
    assert abs(datetime.now(UTC) - secret.create_time) < timedelta(minutes=1)


def test_latest_is_the_newest_version_and_says_its_number(vault: Vault) -> None:
    vault.add(b"one")
    newest = vault.add(b"two")
    answer = vault.client.access_secret_version(name=f"{vault.name}/versions/latest")
    assert (answer.name, answer.payload.data) == (newest, b"two")
    assert answer.payload.data_crc32c == crc32c(b"two")


def test_latest_does_not_fall_back_from_a_disabled_version(vault: Vault) -> None:
    vault.add(b"one")
    vault.client.disable_secret_version(name=vault.add(b"two"))
    with pytest.raises(exceptions.FailedPrecondition):
        vault.read("latest")
    assert vault.read("1") == b"one"


def test_a_disabled_version_can_be_read_once_it_is_enabled(vault: Vault) -> None:
    version = vault.add(b"one")
    assert vault.client.disable_secret_version(name=version).state == SecretVersion.State.DISABLED
    with pytest.raises(exceptions.FailedPrecondition):
        vault.read("1")
    assert vault.client.enable_secret_version(name=version).state == SecretVersion.State.ENABLED
    assert vault.read("1") == b"one"


def test_a_destroyed_version_stays_destroyed(vault: Vault) -> None:
    version = vault.add(b"one")
    vault.client.destroy_secret_version(name=version)
    found = vault.client.get_secret_version(name=version)
    assert found.state == SecretVersion.State.DESTROYED
    assert abs(datetime.now(UTC) - found.destroy_time) < timedelta(minutes=1)
    for again in (vault.client.enable_secret_version, vault.client.destroy_secret_version):
        with pytest.raises(exceptions.FailedPrecondition):
            again(name=version)
    with pytest.raises(exceptions.FailedPrecondition):
        vault.read("1")


def test_numbers_of_destroyed_versions_are_not_given_again(vault: Vault) -> None:
    vault.client.destroy_secret_version(name=vault.add(b"one"))
    assert vault.add(b"two") == f"{vault.name}/versions/2"


def test_versions_are_listed_newest_first_over_pages(vault: Vault) -> None:
    names = [vault.add(b"x") for _ in range(5)]
    listed = vault.client.list_secret_versions(request={"parent": vault.name, "page_size": 2})
    assert [each.name for each in listed] == names[::-1]


def test_secrets_are_listed_over_pages_and_by_part_of_their_name(vault: Vault) -> None:
    names = {vault.create(f"secret-{number}") for number in range(4)}
    request = {"parent": vault.project, "page_size": 2}
    assert {each.name for each in vault.client.list_secrets(request=request)} == names | {vault.name}
    request["filter"] = "name:secret-"
    assert {each.name for each in vault.client.list_secrets(request=request)} == names


def test_an_update_changes_the_fields_of_its_mask_only(vault: Vault) -> None:
    vault.update("labels", labels={"team": "sales"}, annotations={"ignored": "yes"})
    secret = vault.client.get_secret(name=vault.name)
    assert dict(secret.labels) == {"team": "sales"}
    assert not secret.annotations


def test_an_alias_names_a_version(vault: Vault) -> None:
    vault.add(b"one")
    vault.add(b"two")
    vault.update("version_aliases", version_aliases={"old": 1})
    assert vault.read("old") == b"one"


def test_a_payload_with_its_checksum_is_taken(vault: Vault) -> None:
    version = vault.add(b"123456789", data_crc32c=0xE3069283)
    assert vault.client.get_secret_version(name=version).client_specified_payload_checksum


def test_a_deleted_secret_is_gone_with_its_versions(vault: Vault) -> None:
    vault.add(b"one")
    vault.client.delete_secret(name=vault.name)
    with pytest.raises(exceptions.NotFound):
        vault.read("1")


def test_the_etag_of_the_present_state_is_accepted_and_an_old_one_is_not(vault: Vault) -> None:
    old = vault.client.get_secret(name=vault.name).etag
    vault.update("labels", labels={})
    with pytest.raises(exceptions.FailedPrecondition):
        vault.client.delete_secret(request={"name": vault.name, "etag": old})
    present = vault.client.get_secret(name=vault.name).etag
    vault.client.delete_secret(request={"name": vault.name, "etag": present})


def test_an_iam_policy_is_kept(vault: Vault) -> None:
    binding = policy_pb2.Binding(role="roles/secretmanager.secretAccessor", members=["user:a@example.org"])
    vault.client.set_iam_policy(
        request={"resource": vault.name, "policy": policy_pb2.Policy(bindings=[binding])}
    )
    assert list(vault.client.get_iam_policy(request={"resource": vault.name}).bindings) == [binding]


REFUSED: dict[str, tuple[type[Exception], Callable[[Vault], Any]]] = {
    "a secret that exists": (exceptions.AlreadyExists, lambda v: v.create("key")),
    "a secret id with a dot": (exceptions.InvalidArgument, lambda v: v.create("a.b")),
    "a secret without replication": (
        exceptions.InvalidArgument,
        lambda v: v.client.create_secret(request={"parent": v.project, "secret_id": "new"}),
    ),
    "a missing secret": (
        exceptions.NotFound,
        lambda v: v.client.get_secret(name=f"{v.project}/secrets/none"),
    ),
    "a version to a missing secret": (
        exceptions.NotFound,
        lambda v: v.client.add_secret_version(parent=f"{v.project}/secrets/none"),
    ),
    "the latest of no versions": (exceptions.NotFound, lambda v: v.read("latest")),
    "a version that was never added": (exceptions.NotFound, lambda v: v.read("9")),
    "version zero": (exceptions.NotFound, lambda v: v.read("0")),
    "a payload over 64 KiB": (exceptions.InvalidArgument, lambda v: v.add(b"x" * 65_537)),
    "a wrong checksum": (exceptions.InvalidArgument, lambda v: v.add(b"x", data_crc32c=1)),
    "an update of the name": (exceptions.InvalidArgument, lambda v: v.update("name")),
    "an update of nothing": (exceptions.InvalidArgument, lambda v: v.update()),
    "a page token nobody gave out": (
        exceptions.InvalidArgument,
        lambda v: v.client.list_secrets(request={"parent": v.project, "page_token": "x"}),
    ),
    "a page of less than nothing": (
        exceptions.InvalidArgument,
        lambda v: v.client.list_secrets(request={"parent": v.project, "page_size": -1}),
    ),
    "a filter beyond name": (
        exceptions.MethodNotImplemented,
        lambda v: v.client.list_secrets(request={"parent": v.project, "filter": "labels.a=b"}),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_google_refuses_is_refused_with_its_status(vault: Vault, case: str) -> None:
    error, call = REFUSED[case]
    with pytest.raises(error):
        call(vault)


def test_no_error_repeats_a_payload(vault: Vault) -> None:
    vault.client.disable_secret_version(name=vault.add(CANARY))
    calls: list[Callable[[], Any]] = [
        lambda: vault.read("1"),
        lambda: vault.add(CANARY, data_crc32c=1),
        lambda: vault.add(CANARY * 10_000),
    ]
    for call in calls:
        with pytest.raises(exceptions.GoogleAPICallError) as raised:
            call()
        assert CANARY.decode() not in str(raised.value)


@pytest.mark.parametrize(
    ("seed", "reason"),
    [
        ('{"projects/p/secrets/s": "canary-4711"}', "projects/p/secrets/s must be a list"),
        ('{"projects/p/secrets/s": ["canary-4711"]}', "projects/p/secrets/s is not valid base64"),
        ('{"secrets": ["Y2FuYXJ5"]}', "seed of secrets is refused"),
        ('{"canary-4711', "not valid JSON"),
        ('["canary-4711"]', "must be a JSON object"),
        (json.dumps({"projects/p/secrets/s": ["YWFh" * 30_000]}), "larger than 64 KiB"),
    ],
)
def test_a_bad_seed_is_refused_by_its_name_and_not_by_its_content(
    tmp_path: Path, seed: str, reason: str
) -> None:
    file = tmp_path / "seed.json"
    file.write_text(seed, encoding="ascii")
    command = [sys.executable, "-m", "local.secret_manager", "--port", "0", "--seed", str(file)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 1
    assert reason in answer.stderr
    assert CANARY.decode() not in answer.stderr
    assert "Traceback" not in answer.stderr


def test_sigterm_ends_it_although_a_client_is_there_and_it_has_printed_no_payload(tmp_path: Path) -> None:
    # It takes a quarter of a second, on a busy machine many times that. If it waited for its client it would never end.
    file = tmp_path / "seed.json"
    file.write_text('{"projects/p/secrets/s": ["Y2FuYXJ5LTQ3MTE="]}', encoding="ascii")
    command = [sys.executable, "-m", "local.secret_manager", "--port", "0", "--seed", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    printed = process.stdout.readline()
    with official_client(printed.decode().strip().removeprefix("listening on ")) as client:
        answer = client.access_secret_version(name="projects/p/secrets/s/versions/latest")
        assert answer.payload.data == CANARY
        process.send_signal(signal.SIGTERM)
        printed += process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert CANARY not in printed
    assert b"Y2FuYXJ5" not in printed


# RFC 3720, appendix B.4.
@pytest.mark.parametrize(
    ("content", "checksum"),
    [
        (b"", 0),
        (b"\x00" * 32, 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
    ],
)
def test_the_checksum_is_that_of_the_rfc(content: bytes, checksum: int) -> None:
    assert crc32c(content) == checksum
