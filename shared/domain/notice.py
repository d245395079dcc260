"""Notices: the only thing stored about a message, and which messages earn one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.domain.addresses import normalize, single_from
from shared.domain.mail import MailMetadata

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
