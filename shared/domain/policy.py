"""The organisation's policy: what its admin decided for all of its mailboxes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.categories import Category

DEFAULT_LABEL_NAMES: Final[Mapping[Category, str]] = {
    "closing_this_month": "Deals Closing This Month",
    "open_deals": "Open Deals",
    "customers": "Customers",
}


@dataclass(frozen=True)
class Policy:
    """Defaults are those of an organisation that has set nothing. `time_zone` is an IANA name.

    `sharing` None leaves the choice to the users; `sharing_by_role` and `sharing_by_user` fix it for some, and
    a role's value beats a user's. `return_urls` are the only pages that may be handed a connect's ticket.
    `count_won_this_month` lets a deal won with a closing date in this month count as closing this month; a change of a
    deal moves mail that came in the last `label_look_back_days`.
    """

    time_zone: str = "UTC"
    sharing: str | None = None
    sharing_by_role: Mapping[str, str] = field(default_factory=dict)
    sharing_by_user: Mapping[str, str] = field(default_factory=dict)
    share_with_users: tuple[str, ...] = ()
    share_with_roles: tuple[str, ...] = ()
    excluded_domains: tuple[str, ...] = ()
    superiors_see: bool = False
    label_names: Mapping[Category, str] = field(default_factory=lambda: dict(DEFAULT_LABEL_NAMES))
    origins: tuple[str, ...] = ()
    return_urls: tuple[str, ...] = ()
    webhook_url: str | None = None
    count_won_this_month: bool = False
    label_look_back_days: int = 90

    def look_back(self, now: datetime) -> datetime:
        """Mail received before this moment does not follow changes any more."""
        return now - timedelta(days=self.label_look_back_days)

    def without_fixed_sharing(self) -> "Policy":
        """The same policy with the choice of sharing left to the users."""
        return replace(self, sharing=None, sharing_by_role={}, sharing_by_user={})
