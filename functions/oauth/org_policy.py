"""The organisation's policy, and the health of its mailboxes, for its admin."""

from dataclasses import dataclass
from typing import Any

from functions.oauth.read_mailbox import Reader, show_mailbox
from functions.oauth.services import Services
from functions.oauth.settings_tag import check_if_match
from shared.domain.audit import AuditEntry, policy_changes
from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox
from shared.domain.policy import Policy
from shared.errors import BadInput


@dataclass(frozen=True)
class PutPolicy:
    """The admin, the whole new policy, and the tag of the one that it takes the place of, if the admin named it."""

    caller: Caller
    policy: Policy
    if_match: str | None = None


@dataclass(frozen=True)
class ListHealth:
    """A page of the organisation's mailboxes."""

    caller: Caller
    limit: int
    cursor: str | None
    reader: Reader


def put_policy(values: PutPolicy, services: Services) -> Policy:
    """Replaces the policy; it holds from the next read or run. One read, and two writes if anything changes.

    Raises BadInput for label names that clash, Stale where If-Match does not name the stored policy.
    """
    caller, policy = values.caller, values.policy
    names = [name.lower() for name in policy.label_names.values()]
    if len(set(names)) != len(names):
        raise BadInput(
            "The three labels need three names; case does not tell them apart.", code="label_names_clash"
        )
    before, version = services.orgs.get_with_version(caller.org)
    check_if_match(values.if_match, before)
    if before != policy:
        told = policy_changes(before, policy)
        entry = AuditEntry(caller.org, caller.user, "policy.changed", services.clock.now(), changes=told)
        if values.if_match is None:
            services.orgs.put(caller.org, policy, entry)
        else:
            services.orgs.replace(caller.org, policy, version, entry)
        services.log.event("policy.changed")
    services.shown_policies.learn(caller.org, policy)
    return policy


def list_health(values: ListHealth, services: Services) -> dict[str, Any]:
    """Mailboxes by id with their owners, health and settings: no mail, and not the owners' never-shared lists.

    One read for the policy, and one for each mailbox.
    """
    caller = values.caller
    bound_to = (caller.org, caller.user, "org-mailboxes")
    after = services.cursors.open(values.cursor, bound_to)["id"] if values.cursor else None
    rows = services.mailboxes.page_of_org(caller.org, after, values.limit)
    policy = services.orgs.get(caller.org)
    full = len(rows) == values.limit
    return {
        "items": [_health(row, policy, values.reader) for row in rows],
        "next_cursor": services.cursors.seal({"id": rows[-1].id}, bound_to) if full else None,
    }


def _health(mailbox: Mailbox, policy: Policy, reader: Reader) -> dict[str, Any]:
    row = show_mailbox(mailbox, policy, reader)
    wanted = ("id", "status", "health", "warnings", "scopes", "watch", "labeling", "connected_at")
    settings = {name: value for name, value in row["settings"].items() if name != "never_shared"}
    owner = {"id": mailbox.user, "name": mailbox.user_name}
    return {"owner": owner, "settings": settings, **{name: row[name] for name in wanted}}
