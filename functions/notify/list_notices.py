"""The notices of a caller's mailbox, newest first, each with the contact it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from functions.notify.services import Services
from shared.domain.addresses import normalize
from shared.domain.caller import Caller
from shared.domain.contact import by_address
from shared.domain.mailbox import mailbox_id
from shared.domain.notice import Notice
from shared.domain.paging import Cursors
from shared.errors import NotFound

ROUNDS: Final = 10
"""Pages read at most in one call when only unread ones are wanted; the cursor goes on from there."""


@dataclass(frozen=True)
class ListNotices:
    """Which notices: received at or after `since`, only unread ones, `limit` of them after `cursor`."""

    caller: Caller
    since: datetime | None
    unread: bool
    limit: int
    cursor: str | None


@dataclass(frozen=True)
class NoticePage:
    """Rows as the contract names them, and where to go on."""

    items: Sequence[dict[str, Any]]
    next_cursor: str | None


def list_notices(values: ListNotices, services: Services) -> NoticePage:
    """One page; a caller without a mailbox has none. One query, one read a row, one connector call."""
    mailbox = mailbox_id(values.caller.org, values.caller.user)
    bound_to = ("notices", mailbox, str(values.since), str(values.unread))
    before = _position(values.cursor, bound_to, services.cursors)
    rows: list[tuple[Notice, bool]] = []
    for _ in range(ROUNDS):
        wanted = values.limit - len(rows)
        page = services.notices.page(mailbox, since=values.since, before=before, limit=wanted)
        read = services.notices.read_marks(mailbox, [notice.message_id for notice in page])
        rows += [(n, n.message_id in read) for n in page if not (values.unread and n.message_id in read)]
        before = (page[-1].received_at, page[-1].message_id) if len(page) == wanted else None
        if before is None or len(rows) == values.limit:
            break
    cursor = None
    if before is not None:
        position = {"received_at": before[0].isoformat(), "id": before[1]}
        cursor = services.cursors.seal(position, bound_to)
    return NoticePage(_shown(mailbox, rows, values.caller.org, services), cursor)


def mark_notice_read(caller: Caller, message_id: str, services: Services) -> None:
    """Marks a notice as read; again is as good. Raises NotFound if there is no such notice of the caller's."""
    mailbox = mailbox_id(caller.org, caller.user)
    if "/" in message_id or not services.notices.get_many(mailbox, [message_id]):
        raise NotFound("There is no such notice.", code="notice_not_found")
    services.notices.mark_read(mailbox, message_id)


def _position(cursor: str | None, bound_to: tuple[str, ...], cursors: Cursors) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    position = cursors.open(cursor, bound_to)
    return datetime.fromisoformat(position["received_at"]), str(position["id"])


def _shown(
    mailbox: str, rows: Sequence[tuple[Notice, bool]], org: str, services: Services
) -> list[dict[str, Any]]:
    senders = {normalize(notice.sender) for notice, _ in rows}
    contacts = by_address(services.connector.lookup(org, senders)) if senders else {}
    shown = []
    for notice, read in rows:
        contact = next(iter(contacts.get(normalize(notice.sender), ())), None)
        received_at = notice.received_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        shown.append(
            {
                "id": notice.message_id,
                "mailbox": mailbox,
                "from": notice.sender,
                "received_at": received_at,
                "contact": {"id": contact.id, "name": contact.name} if contact else None,
                "read": read,
            }
        )
    return shown
