"""Policies of organisations."""

from typing import Protocol

from shared.domain.audit import AuditEntry
from shared.domain.policy import Policy


class OrgStore(Protocol):
    """Policies of organisations."""

    def get(self, org: str) -> Policy:
        """One read; defaults where the organisation has set nothing."""
        ...

    def put(self, org: str, policy: Policy, *audit: AuditEntry) -> None:
        """Replaces the policy, together with the audit entries that tell of it."""
        ...

    def get_with_version(self, org: str) -> tuple[Policy, object]:
        """The same as `get`, with the version that was read, for `replace`."""
        ...

    def replace(self, org: str, policy: Policy, version: object, *audit: AuditEntry) -> None:
        """The same as `put`. Raises Stale if the stored policy is not the version that was read."""
        ...
