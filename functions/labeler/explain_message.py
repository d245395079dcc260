"""Why a mail is under its label, or under none: the same pure function that sorts, told in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final
from zoneinfo import ZoneInfo

from functions.labeler.services import Services
from shared.domain.caller import Caller
from shared.domain.categories import CATEGORIES, Category, Verdict, categorize
from shared.domain.contact import Contact, by_address
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.notice import NOTICE_HEADERS, is_incoming, sender_of
from shared.errors import NotFound

_BECAUSE: Final[dict[Category, str]] = {
    "closing_this_month": "No open deal of these contacts closes this month.",
    "open_deals": "No open deal of these contacts closes in another month or has no date.",
    "customers": "These contacts have no won deal, or something is still open.",
}


@dataclass(frozen=True)
class Explanation:
    """What was found about one message."""

    mail: MailMetadata
    sender: str | None
    contacts: Sequence[Contact]
    verdict: Verdict


def explain_message(caller: Caller, message_id: str, services: Services) -> dict[str, Any]:
    """Explains one message of the caller's mailbox: 20 units, one connector call. Raises NotFound."""
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None or mailbox.leaving is not None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    mail = services.gmail.open(mailbox).get_metadata([message_id], NOTICE_HEADERS)[message_id]
    if not isinstance(mail, MailMetadata):
        raise mail
    sender = sender_of(mail)
    known = by_address(services.connector.lookup(mailbox.org, [sender])) if sender else {}
    contacts = known.get(sender, ()) if sender else ()
    zone = ZoneInfo(services.orgs.get(mailbox.org).time_zone)
    return _told(
        mailbox, Explanation(mail, sender, contacts, categorize(contacts, zone, services.clock.now()))
    )


def _told(mailbox: Mailbox, found: Explanation) -> dict[str, Any]:
    category = found.verdict.category if is_incoming(found.mail.label_ids) else None
    label = mailbox.labels.get(category) if category else None
    first = next(iter(found.contacts), None)
    ours = {label.id: label.name for label in mailbox.labels.values()}
    last_run_at = mailbox.labeling.last_run_at
    return {
        "category": category,
        "label": label.name if label else None,
        "contact": {"id": first.id, "name": first.name} if first else None,
        "deals": [
            {
                "id": row.deal.id,
                "name": row.deal.name,
                "state": row.deal.state,
                "closing_date": row.deal.closing_date.isoformat() if row.deal.closing_date else None,
                "counts_as": row.counts_as,
            }
            for row in found.verdict.deals
        ],
        "rule": _rule(found, category),
        "rejected": [{"category": c, "because": _reason(c, category)} for c in CATEGORIES if c != category],
        "facts": {
            "labels_on": mailbox.settings.labels,
            "arrived_at": found.mail.received_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "last_run_at": last_run_at.isoformat().replace("+00:00", "Z") if last_run_at else None,
            "our_labels": sorted(ours[i] for i in found.mail.label_ids if i in ours),
        },
    }


def _rule(found: Explanation, category: Category | None) -> str:
    if not is_incoming(found.mail.label_ids):
        return "Only incoming mail is labelled."
    if found.sender is None:
        return "The mail names no single, well-formed sender."
    if not found.contacts:
        return "The sender is no contact or lead of the CRM."
    if category is None:
        return "The sender has neither an open nor a won deal."
    return {
        "closing_this_month": "An open deal closes in the present month.",
        "open_deals": "There is an open deal, and none that closes in the present month.",
        "customers": "There is a won deal and nothing open.",
    }[category]


def _reason(candidate: Category, winner: Category | None) -> str:
    if winner is not None and CATEGORIES.index(candidate) > CATEGORIES.index(winner):
        return "A category of higher precedence applies."
    return _BECAUSE[candidate]
