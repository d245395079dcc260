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
Because = Literal[
    "open_closes_this_month",
    "open_closing_date_past",
    "open_closes_later",
    "open_without_date",
    "won_this_month",
    "won_nothing_open",
    "won_beside_open",
    "lost",
]
"""Why a deal counts as it does; the sentences stand where they are told."""


@dataclass(frozen=True)
class WeighedDeal:
    """A deal, what it speaks for, and why."""

    contact_id: str
    deal: Deal
    counts_as: CountsAs
    because: Because


@dataclass(frozen=True)
class Verdict:
    """The category, or None where no contact has an open or won deal, and the deals that were weighed."""

    category: Category | None
    deals: tuple[WeighedDeal, ...] = ()


def categorize(
    contacts: Sequence[Contact], zone: ZoneInfo, now: datetime, *, count_won_this_month: bool = False
) -> Verdict:
    """Sorts a mail with these contacts on it. `now` is aware; the month is the one of `zone`.

    A contact with nothing open and a won deal is a customer; a won deal beside an open one adds nothing.
    With `count_won_this_month`, a deal won with a closing date in this month counts as closing this month.
    """
    today = now.astimezone(zone).date()
    weighed: list[WeighedDeal] = []
    for contact in contacts:
        busy = any(deal.state == "open" for deal in contact.deals)
        for deal in contact.deals:
            counts_as, because = _weigh(deal, busy, (today.year, today.month), count_won_this_month)
            weighed.append(WeighedDeal(contact.id, deal, counts_as, because))
    earned = {row.counts_as for row in weighed}
    return Verdict(next((category for category in CATEGORIES if category in earned), None), tuple(weighed))


def calendar_of(zone: ZoneInfo, now: datetime, *, count_won_this_month: bool = False) -> str:
    """What the categories depend on beside the deals: the month in `zone`, and the setting."""
    today = now.astimezone(zone).date()
    return f"{today.year:04}-{today.month:02}{'+won' if count_won_this_month else ''}"


def _weigh(deal: Deal, busy: bool, month: tuple[int, int], count_won: bool) -> tuple[CountsAs, Because]:
    closing = deal.closing_date
    closes_in = (closing.year, closing.month) if closing is not None else None
    if deal.state == "open":
        if closes_in is None:
            return "open_deals", "open_without_date"
        if closes_in == month:
            return "closing_this_month", "open_closes_this_month"
        return "open_deals", "open_closing_date_past" if closes_in < month else "open_closes_later"
    if deal.state == "lost":
        return "nothing", "lost"
    if count_won and closes_in == month:
        return "closing_this_month", "won_this_month"
    return ("nothing", "won_beside_open") if busy else ("customers", "won_nothing_open")
