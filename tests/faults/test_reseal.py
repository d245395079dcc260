"""Rotating the token key: killed anywhere, raced by a reconnect, and over grants that somebody tampered with."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from google.cloud.secretmanager_v1 import SecretManagerServiceClient

from shared.adapters.firestore.audit import FirestoreAudit
from shared.adapters.firestore.grants import FirestoreGrants
from shared.adapters.firestore.mailboxes import FirestoreMailboxes
from shared.adapters.secret_manager import SecretManager
from shared.adapters.token_cipher import AesGcmCipher
from shared.domain.connection import SealedToken
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.errors import GrantLost, Misconfigured, NotFound, Stale
from shared.log import Log
from shared.usecases.reseal_grants import Resealed, ResealServices, reseal_grants
from tests.contracts.firestore_servers import Firestore, embedded
from tests.contracts.fresh_firestore import fresh_documents
from tests.contracts.secret_manager_server import official_client, running_secret_manager
from tests.fakes.clock import FakeClock
from tests.fakes.process import Killed, Process

KEY = "projects/p/secrets/token-key"
USERS = ("ana", "bob", "cem")


@dataclass
class World:
    """Mailboxes with grants under key version 1, and the operator's hand on the key."""

    secrets: str
    operator: SecretManagerServiceClient
    grants: FirestoreGrants
    mailboxes: FirestoreMailboxes
    audit: FirestoreAudit

    def cipher(self) -> AesGcmCipher:
        """The cipher of a process that has just started."""
        return AesGcmCipher(SecretManager(self.secrets), KEY)

    def connect(self, user: str) -> str:
        identifier = mailbox_id("harbour", user)
        now = datetime(2026, 11, 1, tzinfo=UTC)
        self.mailboxes.create(Mailbox(identifier, "harbour", user, user, f"{user}@x.example", user, now))
        self.grants.put(identifier, self.cipher().seal(f"refresh-{user}", ("harbour", user, identifier)))
        return identifier

    def rotate(self) -> None:
        self.operator.add_secret_version(request={"parent": KEY, "payload": {"data": b"2" * 32}})

    def services(self, process: Process | None = None) -> ResealServices:
        process = process or Process()
        grants, mailboxes = process.calling(self.grants), process.calling(self.mailboxes)
        log = Log(io.StringIO(), strict=True)
        return ResealServices(grants, mailboxes, process.calling(self.cipher()), FakeClock(), log)

    def opened(self, user: str) -> str:
        identifier = mailbox_id("harbour", user)
        sealed = self.grants.get(identifier)
        assert sealed is not None
        return self.cipher().open(sealed, ("harbour", user, identifier))

    def versions(self) -> set[str]:
        return {sealed.key_version for _, sealed in self.grants.page(None, 100)}

    def told(self) -> list[tuple[str, str | None, Mapping[str, object]]]:
        """The organisation's audit: what happened, to whose mailbox, from what to what."""
        entries = self.audit.page_of_org("harbour", None, 100)
        return [(entry.action, entry.owner, dict(entry.changes)) for entry in entries]

    def health(self, user: str) -> str:
        mailbox = self.mailboxes.get(mailbox_id("harbour", user))
        assert mailbox is not None
        return mailbox.health.code


@pytest.fixture(scope="module")
def firestore() -> Iterator[Firestore]:
    with embedded() as running:
        yield running


@pytest.fixture
def world(firestore: Firestore, tmp_path: Path) -> Iterator[World]:
    documents = fresh_documents(firestore)
    with (
        running_secret_manager({KEY: [b"1" * 32]}, tmp_path) as secrets,
        official_client(secrets) as operator,
    ):
        world = World(
            secrets,
            operator,
            FirestoreGrants(documents),
            FirestoreMailboxes(documents),
            FirestoreAudit(documents),
        )
        for user in USERS:
            world.connect(user)
        yield world


def test_every_grant_is_sealed_again_and_a_second_run_writes_nothing(world: World) -> None:
    world.rotate()

    first, second = reseal_grants(world.services()), reseal_grants(world.services())

    assert first == Resealed(resealed=3)
    assert not first.done
    assert second == Resealed(current=3)
    assert second.done
    assert world.versions() == {"2"}
    assert [world.opened(user) for user in USERS] == [f"refresh-{user}" for user in USERS]


def test_after_a_rotation_the_old_version_may_be_destroyed(world: World) -> None:
    world.rotate()
    left = world.grants.get(mailbox_id("harbour", "ana"))
    reseal_grants(world.services())
    world.operator.destroy_secret_version(name=f"{KEY}/versions/1")

    assert world.opened("ana") == "refresh-ana"
    assert left is not None
    with pytest.raises(GrantLost) as refused:
        world.cipher().open(left, ("harbour", "ana", mailbox_id("harbour", "ana")))
    assert refused.value.code == "token_unreadable", "the control: without the rotation it is lost"


def test_grants_under_the_old_version_open_until_it_is_destroyed_and_wait_while_it_is_disabled(
    world: World,
) -> None:
    world.rotate()
    assert world.opened("ana") == "refresh-ana"

    world.operator.disable_secret_version(name=f"{KEY}/versions/1")
    with pytest.raises(Misconfigured):
        world.opened("ana")
    with pytest.raises(Misconfigured):
        reseal_grants(world.services())
    assert world.health("ana") == "ok", "what the operator can enable again is not the user's to mend"

    world.operator.enable_secret_version(name=f"{KEY}/versions/1")
    assert world.opened("ana") == "refresh-ana"


def test_a_rotation_killed_between_any_two_steps_loses_nothing_and_is_finished_by_the_next(
    world: World,
) -> None:
    world.rotate()
    whole = Process()
    reseal_grants(world.services(whole))
    assert len(whole.steps) > 4 * len(USERS)

    for step in range(len(whole.steps)):
        for user in USERS:
            world.grants.put(mailbox_id("harbour", user), _under_version_1(world, user))
        with pytest.raises(Killed):
            reseal_grants(world.services(Process(kill_at=step)))
        assert [world.opened(user) for user in USERS] == [f"refresh-{user}" for user in USERS], step

        finished = reseal_grants(world.services())
        assert finished.current + finished.resealed == len(USERS), step
        assert world.versions() == {"2"}, step


def _under_version_1(world: World, user: str) -> SealedToken:
    old = SecretManager(world.secrets)
    old._latest[KEY] = (float("inf"), old.version(KEY, "1"))
    identifier = mailbox_id("harbour", user)
    return AesGcmCipher(old, KEY).seal(f"refresh-{user}", ("harbour", user, identifier))


def test_a_grant_that_was_replaced_meanwhile_is_not_overwritten(world: World) -> None:
    identifier = mailbox_id("harbour", "ana")
    before = world.grants.get(identifier)
    assert before is not None
    world.grants.put(identifier, world.cipher().seal("refresh-ana", ("harbour", "ana", identifier)))
    newer = world.grants.get(identifier)

    with pytest.raises(Stale):
        world.grants.replace(identifier, before, SealedToken("9", b"n", b"c"))
    world.grants.delete(identifier)
    with pytest.raises(NotFound):
        world.grants.replace(identifier, before, SealedToken("9", b"n", b"c"))
    assert newer != before


@pytest.mark.parametrize(
    "tampered", ["swapped", "cut", "flipped", "foreign key", "no version", "a path", "empty"]
)
def test_a_grant_that_somebody_tampered_with_is_marked_and_left_as_it_is(world: World, tampered: str) -> None:
    ana, bob = mailbox_id("harbour", "ana"), mailbox_id("harbour", "bob")
    sealed, other = world.grants.get(ana), world.grants.get(bob)
    assert sealed is not None
    assert other is not None
    spoilt = {
        "swapped": other,
        "cut": replace(sealed, ciphertext=sealed.ciphertext[:-1]),
        "flipped": replace(sealed, ciphertext=bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]),
        "foreign key": replace(sealed, key_version="77"),
        "no version": replace(sealed, key_version="latest"),
        "a path": replace(sealed, key_version="../../other/versions/1"),
        "empty": SealedToken("1", b"", b""),
    }[tampered]
    world.grants.put(ana, spoilt)
    world.rotate()

    counts = reseal_grants(world.services())

    assert counts == Resealed(resealed=2, unreadable=1)
    assert (world.health("ana"), world.health("bob")) == ("token_unreadable", "ok")
    assert world.grants.get(ana) == spoilt
    reseal_grants(world.services())
    assert world.told() == [("grant.lost", "ana", {"health": ("ok", "token_unreadable")})], (
        "once, by the audit"
    )


def test_a_reconnect_between_reading_the_grant_and_the_mailbox_leaves_the_mailbox_well(world: World) -> None:
    ana = mailbox_id("harbour", "ana")
    sealed = world.grants.get(ana)
    assert sealed is not None
    world.grants.put(ana, replace(sealed, ciphertext=sealed.ciphertext[:-1]))
    world.rotate()
    read = world.mailboxes.get

    def after_a_reconnect(mailbox: str) -> Mailbox | None:
        world.grants.put(ana, sealed)
        return read(mailbox)

    world.mailboxes.get = after_a_reconnect  # type: ignore[method-assign]
    assert reseal_grants(world.services()) == Resealed(resealed=2, changed=1)
    assert world.health("ana") == "ok"


def test_a_grant_without_a_mailbox_is_counted_and_left(world: World) -> None:
    ana = mailbox_id("harbour", "ana")
    sealed = world.grants.get(ana)
    assert sealed is not None
    world.mailboxes.delete(ana)
    world.grants.put(ana, sealed)
    world.rotate()

    assert reseal_grants(world.services()) == Resealed(resealed=2, without_mailbox=1)


def test_many_grants_are_taken_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.usecases.reseal_grants.PAGE", 2)
    world.rotate()
    process = Process()

    counts = reseal_grants(world.services(process))

    assert counts == Resealed(resealed=3)
    assert process.steps.count("FirestoreGrants.page") == 3
