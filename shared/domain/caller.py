"""Who calls: a user of a CRM organisation, as the CRM's signed token says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """One CRM user. `permissions` and `roles` are the CRM's own words; `mail_integration` lets in."""

    org: str
    user: str
    permissions: frozenset[str]
    roles: frozenset[str] = frozenset()
    name: str = ""
