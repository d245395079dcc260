"""Why a mail is under its label, or under none: the same pure function that sorts, told in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from functions.labeler.find_mail import INBOX, ours_on
from functions.labeler.own_mailbox import ReadingOnly, find_own
from functions.labeler.sentences import sentence
from functions.labeler.services import Services
from shared.domain.addresses import normalize, parse_addresses
from shared.domain.caller import Caller
from shared.domain.categories import CATEGORIES, Category, Verdict, categorize
from shared.domain.contact import Contact, by_address
from shared.domain.labeling_row import LabelingRow
from shared.domain.labels import Deed, Standing, plan_change
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.notice import is_incoming, sender_of
from shared.domain.scopes import allows
from shared.domain.sync import SyncState

HEADERS: Final = ("From", "To", "Cc")
OTHERS: Final = 20
"""Other people on a mail whose deals are looked at."""
_LOST: Final[Mapping[Category, str]] = {
    "closing_this_month": "none_closes_this_month",
    "open_deals": "none_open",
    "customers": "none_won_alone",
}


@dataclass(frozen=True)
class ExplainMessage:
    """Which message of the caller's, in which language."""

    caller: Caller
    message: str
    language: str = "en"


@dataclass(frozen=True)
class Evidence:
    """What was found about one message. `last` is our last deed on it; mail of before `look_back` follows no change."""

    mailbox: Mailbox
    mail: MailMetadata
    sender: str | None
    contacts: Sequence[Contact]
    verdict: Verdict
    others_have_deals: bool
    last: Deed | None
    row: LabelingRow | None
    sync: SyncState | None
    look_back: datetime

    @property
    def category(self) -> Category | None:
        """What the mail earns."""
        return self.verdict.category if is_incoming(self.mail.label_ids) else None


def explain_message(values: ExplainMessage, services: Services) -> dict[str, Any]:
    """Explains one message of the caller's mailbox: 20 units, one connector call, five reads. Raises NotFound."""
    mailbox = find_own(values.caller, services)
    gmail = ReadingOnly(services.gmail.open(mailbox))
    mail = gmail.get_metadata([values.message], HEADERS)[values.message]
    if not isinstance(mail, MailMetadata):
        raise mail
    evidence = _gather(mailbox, mail, services)
    return _told(evidence, values.language)


def _gather(mailbox: Mailbox, mail: MailMetadata, services: Services) -> Evidence:
    sender = sender_of(mail)
    written = [a for name in ("To", "Cc") for value in mail.values(name) for a in parse_addresses(value)]
    others = {normalize(a.address) for a in written[:OTHERS]} - {sender, normalize(mailbox.email)}
    asked = {*others, *([sender] if sender else [])}
    known = by_address(services.connector.lookup(mailbox.org, asked)) if asked else {}
    policy, now = services.orgs.get(mailbox.org), services.clock.now()

    def verdict(contacts: Sequence[Contact]) -> Verdict:
        zone = ZoneInfo(policy.time_zone)
        return categorize(contacts, zone, now, count_won_this_month=policy.count_won_this_month)

    contacts = known.get(sender, ()) if sender else ()
    return Evidence(
        mailbox,
        mail,
        sender,
        contacts,
        verdict(contacts),
        any(verdict(known.get(address, ())).category for address in others),
        services.label_runs.last_deeds(mailbox.id, [mail.id]).get(mail.id),
        services.labelings.get(mailbox.id),
        services.syncs.get(mailbox.id),
        policy.look_back(now),
    )


def _told(found: Evidence, language: str) -> dict[str, Any]:
    mailbox, category = found.mailbox, found.category
    label = mailbox.labels.get(category) if category else None
    first = next(iter(found.contacts), None)
    rule = category or _no_rule(found)
    return {
        "category": category,
        "label": label.name if label else None,
        "contact": {"id": first.id, "name": first.name} if first else None,
        "deals": _deals(found, language),
        "rule": sentence(rule, language),
        "rule_code": rule,
        "rejected": [_rejected(c, category, language) for c in CATEGORIES if c != category],
        "causes": [{"code": code, "sentence": sentence(code, language)} for code in _causes(found)],
        "facts": {
            "labels_on": mailbox.settings.labels,
            "arrived_at": _stamp(found.mail.received_at),
            "last_run_at": _stamp(mailbox.labeling.last_run_at),
            "our_labels": sorted(
                label.name for label in mailbox.labels.values() if label.id in found.mail.label_ids
            ),
            "in_inbox": INBOX in found.mail.label_ids,
            "labelled_by_us": found.last is not None,
            "other_contacts": [{"id": c.id, "name": c.name} for c in found.contacts[1:]],
        },
    }


def _deals(found: Evidence, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": row.deal.id,
            "name": row.deal.name,
            "state": row.deal.state,
            "closing_date": row.deal.closing_date.isoformat() if row.deal.closing_date else None,
            "contact": row.contact_id,
            "counts_as": row.counts_as,
            "because": row.because,
            "sentence": sentence(row.because, language),
        }
        for row in found.verdict.deals
    ]


def _rejected(candidate: Category, winner: Category | None, language: str) -> dict[str, str]:
    beaten = winner is not None and CATEGORIES.index(candidate) > CATEGORIES.index(winner)
    code = "higher_applies" if beaten else _LOST[candidate]
    return {"category": candidate, "because": sentence(code, language), "code": code}


def _no_rule(found: Evidence) -> str:
    if not is_incoming(found.mail.label_ids):
        return "not_incoming"
    if found.sender is None:
        return "no_single_sender"
    if not found.contacts:
        return "unknown_address"
    is_bare_lead = all(contact.kind == "lead" and not contact.deals for contact in found.contacts)
    return "lead_without_deal" if is_bare_lead else "no_deal_counts"


def _causes(found: Evidence) -> list[str]:
    """Everything else that keeps the mail from being where its deals put it, the strongest first."""
    mailbox, mail, row = found.mailbox, found.mail, found.row
    causes = [] if found.category else [_no_rule(found)]
    if found.category is None and found.others_have_deals:
        causes.append("deal_on_another_contact")
    if not allows("labels", mailbox.scopes):
        causes.append("scope_missing")
    if not mailbox.settings.labels:
        causes.append("labels_off")
    if not mailbox.works:
        causes.append("mailbox_stopped")
    standing = Standing(mail.id, ours_on(mail, mailbox), INBOX in mail.label_ids, found.category)
    planned = plan_change(standing, found.last)
    if planned in ("undone", "taken_off_by_user", "moved_by_user", "back_in_inbox"):
        return [*causes, str(planned)]
    if isinstance(planned, Deed) and not causes and row is not None:
        causes.append(_waits_for(found, row))
    return causes


def _waits_for(found: Evidence, row: LabelingRow) -> str:
    if found.sync is not None and found.mail.id in found.sync.unsorted:
        return "waits_for_next_run"
    last_run_at = found.mailbox.labeling.last_run_at
    if last_run_at is None or found.mail.received_at >= last_run_at:
        return "waits_for_next_run"
    if row.backfill and INBOX in found.mail.label_ids:
        return "waits_for_backfill"
    if found.last is None and INBOX not in found.mail.label_ids:
        return "outside_inbox_before"
    if found.mail.received_at < found.look_back:
        return "older_than_look_back"
    return "held" if row.held else "waits_for_changes"


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
