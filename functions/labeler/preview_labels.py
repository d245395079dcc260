"""What turning labels on would do to the Inbox as it is now. Nothing is written anywhere: what it is given cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from functions.labeler.find_mail import INBOX, ours_on
from functions.labeler.inbox_search import inbox_by_category, sorted_addresses
from functions.labeler.own_mailbox import ReadingOnly, find_own
from functions.labeler.services import Services
from shared.domain.caller import Caller
from shared.domain.categories import CATEGORIES, Category
from shared.domain.contact import by_address
from shared.domain.labels import wanted_by_address
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.message import SUMMARY_HEADERS, summarize
from shared.domain.notice import is_incoming, sender_of
from shared.domain.policy import Policy
from shared.domain.sender_search import newest_first
from shared.ports.connector import ChangesConnector
from shared.ports.gmail import GmailReader

CHECKED: Final = 100
"""Mails whose header is read: 2,000 of a user's 6,000 units a minute. The rest is counted by the search alone."""
SAMPLES: Final = 5


@dataclass(frozen=True)
class Looking:
    """What a preview looks with: a Gmail and a CRM that it can only read."""

    mailbox: Mailbox
    policy: Policy
    now: datetime
    gmail: GmailReader
    connector: ChangesConnector


def preview_labels(caller: Caller, services: Services) -> dict[str, Any]:
    """Counts by category and samples. 5 units per search of 150 addresses and 20 for each of at most 100 mails.

    `exact` says whether every header was read. Raises NotFound (code not_connected).
    """
    mailbox = find_own(caller, services)
    gmail = ReadingOnly(services.gmail.open(mailbox))
    policy = services.orgs.get(mailbox.org)
    looking = Looking(mailbox, policy, services.clock.now(), gmail, services.connector)
    return _preview(looking, caller.user)


def _preview(looking: Looking, viewer: str) -> dict[str, Any]:
    found = sorted_addresses(looking.mailbox.org, looking.policy, looking.now, looking.connector)
    guessed = inbox_by_category(found, looking.gmail)
    order = sorted(guessed, key=newest_first, reverse=True)
    sorted_mails = _checked(order[:CHECKED], looking)
    rest = [guessed[message_id] for message_id in order[CHECKED:]]
    counts = {category: len(sorted_mails[category]) + rest.count(category) for category in CATEGORIES}
    return {
        "counts": counts,
        "samples": {
            category: [summarize(mail, looking.mailbox, viewer) for mail in mails[:SAMPLES]]
            for category, mails in sorted_mails.items()
        },
        "leaves_inbox": sum(counts.values()),
        "exact": not rest,
    }


def _checked(ids: Sequence[str], looking: Looking) -> Mapping[Category, list[MailMetadata]]:
    outcomes = looking.gmail.get_metadata(ids, SUMMARY_HEADERS) if ids else {}
    mails = [mail for mail in outcomes.values() if isinstance(mail, MailMetadata)]
    senders = {
        mail.id: sender
        for mail in mails
        if (sender := sender_of(mail))
        and is_incoming(mail.label_ids)
        and INBOX in mail.label_ids
        and not ours_on(mail, looking.mailbox)
    }
    contacts = (
        by_address(looking.connector.lookup(looking.mailbox.org, set(senders.values()))) if senders else {}
    )
    wanted = wanted_by_address(
        frozenset(senders.values()),
        contacts,
        ZoneInfo(looking.policy.time_zone),
        looking.now,
        count_won_this_month=looking.policy.count_won_this_month,
    )
    found: dict[Category, list[MailMetadata]] = {category: [] for category in CATEGORIES}
    for mail in mails:
        category = wanted[senders[mail.id]] if mail.id in senders else None
        if category:
            found[category].append(mail)
    return found
