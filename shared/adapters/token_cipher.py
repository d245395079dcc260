"""Refresh tokens at rest: AES-256-GCM, the key a version of one Secret Manager secret."""

import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.adapters.secret_manager import Secret, SecretManager
from shared.domain.connection import SealedToken
from shared.errors import GrantLost, Misconfigured, NotFound

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class AesGcmCipher:
    """Seals and opens. The record names its key version, so that old records open after a rotation."""

    def __init__(self, secrets: SecretManager, secret_name: str) -> None:
        self._secrets = secrets
        self._secret_name = secret_name

    def newest(self) -> str:
        """The key version that `seal` uses now."""
        return self._secrets.latest(self._secret_name).version

    def seal(self, token: str, bound_to: Sequence[str]) -> SealedToken:
        secret = self._secrets.latest(self._secret_name)
        nonce = os.urandom(NONCE_BYTES)
        associated = _associated(bound_to, secret.version)
        return SealedToken(
            secret.version, nonce, AESGCM(_key(secret)).encrypt(nonce, token.encode(), associated)
        )

    def open(self, sealed: SealedToken, bound_to: Sequence[str]) -> str:
        try:
            secret = self._secrets.version(self._secret_name, _version(sealed))
            associated = _associated(bound_to, secret.version)
            return AESGCM(_key(secret)).decrypt(sealed.nonce, sealed.ciphertext, associated).decode()
        except (InvalidTag, ValueError, NotFound):
            raise GrantLost(
                "The stored consent cannot be read any more; connect again.", code="token_unreadable"
            ) from None


def _key(secret: Secret) -> bytes:
    if len(secret.payload) != KEY_BYTES:
        raise Misconfigured("The token key is not 32 bytes long.", code="token_key_invalid")
    return secret.payload


def _version(sealed: SealedToken) -> str:
    # A version is a number: "latest", or a path to another secret, is none of ours.
    if not (sealed.key_version.isascii() and sealed.key_version.isdecimal()):
        raise ValueError("is not a key version")
    return sealed.key_version


def _associated(bound_to: Sequence[str], version: str) -> bytes:
    # Each part with its length: ("a", "bc") and ("ab", "c") must not seal alike.
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in (*bound_to, version))
