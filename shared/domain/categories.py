"""Which of the three categories a mail belongs to: a pure function of contacts, deals, zone and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from shared.domain.contact import Contact, Deal

Category = Literal["closing_this_month", "open_deals", "customers"]
CATEGORIES: Final[tuple[Category, ...]] = ("closing_this_month", "open_deals", "customers")
"""In order of precedence: the first that any contact on the mail earns wins."""

CountsAs = Literal["closing_this_month", "open_deals", "customers", "nothing"]


@dataclass(frozen=True)
class WeighedDeal:
    """A deal and what it speaks for."""

    contact_id: str
    deal: Deal
    counts_as: CountsAs


@dataclass(frozen=True)
class Verdict:
    """The category, or None where no contact has an open or won deal, and the deals that were weighed."""

    category: Category | None
    deals: tuple[WeighedDeal, ...] = ()


def categorize(contacts: Sequence[Contact], zone: ZoneInfo, now: datetime) -> Verdict:
    """Sorts a mail with these contacts on it. `now` is aware; the month is the one of `zone`.

    A contact with nothing open and a won deal is a customer; a won deal beside an open one adds nothing.
    """
    today = now.astimezone(zone).date()
    weighed: list[WeighedDeal] = []
    for contact in contacts:
        busy = any(deal.state == "open" for deal in contact.deals)
        for deal in contact.deals:
            weighed.append(WeighedDeal(contact.id, deal, _counts_as(deal, busy, (today.year, today.month))))
    earned = {row.counts_as for row in weighed}
    return Verdict(next((category for category in CATEGORIES if category in earned), None), tuple(weighed))


def _counts_as(deal: Deal, busy: bool, month: tuple[int, int]) -> CountsAs:
    if deal.state == "open":
        closing = deal.closing_date
        closes_now = closing is not None and (closing.year, closing.month) == month
        return "closing_this_month" if closes_now else "open_deals"
    if deal.state == "won" and not busy:
        return "customers"
    return "nothing"
