"""Policies of organisations: `orgs/{hash of the id}`."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from shared.adapters.firestore.audit import audit_writes
from shared.adapters.firestore.documents import Documents, Write
from shared.adapters.firestore.paths import org_path
from shared.domain.audit import AuditEntry
from shared.domain.policy import Policy


class FirestoreOrgs:
    """One document an organisation; missing means defaults."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, org: str) -> Policy:
        document = self._documents.get(org_path(org))
        return _policy(document.fields["policy"]) if document else Policy()

    def put(self, org: str, policy: Policy, *audit: AuditEntry) -> None:
        row = {f.name: _plain(getattr(policy, f.name)) for f in fields(policy)}
        self._documents.commit(Write("put", org_path(org), {"policy": row}), *audit_writes(*audit))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _policy(row: Mapping[str, Any]) -> Policy:
    known = {f.name for f in fields(Policy)}
    kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known}
    return Policy(**kept)
