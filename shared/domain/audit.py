"""The audit: who did what to a mailbox or a policy, and when. It holds ids and settings, no mail and no token."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, Settings
from shared.domain.policy import Policy

Action = Literal[
    "mailbox.connected", "mailbox.reconnected", "mailbox.disconnected", "mailbox.exported",
    "grant.lost", "grant.scopes_changed",
    "settings.changed", "policy.changed", "share.added", "share.removed", "message.viewed",
]  # fmt: skip

KEPT_AFTER_LEAVING: Final = frozenset(
    {"mailbox.connected", "mailbox.reconnected", "mailbox.disconnected", "mailbox.exported"}
)
"""What the admin keeps of a mailbox that is gone: that there was one, and who exported it. Its owner is not named."""
OWNER_ONLY: Final = frozenset({"message.viewed"})
"""What the admin does not read: an admin sees no mail, and so not who reads which."""


NOBODY: Final = "google"
"""The actor of what no CRM user did, but was found at Google."""
RECEIVER: Final = "webhook"
"""The actor of what the CRM's own webhook asked for."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry. `actor` is who did it, `NOBODY` or `RECEIVER`; `owner` whose mailbox it is about (None: the policy).

    `changes` names each changed field with its value before and after. `at` is UTC. `id` is random.
    """

    org: str
    actor: str
    action: Action
    at: datetime
    owner: str | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    contact_id: str | None = None
    message_id: str | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


def departed(org: str, user: str) -> str:
    """What stands in kept entries for a user whose mailbox is gone: the same for the same user, and no name."""
    return f"departed-{hashlib.sha256(f'departed:{len(org)}:{org}:{user}'.encode()).hexdigest()[:16]}"


def without_owner(entry: AuditEntry) -> AuditEntry:
    """The entry as it is kept when its owner has left: disconnecting leaves nothing of the user behind."""
    if entry.owner is None:
        return entry
    alias = departed(entry.org, entry.owner)
    return replace(entry, owner=alias, actor=alias if entry.actor == entry.owner else entry.actor)


def own_action(caller: Caller, action: Action, at: datetime, **details: Any) -> AuditEntry:
    """An entry about something that a user did to their own mailbox."""
    return AuditEntry(caller.org, caller.user, action, at, owner=caller.user, **details)


def found_at_google(mailbox: Mailbox, action: Action, at: datetime, **before_and_after: Any) -> AuditEntry:
    """An entry about what is found to be another at Google than before: each field with its value then and now."""
    return AuditEntry(mailbox.org, NOBODY, action, at, owner=mailbox.user, changes=before_and_after)


def settings_changes(before: Settings, after: Settings) -> Mapping[str, tuple[Any, Any]]:
    """What changed. Of `never_shared` only the number: the admin reads this, and the list is the owner's."""
    return _changes(_told(before), _told(after))


def policy_changes(before: Policy, after: Policy) -> Mapping[str, tuple[Any, Any]]:
    """What changed. Of the webhook only the origin: its path may hold a secret of the CRM's."""
    return _changes(_told_policy(before), _told_policy(after))


def _told(settings: Settings) -> Mapping[str, Any]:
    return {**asdict(settings), "never_shared": len(settings.never_shared)}


def _told_policy(policy: Policy) -> Mapping[str, Any]:
    parts = urlsplit(policy.webhook_url or "")
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(policy).items()}
    return {**plain, "webhook_url": f"{parts.scheme}://{parts.netloc}" if parts.netloc else None}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
    return {key: (before[key], after[key]) for key in after if before[key] != after[key]}
