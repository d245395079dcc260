"""Connects in progress: `connections/{hash of the state}`, gone after ten minutes; and the consents that were ended
lately: `ended_consents/{hash of the Google account's id}`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.adapters.firestore.documents import Document, Documents, field_filter, known_moment
from shared.domain.connection import Connection, PendingGrant, SealedToken


class FirestoreConnections:
    """Holds hashes of state, cookie and ticket, never these themselves."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def create(self, connection: Connection) -> None:
        self._documents.create(f"connections/{connection.id}", _fields(connection))

    def get(self, connection: str) -> Connection | None:
        document = self._documents.get(f"connections/{connection}")
        return _connection(document) if document else None

    def save(self, connection: Connection) -> Connection:
        version = self._documents.update(
            f"connections/{connection.id}", _fields(connection), version=connection.version
        )
        return replace(connection, version=version)

    def delete(self, connection: str) -> bool:
        return bool(self._documents.delete_existing(f"connections/{connection}"))

    def of_user(self, org: str, user: str) -> Sequence[Connection]:
        def shape(query: Any) -> Any:
            # Two equalities: single-field indexes are merged, no composite one is needed.
            query = query.where(filter=field_filter("org", "==", org))
            return query.where(filter=field_filter("user", "==", user))

        return [_connection(document) for document in self._documents.query("connections", shape)]

    def expired(self, now: datetime, limit: int) -> Sequence[Connection]:
        def shape(query: Any) -> Any:
            return query.where(filter=field_filter("expires_at", "<=", now)).limit(limit)

        return [_connection(document) for document in self._documents.query("connections", shape)]

    def note_end(self, google_sub: str, until: datetime) -> None:
        self._documents.put(_ended(google_sub), {"expires_at": until})

    def is_ending(self, google_sub: str, now: datetime) -> bool:
        # Firestore deletes what has expired within a day, not at once.
        document = self._documents.get(_ended(google_sub))
        return document is not None and known_moment(document.fields["expires_at"]) > now


def _ended(google_sub: str) -> str:
    return f"ended_consents/{hashlib.sha256(google_sub.encode()).hexdigest()}"


def _fields(connection: Connection) -> dict[str, Any]:
    grant = connection.grant
    return {
        "org": connection.org,
        "user": connection.user,
        "user_name": connection.user_name,
        "origin": connection.origin,
        "asked": list(connection.scopes),
        "return_url": connection.return_url,
        "nonce": connection.nonce,
        "code_verifier": connection.code_verifier,
        "expires_at": connection.expires_at,
        "used": connection.used,
        "browser": connection.browser,
        "ticket": connection.ticket,
        "email": grant.email if grant else None,
        "google_sub": grant.google_sub if grant else None,
        "scopes": list(grant.scopes) if grant else None,
        "key_version": grant.sealed_token.key_version if grant else None,
        "sealed_nonce": grant.sealed_token.nonce if grant else None,
        "ciphertext": grant.sealed_token.ciphertext if grant else None,
    }


def _connection(document: Document) -> Connection:
    row = document.fields
    grant = None
    if row["ciphertext"] is not None:
        sealed = SealedToken(row["key_version"], row["sealed_nonce"], row["ciphertext"])
        grant = PendingGrant(row["email"], row["google_sub"], tuple(row["scopes"]), sealed)
    return Connection(
        id=document.id,
        org=row["org"],
        user=row["user"],
        user_name=row["user_name"],
        origin=row["origin"],
        scopes=tuple(row["asked"]),
        return_url=row["return_url"],
        nonce=row["nonce"],
        code_verifier=row["code_verifier"],
        expires_at=known_moment(row["expires_at"]),
        used=row["used"],
        browser=row["browser"],
        ticket=row["ticket"],
        grant=grant,
        version=document.version,
    )
