"""What a TokenCipher promises, for the fake and for AES-256-GCM with keys from Secret Manager."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from local.grpc_server import GrpcServer
from local.secret_manager.seed import fill
from local.secret_manager.services import services
from local.secret_manager.store import SecretStore
from shared.adapters.secret_manager import SecretManager
from shared.adapters.token_cipher import AesGcmCipher
from shared.domain.connection import SealedToken
from shared.errors import GrantLost
from shared.ports.tokens import TokenCipher
from tests.fakes.cipher import FakeCipher

BOUND_TO = ("acme", "alice", "m1")
TOKEN = "1//refresh-token-ä"
KEY = "projects/p/secrets/token-key"


class TokenCipherContract:
    """The rules. Subclasses give the fixture `cipher`."""

    def test_what_was_sealed_is_opened(self, cipher: TokenCipher) -> None:
        assert cipher.open(cipher.seal(TOKEN, BOUND_TO), BOUND_TO) == TOKEN

    def test_the_same_token_is_never_sealed_alike(self, cipher: TokenCipher) -> None:
        sealed = [cipher.seal(TOKEN, BOUND_TO) for _ in range(100)]
        assert len({each.nonce for each in sealed}) == len({each.ciphertext for each in sealed}) == 100

    @pytest.mark.parametrize(
        "others",
        [
            ("other", "alice", "m1"),
            ("acme", "bob", "m1"),
            ("acme", "alice", "m2"),
            ("acm", "ealice", "m1"),
            ("acme", "alice"),
            ("acme", "alice", "m1", ""),
        ],
    )
    def test_it_opens_for_those_alone_to_whom_it_is_bound(
        self, cipher: TokenCipher, others: tuple[str, ...]
    ) -> None:
        sealed = cipher.seal(TOKEN, BOUND_TO)
        with pytest.raises(GrantLost) as raised:
            cipher.open(sealed, others)
        assert raised.value.code == "token_unreadable"
        assert TOKEN not in str(raised.value)

    def test_a_ciphertext_that_was_cut_or_changed_does_not_open(self, cipher: TokenCipher) -> None:
        sealed = cipher.seal(TOKEN, BOUND_TO)
        damaged = [
            replace(sealed, ciphertext=sealed.ciphertext[:-1]),
            replace(sealed, ciphertext=b""),
            replace(sealed, ciphertext=bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]),
            replace(sealed, nonce=cipher.seal(TOKEN, BOUND_TO).nonce),
            replace(sealed, key_version="99"),
        ]
        for each in damaged:
            with pytest.raises(GrantLost):
                cipher.open(each, BOUND_TO)


class TestFakeCipher(TokenCipherContract):
    """The fake keeps to it."""

    @pytest.fixture
    def cipher(self) -> TokenCipher:
        return FakeCipher()


class TestAesGcmCipher(TokenCipherContract):
    """So does the real one, on the local Secret Manager."""

    @pytest.fixture
    def cipher(self) -> Iterator[TokenCipher]:
        with_keys = _SecretManager([b"1" * 32])
        yield with_keys.cipher()
        with_keys.stop()

    def test_the_token_cannot_be_read_in_what_is_stored(self, cipher: TokenCipher) -> None:
        assert b"refresh" not in cipher.seal("refresh" * 10, BOUND_TO).ciphertext

    def test_after_a_rotation_old_records_open_and_new_ones_name_the_new_key(self) -> None:
        before = _SecretManager([b"1" * 32])
        old = before.cipher().seal(TOKEN, BOUND_TO)
        before.stop()
        after = _SecretManager([b"1" * 32, b"2" * 32])
        cipher = after.cipher()
        new = cipher.seal(TOKEN, BOUND_TO)
        assert (old.key_version, new.key_version) == ("1", "2")
        assert [cipher.open(each, BOUND_TO) for each in (old, new)] == [TOKEN, TOKEN]
        after.stop()

    def test_a_record_of_one_key_does_not_open_as_one_of_another(self, cipher: TokenCipher) -> None:
        keys = _SecretManager([b"1" * 32, b"1" * 32])
        sealed = cipher.seal(TOKEN, BOUND_TO)
        # The very same key bytes under another version: the version is bound too.
        with pytest.raises(GrantLost):
            keys.cipher().open(SealedToken("2", sealed.nonce, sealed.ciphertext), BOUND_TO)
        keys.stop()


class _SecretManager:
    """A server with these versions of the token key."""

    def __init__(self, keys: list[bytes]) -> None:
        store = SecretStore()
        fill(store, json.dumps({KEY: [base64.b64encode(key).decode() for key in keys]}))
        self._server = GrpcServer(services(store))

    def cipher(self) -> TokenCipher:
        return AesGcmCipher(SecretManager(f"127.0.0.1:{self._server.port}"), KEY)

    def stop(self) -> None:
        self._server.stop()
