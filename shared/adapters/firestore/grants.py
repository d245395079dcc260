"""Sealed refresh tokens: `grants/{mailbox}`."""

from collections.abc import Sequence
from typing import Any

from shared.adapters.firestore.documents import Document, Documents, Write
from shared.domain.connection import SealedToken
from shared.errors import Stale


class FirestoreGrants:
    """Apart from the mailbox row: who may read that one need not read this one."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str) -> SealedToken | None:
        document = self._documents.get(f"grants/{mailbox}")
        return _sealed(document) if document else None

    def put(self, mailbox: str, token: SealedToken) -> None:
        self._documents.put(f"grants/{mailbox}", _fields(token))

    def delete(self, mailbox: str) -> int:
        return self._documents.delete_existing(f"grants/{mailbox}")

    def page(self, after: str | None, limit: int) -> Sequence[tuple[str, SealedToken]]:
        def shape(query: Any) -> Any:
            query = query.order_by("__name__")
            if after is not None:
                query = query.start_after({"__name__": after})
            return query.limit(limit)

        return [(document.id, _sealed(document)) for document in self._documents.query("grants", shape)]

    def replace(self, mailbox: str, before: SealedToken, after: SealedToken) -> None:
        # A seal has a fresh nonce each time, so equal bytes are the same grant; the version holds the moment between.
        document = self._documents.get(f"grants/{mailbox}")
        if document is not None and _sealed(document) != before:
            raise Stale("The grant was replaced meanwhile.")
        version = document.version if document else None
        self._documents.update(f"grants/{mailbox}", _fields(after), version=version)


def grant_writes(mailbox: str, token: SealedToken | None) -> Sequence[Write]:
    """The write of a grant that belongs into its mailbox's commit; none where there is no grant to write."""
    return () if token is None else (Write("put", f"grants/{mailbox}", _fields(token)),)


def _fields(token: SealedToken) -> dict[str, Any]:
    return {"key_version": token.key_version, "nonce": token.nonce, "ciphertext": token.ciphertext}


def _sealed(document: Document) -> SealedToken:
    row = document.fields
    # Whoever could write here may have left a field out; the cipher refuses what is not whole.
    return SealedToken(
        str(row.get("key_version", "")), _bytes(row.get("nonce")), _bytes(row.get("ciphertext"))
    )


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
