"""The Inbox's mail from contacts that have a category: found by search, before any header is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from functions.labeler.find_mail import INBOX, list_ids
from functions.labeler.read_changes import change_pages
from shared.domain.addresses import normalize
from shared.domain.categories import CATEGORIES, Category, categorize
from shared.domain.policy import Policy
from shared.domain.sender_search import sender_queries
from shared.ports.connector import ChangesConnector
from shared.ports.gmail import GmailReader

_RANKS: Final = (*CATEGORIES, None)
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SEARCHES: Final = 700
"""3,500 of the 4,500 units that a rested user has for a turn: some 100,000 addresses."""
MARGIN: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Sorted:
    """Normalised addresses by the category of their contact (None: no deal counts); `at` is the CRM's time when it
    began to tell.
    """

    addresses: Mapping[Category | None, frozenset[str]]
    at: datetime


def sorted_addresses(org: str, policy: Policy, now: datetime, connector: ChangesConnector) -> Sorted:
    """Every address of the CRM with what its mail earns, from all of its changes: one call per 200 contacts."""
    best: dict[str, Category | None] = {}
    at: datetime | None = None
    for page in change_pages(org, BEGINNING, connector):
        at = at or page.now
        for change in page.changed:
            verdict = categorize(
                [change.contact],
                ZoneInfo(policy.time_zone),
                now,
                count_won_this_month=policy.count_won_this_month,
            )
            for address in map(normalize, change.contact.addresses):
                # An address of two contacts earns the higher category of the two.
                best[address] = min(best.get(address), verdict.category, key=_RANKS.index)
    by_category = {
        category: frozenset(address for address, earned in best.items() if earned == category)
        for category in _RANKS
    }
    return Sorted(by_category, at or now - MARGIN)


def inbox_of_contacts(found: Sorted, gmail: GmailReader) -> dict[str, str]:
    """Ids, with their threads, of the Inbox's mail from any contact, also from those without a deal: they may have one
    later. 5 units per search of 150 addresses and for each further 500 messages.

    With more contacts than a turn could search for: all of the Inbox, 5 units per 500 messages. Then each header tells.
    """
    everybody = frozenset[str]().union(*found.addresses.values())
    queries = sender_queries(everybody)
    return list_ids(gmail, label=INBOX, queries=queries if len(queries) <= MOST_SEARCHES else ("",))


def inbox_by_category(found: Sorted, gmail: GmailReader) -> Mapping[str, Category]:
    """Ids of the Inbox's mail from contacts with a category, with what it would earn: searches for each category."""
    return {
        message_id: category
        for category in reversed(CATEGORIES)
        for message_id in list_ids(gmail, label=INBOX, queries=sender_queries(found.addresses[category]))
    }
