"""The audit's two lists: the organisation's for its admin, one mailbox's for its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.oauth.read_mailbox import show_entry
from functions.oauth.services import Services
from shared.domain.audit import AuditEntry
from shared.domain.caller import Caller


@dataclass(frozen=True)
class ReadAudit:
    """A page, newest first."""

    caller: Caller
    limit: int
    cursor: str | None


def read_org_audit(values: ReadAudit, services: Services) -> dict[str, Any]:
    """Policy, settings, picks and consents of the organisation; one read an entry. Views of mail are not in it."""
    caller = values.caller
    bound_to = (caller.org, caller.user, "org-audit")
    before = _position(values.cursor, bound_to, services)
    return _page(
        services.audit.page_of_org(caller.org, before, values.limit), values.limit, bound_to, services
    )


def read_own_audit(values: ReadAudit, services: Services) -> dict[str, Any]:
    """What was done to the caller's mailbox, and which colleague opened which message; one read an entry."""
    caller = values.caller
    bound_to = (caller.org, caller.user, "own-audit")
    before = _position(values.cursor, bound_to, services)
    entries = services.audit.page_of_owner(caller.org, caller.user, before, values.limit)
    return _page(entries, values.limit, bound_to, services)


def _position(
    cursor: str | None, bound_to: tuple[str, ...], services: Services
) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    position = services.cursors.open(cursor, bound_to)
    return datetime.fromisoformat(position["at"]), str(position["id"])


def _page(
    entries: Sequence[AuditEntry], limit: int, bound_to: tuple[str, ...], services: Services
) -> dict[str, Any]:
    cursor = None
    if len(entries) == limit:
        last = entries[-1]
        cursor = services.cursors.seal({"at": last.at.isoformat(), "id": last.id}, bound_to)
    return {"items": [show_entry(entry) for entry in entries], "next_cursor": cursor}
