"""Who calls: a user of a CRM organisation, as the CRM's signed token says."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Caller:
    """One CRM user. `permissions` and `roles` are the CRM's own words; `mail_integration` lets in.

    `until` is when the token ends that says all this (UTC, by the machine's own clock); None: nobody has said.
    """

    org: str
    user: str
    permissions: frozenset[str]
    roles: frozenset[str] = frozenset()
    name: str = ""
    until: datetime | None = field(default=None, compare=False)
