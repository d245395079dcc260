"""A pick of custom sharing: the owner of a mailbox shares the mail with one contact."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Share:
    """`contact_id` is the CRM's own; `shared_at` is UTC. It survives other sharing modes, and ends with the mailbox."""

    mailbox: str
    org: str
    contact_id: str
    shared_at: datetime
