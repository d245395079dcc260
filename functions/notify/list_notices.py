"""The notices of a caller's mailbox, newest first, each with the contact it came from.

A notice stores who wrote, not whether Gmail vouches for it: that is read in Gmail when somebody asks for it (`verify`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from functions.notify.services import Services
from shared.domain.addresses import normalize
from shared.domain.authentication import is_confirmed
from shared.domain.caller import Caller
from shared.domain.contact import Contact, by_address
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import mailbox_id
from shared.domain.notice import Notice
from shared.domain.paging import Cursors
from shared.errors import NotFound
from shared.usecases.lost_grant import noting_lost_grant

ROUNDS: Final = 10
"""Pages read at most in one call when only unread ones are wanted; the cursor goes on from there."""


@dataclass(frozen=True)
class ListNotices:
    """Which notices: received at or after `since`, only unread ones, `limit` of them after `cursor`.

    `verify`: say of each whether Gmail confirms the sender; costs 20 units a notice.
    """

    caller: Caller
    since: datetime | None
    unread: bool
    limit: int
    cursor: str | None
    verify: bool = False


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
    since = not_expired(values.since, services)
    for _ in range(ROUNDS):
        wanted = values.limit - len(rows)
        page = services.notices.page(mailbox, since=since, before=before, limit=wanted)
        read = services.notices.read_marks(mailbox, [notice.message_id for notice in page])
        rows += [(n, n.message_id in read) for n in page if not (values.unread and n.message_id in read)]
        before = (page[-1].received_at, page[-1].message_id) if len(page) == wanted else None
        if before is None or len(rows) == values.limit:
            break
    cursor = None
    if before is not None:
        position = {"received_at": before[0].isoformat(), "id": before[1]}
        cursor = services.cursors.seal(position, bound_to)
    items = show_notices(mailbox, rows, values.caller.org, services)
    if values.verify:
        _add_verified(mailbox, items, services)
    return NoticePage(items, cursor)


def mark_notice_read(caller: Caller, message_id: str, services: Services) -> None:
    """Marks a notice as read; again is as good: one read, two writes.

    Raises NotFound if there is no such notice of the caller's.
    """
    mailbox = mailbox_id(caller.org, caller.user)
    found = [] if "/" in message_id else services.notices.get_many(mailbox, [message_id])
    notice = next((one for one in found if one.received_at >= not_expired(None, services)), None)
    if notice is None:
        raise NotFound("There is no such notice.", code="notice_not_found")
    try:
        services.notices.mark_read(mailbox, notice)
    except NotFound:
        # Gone since: MailMagnet went off, or its owner left.
        raise NotFound("There is no such notice.", code="notice_not_found") from None


def _position(cursor: str | None, bound_to: tuple[str, ...], cursors: Cursors) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    position = cursors.open(cursor, bound_to)
    return datetime.fromisoformat(position["received_at"]), str(position["id"])


def not_expired(since: datetime | None, services: Services) -> datetime:
    """The later of `since` and the time before which notices are no longer shown, deleted or not."""
    oldest = services.clock.now() - services.retention
    return oldest if since is None else max(since, oldest)


def show_notices(
    mailbox: str, rows: Sequence[tuple[Notice, bool]], org: str, services: Services
) -> list[dict[str, Any]]:
    """Rows of (notice, whether it was read) as the contract names their fields: one connector call per 200 senders."""
    senders = {normalize(notice.sender) for notice, _ in rows}
    contacts = by_address(services.connector.lookup(org, senders)) if senders else {}
    return [_row(mailbox, n, read, contacts.get(normalize(n.sender), ())) for n, read in rows]


def _row(mailbox: str, notice: Notice, read: bool, contacts: Sequence[Contact]) -> dict[str, Any]:
    contact = next(iter(contacts), None)
    return {
        "id": notice.message_id,
        "mailbox": mailbox,
        "from": notice.sender,
        "received_at": notice.received_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "contact": {"id": contact.id, "name": contact.name} if contact else None,
        "read": read,
        "verified": None,
    }


def _add_verified(mailbox_id: str, items: Sequence[dict[str, Any]], services: Services) -> None:
    """Sets `verified` where Gmail still has the message: whether its Authentication-Results confirm the sender."""
    mailbox = services.mailboxes.get(mailbox_id)
    if mailbox is None or not mailbox.works or not items:
        return
    with noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log):
        gmail = services.gmail.open(mailbox)
        mails = gmail.get_metadata([item["id"] for item in items], ["Authentication-Results"])
    for item in items:
        mail = mails.get(item["id"])
        if isinstance(mail, MailMetadata):
            item["verified"] = is_confirmed(mail.values("Authentication-Results"), item["from"])
