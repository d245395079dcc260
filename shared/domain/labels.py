"""The labeler's plan: which mail gets which of our labels. Plans are data; carrying them out is elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.categories import CATEGORIES, Category, categorize
from shared.domain.contact import Contact
from shared.domain.notice import Notice


@dataclass(frozen=True)
class LabelPlan:
    """Message ids by the category they earn, in order of arrival, and those that earn none."""

    labelled: Mapping[Category, tuple[str, ...]]
    unlabelled: tuple[str, ...]


def plan_labels(
    notices: Sequence[Notice],
    contacts: Mapping[str, Sequence[Contact]],
    zone: ZoneInfo,
    now: datetime,
) -> LabelPlan:
    """Sorts noticed mail by its sender's deals. `contacts` are by normalised address; `now` is aware."""
    earned: dict[Category, list[str]] = {category: [] for category in CATEGORIES}
    none: list[str] = []
    for notice in notices:
        category = categorize(contacts.get(notice.sender, ()), zone, now).category
        (earned[category] if category else none).append(notice.message_id)
    return LabelPlan({c: tuple(ids) for c, ids in earned.items() if ids}, tuple(none))
