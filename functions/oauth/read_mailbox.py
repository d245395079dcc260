"""Reading one's own mailbox, and all that is held about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.oauth.services import Services
from shared.domain.audit import OWNER_ONLY, AuditEntry
from shared.domain.caller import Caller
from shared.domain.health import WARNINGS, describe, warnings_of
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.policy import Policy
from shared.domain.recount import Recount
from shared.domain.scopes import FEATURES, missing_for
from shared.domain.sharing import effective_sharing, fixed_sharing
from shared.domain.sync import SyncState
from shared.errors import NotFound

PAGE = 100


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


@dataclass(frozen=True)
class ReadHeld:
    """Whose data: `user` of the organisation `org`, as `reader` reads it."""

    org: str
    user: str
    reader: Reader


def read_held(values: ReadHeld, services: Services) -> Mapping[str, Any]:
    """Everything held about a user, but for the sealed consent, of which only the existence is told."""
    identifier = mailbox_id(values.org, values.user)
    mailbox = services.mailboxes.get(identifier)
    state = services.syncs.get(identifier)
    notices: list[Any] = []
    before = None
    while page := services.notices.page(identifier, since=None, before=before, limit=PAGE):
        notices += [{"id": n.message_id, "from": n.sender, "received_at": stamp(n.received_at)} for n in page]
        before = (page[-1].received_at, page[-1].message_id)
    policy = services.orgs.get(values.org)
    return {
        "mailbox": show_mailbox(mailbox, policy, values.reader) if mailbox else None,
        "consent_held": services.grants.get(identifier) is not None,
        "sync": _sync(state) if state else None,
        "recount": _recount(services.notices.recount(identifier)),
        "notices": notices,
        "sends": services.sends.count(identifier),
        "shares": _shares(identifier, services),
        "audit": _audit(values, services),
    }


def _sync(state: SyncState) -> Mapping[str, Any]:
    """Ids of messages that wait, with why: to be labelled, not visible in Gmail yet, not readable."""
    return {
        "handled_at": stamp(state.handled_at),
        "waiting": len(state.unsorted),
        "unsorted": list(state.unsorted),
        "unseen": list(state.unseen),
        "set_aside": list(state.set_aside),
    }


def _recount(recount: Recount | None) -> Mapping[str, Any] | None:
    if recount is None:
        return None
    return {"from": stamp(recount.start), "to": stamp(recount.end), "missing": list(recount.missing)}


@dataclass(frozen=True)
class ExportHeld:
    """The admin, and a mailbox of the organisation."""

    caller: Caller
    mailbox: str
    reader: Reader


def export_held(values: ExportHeld, services: Services) -> Mapping[str, Any]:
    """The same for the organisation, as it must tell somebody who asks. The export itself is an entry of the audit.

    Left empty is what an admin does not read: whom the owner never shares with, and who opened which mail. Raises
    NotFound, also for another organisation's mailbox.
    """
    caller = values.caller
    mailbox = services.mailboxes.get(values.mailbox) if values.mailbox.isalnum() else None
    if mailbox is None or mailbox.org != caller.org:
        raise NotFound("There is no such mailbox.", code="mailbox_not_found")
    now = values.reader.now
    services.audit.add(AuditEntry(caller.org, caller.user, "mailbox.exported", now, owner=mailbox.user))
    held = dict(read_held(ReadHeld(mailbox.org, mailbox.user, values.reader), services))
    held["audit"] = [entry for entry in held["audit"] if entry["action"] not in OWNER_ONLY]
    if held["mailbox"]:
        held["mailbox"]["settings"]["never_shared"] = []
    return held


def _shares(mailbox: str, services: Services) -> list[Any]:
    found: list[Any] = []
    after = None
    while page := services.shares.page(mailbox, after, PAGE):
        found += [{"contact_id": share.contact_id, "shared_at": stamp(share.shared_at)} for _, share in page]
        after = page[-1][0]
    return found


def _audit(values: ReadHeld, services: Services) -> list[Any]:
    found: list[Any] = []
    before = None
    while page := services.audit.page_of_owner(values.org, values.user, before, PAGE):
        found += [show_entry(entry) for entry in page]
        before = (page[-1].at, page[-1].id)
    return found


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
    }


def _health(mailbox: Mailbox, reader: Reader) -> dict[str, Any]:
    act, detail = describe(mailbox.health.code, reader.language)
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
