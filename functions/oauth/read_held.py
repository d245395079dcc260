"""All that is held about a user, for that user and, but for what is the owner's alone, for the organisation's admin."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, TypeVar

from functions.oauth.read_mailbox import Reader, show_entry, show_mailbox, stamp
from functions.oauth.services import Services
from shared.domain.audit import OWNER_ONLY, AuditEntry
from shared.domain.caller import Caller
from shared.domain.connection import Connection
from shared.domain.mailbox import mailbox_id
from shared.domain.recount import Recount
from shared.domain.sync import SyncState
from shared.errors import NotFound
from shared.usecases.erase_late import erase_if_left

PAGE: Final = 500
MOST: Final = 10_000
"""Rows of one collection that one answer tells; where there are more, `left_out` names the collection."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class ReadHeld:
    """Whose data: `user` of the organisation `org`, as `reader` reads it."""

    org: str
    user: str
    reader: Reader


@dataclass(frozen=True)
class ExportHeld:
    """The admin, and a mailbox of the organisation."""

    caller: Caller
    mailbox: str
    reader: Reader


def read_held(values: ReadHeld, services: Services) -> Mapping[str, Any]:
    """Everything held about a user, collection by collection.

    Of the sealed consent only the existence is told, and of an attempt to connect nothing that could complete it.
    """
    identifier = mailbox_id(values.org, values.user)
    mailbox = services.mailboxes.get(identifier)
    state = services.syncs.get(identifier)
    labeler = services.labelings.get(identifier)
    lists = _Lists(identifier, services)
    return {
        "mailbox": show_mailbox(mailbox, services.orgs.get(values.org), values.reader) if mailbox else None,
        "mailbox_row": _shown(mailbox, without=("version",)) if mailbox else None,
        "consent_held": services.grants.get(identifier) is not None,
        "connections": [_connection(row) for row in services.connections.of_user(values.org, values.user)],
        "sync": _sync(state) if state else None,
        "recount": _recount(services.notices.recount(identifier)),
        "notices": lists.notices(),
        "reads": lists.reads(),
        "sends": services.sends.count(identifier),
        "sent": lists.sent(),
        "labeler": _shown(labeler, without=("mailbox", "org", "version")) if labeler else None,
        "label_runs": lists.label_runs(),
        "shares": lists.shares(),
        "audit": lists.audit(values.org, values.user),
        "left_out": lists.left_out,
    }


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
    erase_if_left(mailbox, services)
    held = dict(read_held(ReadHeld(mailbox.org, mailbox.user, values.reader), services))
    held["audit"] = [entry for entry in held["audit"] if entry["action"] not in OWNER_ONLY]
    if held["mailbox"]:
        held["mailbox"]["settings"]["never_shared"] = []
        held["mailbox_row"]["settings"]["never_shared"] = []
    return held


class _Lists:
    """The collections of a mailbox that may be long, each to its end or to `MOST` rows."""

    def __init__(self, mailbox: str, services: Services) -> None:
        self._mailbox = mailbox
        self._services = services
        self.left_out: list[str] = []

    def notices(self) -> list[Any]:
        def page(last: Any) -> Sequence[Any]:
            before = (last.received_at, last.message_id) if last else None
            return self._services.notices.page(self._mailbox, since=None, before=before, limit=PAGE)

        return [
            {"id": row.message_id, "from": row.sender, "received_at": stamp(row.received_at)}
            for row in self._whole("notices", page)
        ]

    def reads(self) -> list[str]:
        return self._whole("reads", lambda last: self._services.notices.marks(self._mailbox, last, PAGE))

    def sent(self) -> list[Any]:
        def page(last: Any) -> Sequence[Any]:
            return self._services.sends.page(self._mailbox, last.id if last else None, PAGE)

        return [_shown(row, without=("version", "claimed_by")) for row in self._whole("sent", page)]

    def label_runs(self) -> list[Any]:
        def page(last: Any) -> Sequence[Any]:
            before = (last.started_at, last.id) if last else None
            return self._services.label_runs.page(self._mailbox, before, PAGE)

        return [_shown(row) for row in self._whole("label_runs", page)]

    def shares(self) -> list[Any]:
        rows = self._whole(
            "shares", lambda last: self._services.shares.page(self._mailbox, last[0] if last else None, PAGE)
        )
        return [{"contact_id": row.contact_id, "shared_at": stamp(row.shared_at)} for _, row in rows]

    def audit(self, org: str, user: str) -> list[Any]:
        def page(last: Any) -> Sequence[Any]:
            before = (last.at, last.id) if last else None
            return self._services.audit.page_of_owner(org, user, before, PAGE)

        return [show_entry(row) for row in self._whole("audit", page)]

    def _whole(self, name: str, page: Callable[[Row | None], Sequence[Row]]) -> list[Row]:
        """All rows; `page` answers those that follow a row, at most `PAGE`."""
        found: list[Row] = []
        while rows := page(found[-1] if found else None):
            found += rows
            if len(found) > MOST:
                self.left_out.append(name)
                return found[:MOST]
            if len(rows) < PAGE:
                break
        return found


def _connection(row: Connection) -> Mapping[str, Any]:
    """Neither state, nonce, code verifier, cookie nor ticket: who has them could complete it."""
    grant = row.grant
    return {
        "user_name": row.user_name,
        "origin": row.origin,
        "return_url": row.return_url,
        "expires_at": stamp(row.expires_at),
        "used": row.used,
        "asked": list(row.scopes),
        "email": grant.email if grant else None,
        "google_sub": grant.google_sub if grant else None,
        "scopes": list(grant.scopes) if grant else [],
        "consent_held": grant is not None,
    }


def _sync(state: SyncState) -> Mapping[str, Any]:
    """The row, with how many mails wait to be labelled. Gmail's history ids are text: JSON's numbers end at 2^53."""
    ids = {"cursor": state.cursor, "pushed_to": state.pushed_to, "lease_push": state.lease_push}
    return {
        **_shown(state, without=("mailbox", "org", "version")),
        **{name: None if history_id is None else str(history_id) for name, history_id in ids.items()},
        "waiting": len(state.unsorted),
    }


def _recount(recount: Recount | None) -> Mapping[str, Any] | None:
    if recount is None:
        return None
    period = {"from": stamp(recount.start), "to": stamp(recount.end)}
    return {**period, **_shown(recount, without=("start", "end"))}


def _shown(row: Any, without: Collection[str] = ()) -> dict[str, Any]:
    """A stored row, field by field."""
    return {each.name: _plain(getattr(row, each.name)) for each in fields(row) if each.name not in without}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return _shown(value) if hasattr(value, "__dataclass_fields__") else value
