"""The organisation's policy, and the health of its mailboxes, for its admin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.oauth.read_mailbox import show_mailbox
from functions.oauth.services import Services
from shared.domain.caller import Caller
from shared.domain.policy import Policy
from shared.errors import BadInput


@dataclass(frozen=True)
class PutPolicy:
    """The admin and the whole new policy."""

    caller: Caller
    policy: Policy


def put_policy(values: PutPolicy, services: Services) -> Policy:
    """Replaces the policy; it holds from the next read or run. Raises BadInput for label names that clash."""
    names = [name.lower() for name in values.policy.label_names.values()]
    if len(set(names)) != len(names):
        raise BadInput(
            "The three labels need three names; case does not tell them apart.", code="label_names_clash"
        )
    services.orgs.put(values.caller.org, values.policy)
    services.log.event("policy.changed")
    return values.policy


def list_health(caller: Caller, services: Services) -> Sequence[dict[str, Any]]:
    """Every mailbox of the organisation by its owner, with health and settings and no mail."""
    shown = []
    for mailbox in services.mailboxes.of_org(caller.org):
        row = show_mailbox(mailbox)
        wanted = ("id", "status", "health", "settings", "scopes", "watch", "labeling", "connected_at")
        owner = {"id": mailbox.user, "name": mailbox.user_name}
        shown.append({"owner": owner, **{key: row[key] for key in wanted}})
    return sorted(shown, key=lambda row: str(row["id"]))
