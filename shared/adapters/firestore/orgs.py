"""Policies of organisations: `orgs/{hash of the id}`."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal

from shared.adapters.firestore.audit import audit_writes
from shared.adapters.firestore.documents import Documents, Write
from shared.adapters.firestore.paths import org_path
from shared.domain.audit import AuditEntry
from shared.domain.policy import Policy
from shared.errors import Conflict, Stale


class FirestoreOrgs:
    """One document an organisation; missing means defaults."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, org: str) -> Policy:
        return self.get_with_version(org)[0]

    def put(self, org: str, policy: Policy, *audit: AuditEntry) -> None:
        self._documents.commit(Write("put", org_path(org), _row(policy)), *audit_writes(*audit))

    def get_with_version(self, org: str) -> tuple[Policy, object]:
        document = self._documents.get(org_path(org))
        return (_policy(document.fields["policy"]), document.version) if document else (Policy(), None)

    def replace(self, org: str, policy: Policy, version: object, *audit: AuditEntry) -> None:
        kind: Literal["create", "update"] = "create" if version is None else "update"
        try:
            self._documents.commit(
                Write(kind, org_path(org), _row(policy), version=version), *audit_writes(*audit)
            )
        except Conflict:
            # Somebody else has made the first one meanwhile, or another since.
            raise Stale("The policy was changed meanwhile; read it again.") from None


def _row(policy: Policy) -> dict[str, Any]:
    return {"policy": {f.name: _plain(getattr(policy, f.name)) for f in fields(policy)}}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _policy(row: Mapping[str, Any]) -> Policy:
    known = {f.name for f in fields(Policy)}
    kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known}
    return Policy(**kept)
