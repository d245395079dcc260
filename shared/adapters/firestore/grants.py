"""Sealed refresh tokens: `grants/{mailbox}`."""

from shared.adapters.firestore.documents import Documents
from shared.domain.connection import SealedToken


class FirestoreGrants:
    """Apart from the mailbox row: who may read that one need not read this one."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, mailbox: str) -> SealedToken | None:
        document = self._documents.get(f"grants/{mailbox}")
        if document is None:
            return None
        row = document.fields
        return SealedToken(row["key_version"], row["nonce"], row["ciphertext"])

    def put(self, mailbox: str, token: SealedToken) -> None:
        fields = {"key_version": token.key_version, "nonce": token.nonce, "ciphertext": token.ciphertext}
        self._documents.put(f"grants/{mailbox}", fields)

    def delete(self, mailbox: str) -> int:
        return self._documents.delete_existing(f"grants/{mailbox}")
