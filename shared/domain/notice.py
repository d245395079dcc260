"""Notices: the only thing stored about a message, and which messages earn one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.domain.addresses import normalize, single_from
from shared.domain.mail import MailMetadata
from shared.domain.sync import VISIBLE_WITHIN
from shared.errors import AppError

NOT_INCOMING: Final = frozenset({"SENT", "DRAFT", "SPAM", "TRASH", "CHAT"})
NOTICE_HEADERS: Final = ("From", "Message-ID", "Authentication-Results")
"""The headers MailMagnet asks Gmail for; only From is kept."""


@dataclass(frozen=True)
class Notice:
    """Message id, From address, received time (UTC): these three are stored, nothing else."""

    message_id: str
    sender: str
    received_at: datetime


def is_incoming(label_ids: frozenset[str]) -> bool:
    """Whether a message came in: in the Inbox, or archived by a filter of the user's."""
    return not (label_ids & NOT_INCOMING)


def sender_of(mail: MailMetadata) -> str | None:
    """The normalised address of the one sender, or None where From is absent, doubled or malformed."""
    sender = single_from(mail.values("From"))
    return normalize(sender.address) if sender else None


@dataclass(frozen=True)
class NoticePlan:
    """What a look at Gmail leads to: notices to keep, ids to ask for again, ids to forget."""

    notices: tuple[Notice, ...]
    unseen: Mapping[str, datetime]
    gone: tuple[str, ...]


def plan_notices(
    mails: Mapping[str, MailMetadata | AppError],
    known_senders: Collection[str],
    unseen: Mapping[str, datetime],
    now: datetime,
) -> NoticePlan:
    """Decides for each message that was asked for. `known_senders` are normalised addresses of contacts.

    A message that Gmail does not show yet, or that could not be read for a passing reason, stays on the list
    of those to ask for again. One that stays invisible for ten minutes was deleted.
    """
    notices: list[Notice] = []
    waiting: dict[str, datetime] = {}
    gone: list[str] = []
    for message_id, mail in mails.items():
        if isinstance(mail, MailMetadata):
            sender = sender_of(mail)
            if is_incoming(mail.label_ids) and sender is not None and sender in known_senders:
                notices.append(Notice(message_id, sender, mail.received_at))
            continue
        first_asked = unseen.get(message_id, now)
        if mail.code == "not_found" and now - first_asked >= VISIBLE_WITHIN:
            gone.append(message_id)
        else:
            waiting[message_id] = first_asked
    notices.sort(key=lambda notice: (notice.received_at, notice.message_id))
    return NoticePlan(tuple(notices), waiting, tuple(gone))
