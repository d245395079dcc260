"""The labeler's plans: which mail gets which of our labels. Plans are data; carrying them out is elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from shared.domain.categories import CATEGORIES, Category, categorize
from shared.domain.contact import Contact
from shared.domain.notice import Notice

STOP_ABOVE: Final = 0.3
"""A larger share of the labelled mail about to change stops the run until the admin confirms."""
STOP_FROM: Final = 20
"""Fewer changes than this never stop a run: in a small mailbox one deal is a large share."""
ASK_AGAIN: Final = timedelta(hours=1)
"""For how long a sender whom the CRM has just forgotten is asked for again before the mail stays unlabelled."""


@dataclass(frozen=True)
class Deed:
    """What we did to one message's label. `before` and `after` are our label on it; None: none of ours.

    `undone`: its owner took our deed back, so the labeler leaves the message alone. `inbox`: the deed took the message
    out of the Inbox; an undone one has put it back there.
    """

    message_id: str
    before: Category | None
    after: Category | None
    undone: bool = False
    inbox: bool = False


@dataclass(frozen=True)
class LabelPlan:
    """Message ids by the category they earn, in order of arrival; those that earn none, and those to ask for again."""

    labelled: Mapping[Category, tuple[str, ...]]
    unlabelled: tuple[str, ...]
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a message stands: our labels on it, whether it is in the Inbox, and what it should have.

    `certain`: the CRM has said so; without it nothing of ours is taken off.
    """

    message_id: str
    ours: frozenset[Category]
    in_inbox: bool
    wanted: Category | None
    certain: bool = True


Kept = Literal["right", "uncertain", "undone", "moved_by_user", "taken_off_by_user", "back_in_inbox"]


def plan_labels(
    notices: Sequence[Notice],
    contacts: Mapping[str, Sequence[Contact]],
    zone: ZoneInfo,
    now: datetime,
    *,
    count_won_this_month: bool = False,
) -> LabelPlan:
    """Sorts noticed mail by its sender's deals. `contacts` are by normalised address; `now` is aware.

    A notice is made for senders that the CRM knows: one that it does not name now is asked for again for an hour.
    """
    earned: dict[Category, list[str]] = {category: [] for category in CATEGORIES}
    none: list[str] = []
    waiting: list[str] = []
    for notice in notices:
        known = contacts.get(notice.sender, ())
        verdict = categorize(known, zone, now, count_won_this_month=count_won_this_month)
        if verdict.category:
            earned[verdict.category].append(notice.message_id)
        elif not known and now - notice.received_at < ASK_AGAIN:
            waiting.append(notice.message_id)
        else:
            none.append(notice.message_id)
    return LabelPlan({c: tuple(ids) for c, ids in earned.items() if ids}, tuple(none), tuple(waiting))


def plan_change(standing: Standing, last: Deed | None) -> Deed | Kept:
    """What to do with a message that was found, given our last deed on it; what its user did since then stays."""
    if last is not None and last.undone:
        return "undone"
    if len(standing.ours) > 1:
        return "moved_by_user"
    current = next(iter(standing.ours), None)
    if current == standing.wanted:
        return "right"
    if last is not None and last.after != current:
        return "taken_off_by_user" if current is None else "moved_by_user"
    if current is None and last is not None and standing.in_inbox:
        return "back_in_inbox"
    if standing.wanted is None and not standing.certain:
        return "uncertain"
    leaves_inbox = current is None and standing.in_inbox
    return Deed(standing.message_id, current, standing.wanted, inbox=leaves_inbox)


def was_done(deed: Deed, ours: frozenset[Category], in_inbox: bool | None) -> bool:
    """Whether a deed that may have been done was done, by how its message stands now (`in_inbox` None: not known).

    A message that stands neither as before nor as after it was changed by its user since, so it counts as done: what
    its user did stays.
    """
    if ours != (frozenset({deed.before}) if deed.before else frozenset()):
        return True
    # Out of the Inbox and without a label: the user has taken the label off.
    return deed.before is None and not deed.undone and deed.inbox and in_inbox is False


def is_too_much(changes: int, labelled: int) -> bool:
    """Whether so many changes to a mailbox with so many labelled messages need the admin's word."""
    return changes >= STOP_FROM and changes > STOP_ABOVE * labelled


def told_by_calendar(deed: Deed) -> bool:
    """Whether the month alone explains a change: it moves mail between these two, and no CRM has said anything."""
    return {deed.before, deed.after} == {"closing_this_month", "open_deals"}


def wanted_by_address(
    addresses: Collection[str],
    contacts: Mapping[str, Sequence[Contact]],
    zone: ZoneInfo,
    now: datetime,
    *,
    count_won_this_month: bool = False,
) -> Mapping[str, Category | None]:
    """The category that mail from each of these normalised addresses earns now."""
    return {
        address: categorize(
            contacts.get(address, ()), zone, now, count_won_this_month=count_won_this_month
        ).category
        for address in addresses
    }
