"""Who would see mail of which contacts after a change of settings: told before it is saved, without any mail."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from functions.oauth.change_settings import SettingsChange, plan_settings
from functions.oauth.services import Services
from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, Settings, mailbox_id
from shared.domain.policy import Policy
from shared.domain.sharing import Viewer, effective_sharing, fixed_sharing, may_ask
from shared.errors import NotFound
from shared.ports.connector import Audience, CrmUser
from shared.usecases.shared_mail import superiors_of

NAMES: Final = 20
"""Names told of colleagues, and of contacts."""
PICKS: Final = 1000
VIEWERS: Final = 1000
"""Picks and colleagues that are counted; with more the answer says that it is not complete."""


@dataclass(frozen=True)
class PreviewSettings:
    """Whose settings would change, and how."""

    caller: Caller
    change: SettingsChange


@dataclass(frozen=True)
class _Scope:
    """The contacts whose mail a mailbox shares: none (also while paused), those picked, or all (`picked` None)."""

    picked: frozenset[str] | None

    def beyond(self, other: "_Scope") -> tuple[frozenset[str] | None, frozenset[str]]:
        """What of this one the other does not hold, as (only these, all without these)."""
        if other.picked is None:
            return frozenset(), frozenset()
        if self.picked is None:
            return None, other.picked
        return self.picked - other.picked, frozenset()


def preview_settings(values: PreviewSettings, services: Services) -> dict[str, Any]:
    """Counts and names, no mail; nothing is written. Two reads, one a pick, and two or three calls to the CRM.

    Raises what the change itself would raise: NotFound, BadInput, NotAllowed.
    """
    caller = values.caller
    row = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if row is None or row.leaving is not None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    policy = services.orgs.get(caller.org)
    before = row.seen_with(caller.roles)
    fixed = fixed_sharing(policy, caller.user, caller.roles)
    after = before.with_settings(plan_settings(before.settings, values.change, fixed))
    picks = frozenset(share.contact_id for _, share in services.shares.page(row.id, None, PICKS))
    old, new = _scope(before, policy, picks), _scope(after, policy, picks)
    viewers = _viewers(caller, before, policy, services)
    if viewers is None:
        return _untold()
    newly = _audience(new.beyond(old), viewers, caller, services)
    no_longer = _audience(old.beyond(new), viewers, caller, services)
    if newly is None or no_longer is None:
        return _untold()
    left_out = _not_counted(before.settings, after.settings, len(picks) >= PICKS, len(viewers) > VIEWERS)
    return {
        "newly_visible": _shown(newly, viewers),
        "no_longer_visible": _shown(no_longer, viewers),
        "complete": not left_out,
        "not_counted": left_out,
    }


def _scope(mailbox: Mailbox, policy: Policy, picks: frozenset[str]) -> _Scope:
    if mailbox.settings.paused:
        return _Scope(frozenset())
    sharing = effective_sharing(mailbox, policy)
    return _Scope(None if sharing == "public" else picks if sharing == "custom" else frozenset())


def _viewers(
    caller: Caller, mailbox: Mailbox, policy: Policy, services: Services
) -> dict[str, CrmUser] | None:
    """The colleagues whom the policy lets see shared mail at all; None where the CRM does not name its users."""
    users = services.crm.users(caller.org)
    if users is None:
        return None
    by_id = {user.id: user for user in users}
    above = superiors_of(caller.user, by_id)
    # As if all were public: what the policy forbids a colleague does not depend on the mode.
    open_to_all = mailbox.with_settings(Settings(sharing="public"))
    free = policy.without_fixed_sharing()
    return {
        user.id: user
        for user in users
        if user.id != caller.user
        and may_ask(Viewer(caller.org, user.id, user.roles, user.id in above), open_to_all, free).allowed
    }


def _audience(
    difference: tuple[frozenset[str] | None, frozenset[str]],
    viewers: Collection[str],
    caller: Caller,
    services: Services,
) -> Audience | None:
    only, without = difference
    if not viewers or (only is not None and not only):
        return Audience((), 0, ())
    asked = sorted(viewers)[:VIEWERS]
    return services.crm.audience(caller.org, asked, only=only, without=without, names_for=caller.user)


def _shown(audience: Audience, viewers: dict[str, CrmUser]) -> dict[str, Any]:
    seeing = [viewer for viewer, count in audience.by_viewer if count and viewer in viewers]
    return {
        "colleagues": len(seeing),
        "contacts": audience.contacts,
        "names": sorted(viewers[viewer].name for viewer in seeing)[:NAMES],
        "contact_names": sorted(name for _, name in audience.sample)[:NAMES],
    }


def _not_counted(before: Settings, after: Settings, many_picks: bool, many_viewers: bool) -> list[str]:
    """What changes the answer and cannot be told without mail."""
    left_out = []
    if set(before.never_shared) != set(after.never_shared):
        left_out.append("never_shared")
    if many_picks:
        left_out.append("picks")
    if many_viewers:
        left_out.append("colleagues")
    return left_out


def _untold() -> dict[str, Any]:
    return {
        "newly_visible": None,
        "no_longer_visible": None,
        "complete": False,
        "not_counted": ["crm_does_not_tell"],
    }
