"""What the labeler knows of a mailbox between its turns: whose mail lies there, and what is still to be done."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.domain.categories import Category
from shared.domain.contact import Contact

REMADE_WITHIN: Final = timedelta(days=7)
"""A label that is deleted again so soon after we made it again is not wanted: labels go off."""

REFUSED_MOST: Final = 1000
"""Refused messages that the row keeps: 20 KB."""
GIVEN_UP: Final = 36
"""Turns that Gmail may fail at a message while it answers for others: six hours of ticks. Then it holds up nothing."""
REFUSAL: Final = GIVEN_UP // 3
"""What Gmail's word about the message itself counts, in such turns: nothing that passes, so three are enough."""


@dataclass(frozen=True)
class LabelingRow:
    """The stored row. Times are UTC; `contacts` are keys (`contact_key`) of those whose mail may carry our labels.

    `changed_since`: the CRM named changes at or after this moment that are not followed yet. `calendar`: the month and
    setting that the labels are right for. `backfill_before`: mail of the Inbox from this message id on is done (empty:
    none yet). `backfill_left`: what is to be sorted next, newest first, as (message id, thread id, empty where that is
    not known); `backfill_more`: there is more to be searched for after it. `held`: a run has stopped because too much
    would change; `confirmed`: the admin lets it go on. `refused`: in how many turns Gmail did not show or change a
    message (a refusal counts as `REFUSAL`); from `GIVEN_UP` on it holds up nothing, until all work is done.
    """

    mailbox: str
    org: str
    contacts: frozenset[str] = frozenset()
    work: bool = False
    changed_since: datetime | None = None
    calendar: str = ""
    calendar_before: str = ""
    backfill: bool = True
    backfill_before: str = ""
    backfill_left: tuple[tuple[str, str], ...] = ()
    backfill_more: bool = False
    held: bool = False
    confirmed: bool = False
    remade: Mapping[Category, datetime] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    version: object = field(default=None, compare=False)


def contact_key(org: str, contact_id: str) -> str:
    """A short id for a contact of an organisation: 80 bits of a hash, the same for the same contact."""
    digest = hashlib.sha256(f"{len(org)}:{org}:{contact_id}".encode()).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def contact_keys(org: str, contacts: Iterable[Contact]) -> frozenset[str]:
    """The keys of these contacts."""
    return frozenset(contact_key(org, contact.id) for contact in contacts)


def org_key(org: str) -> str:
    """A document id for an organisation: the CRM's id may hold a slash or be longer than a document id may be."""
    return hashlib.sha256(org.encode()).hexdigest()[:40]
