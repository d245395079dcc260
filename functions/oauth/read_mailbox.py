"""Reading one's own mailbox, and how its row and its audit are shown."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.oauth.services import Services
from shared.domain.audit import AuditEntry
from shared.domain.caller import Caller
from shared.domain.health import WARNINGS, describe, warnings_of
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.policy import Policy
from shared.domain.scopes import FEATURES, missing_for
from shared.domain.sharing import effective_sharing, fixed_sharing
from shared.errors import NotFound


def read_mailbox(caller: Caller, services: Services) -> Mailbox:
    """The caller's mailbox: one read, no call to Gmail. Raises NotFound (code not_connected).

    One write where the caller's roles in the CRM are others than before: colleagues' reads go by them.
    """
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None or mailbox.leaving is not None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    current = mailbox.seen_with(caller.roles)
    if current.roles != mailbox.roles:
        services.mailboxes.update(current, "roles")
    return current


@dataclass(frozen=True)
class Reader:
    """For whom a mailbox is shown: when, in which language, and whether the app's consent screen is in testing."""

    now: datetime
    language: str = "en"
    testing: bool = False


def show_entry(entry: AuditEntry) -> dict[str, Any]:
    """An entry as the contract names its fields. `owner` is whose mailbox it is about, None for the policy."""
    return {
        "id": entry.id,
        "at": stamp(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "owner": entry.owner,
        "changes": {name: {"from": before, "to": after} for name, (before, after) in entry.changes.items()},
        "contact_id": entry.contact_id,
        "message_id": entry.message_id,
    }


def show_mailbox(mailbox: Mailbox, policy: Policy, reader: Reader) -> dict[str, Any]:
    """A mailbox as the contract names its fields. `sharing` is the one that holds; `fixed` names what the admin set."""
    fixed = fixed_sharing(policy, mailbox.user, mailbox.roles)
    settings, labeling = mailbox.settings, mailbox.labeling
    return {
        "id": mailbox.id,
        "email": mailbox.email,
        "status": mailbox.status,
        "health": _health(mailbox, reader),
        "warnings": _warnings(mailbox, reader),
        "settings": {
            "sharing": effective_sharing(mailbox, policy),
            "mailmagnet": settings.mailmagnet,
            "labels": settings.labels,
            "never_shared": list(settings.never_shared),
            "adopt_labels": settings.adopt_labels,
            "fixed": ["sharing"] if fixed is not None else [],
        },
        "scopes": {
            "granted": list(mailbox.scopes),
            "missing": list(missing_for(FEATURES, mailbox.scopes)),
            "stopped": list(mailbox.stopped),
        },
        "watch": {"expires_at": stamp(mailbox.watch_expires_at)},
        "labels": {
            category: {"id": label.id, "name": label.name} for category, label in mailbox.labels.items()
        },
        "labeling": {
            "state": labeling.state,
            "done": labeling.done,
            "total": labeling.total,
            "last_run_at": stamp(labeling.last_run_at),
        },
        "connected_at": stamp(mailbox.connected_at),
        "granted_at": stamp(mailbox.granted_at or mailbox.connected_at),
    }


def _health(mailbox: Mailbox, reader: Reader) -> dict[str, Any]:
    act, detail = describe(mailbox.health.code, reader.language, mailbox.stopped_in_use)
    since = stamp(mailbox.health.since or mailbox.connected_at)
    return {"code": mailbox.health.code, "since": since, "act": act, "detail": detail}


def _warnings(mailbox: Mailbox, reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "code": warned.code,
            "at": stamp(warned.at),
            "act": WARNINGS[warned.code].act,
            "detail": WARNINGS[warned.code].sentence(reader.language),
        }
        for warned in warnings_of(mailbox, reader.now, testing=reader.testing)
    ]


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z, or None."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
