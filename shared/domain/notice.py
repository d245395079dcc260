"""Notices: the only thing stored about a message, and which messages earn one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from shared.domain.addresses import normalize, single_from
from shared.domain.mail import MailMetadata
from shared.domain.sync import VISIBLE_WITHIN
from shared.errors import AppError, Throttled

NOT_INCOMING: Final = frozenset({"SENT", "DRAFT", "SPAM", "TRASH", "CHAT"})
NOTICE_HEADERS: Final = ("From",)
"""The one header that MailMagnet asks Gmail for: who may be trusted is decided where a notice is shown."""
TRIES: Final = 3
"""So often a message is asked for that Gmail will not give; where Gmail itself is down, for ten minutes at least."""


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
    """What a look at Gmail leads to: notices to keep, ids to ask for again, ids to forget.

    `tries` counts refusals of ids in `unseen`; `set_aside` are ids that cannot be read, with the time of this look.
    `newest` is when the newest message that could be read came, whoever wrote it. `contacts` are contact ids by the
    normalised address of the sender. `archived` are ids that are outside the Inbox.
    """

    notices: tuple[Notice, ...]
    unseen: Mapping[str, datetime]
    gone: tuple[str, ...]
    tries: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, datetime] = field(default_factory=dict)
    newest: datetime | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()


@dataclass(frozen=True)
class EarlierLooks:
    """What earlier looks at the same messages led to, as SyncState keeps it."""

    unseen: Mapping[str, datetime] = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, datetime] = field(default_factory=dict)


def plan_notices(
    mails: Mapping[str, MailMetadata | AppError],
    known_senders: Collection[str],
    earlier: EarlierLooks,
    now: datetime,
) -> NoticePlan:
    """Decides for each message that was asked for. `known_senders` are normalised addresses of contacts.

    A message that Gmail does not show yet stays on the list of those to ask for again; one that stays invisible for
    ten minutes was deleted. One that cannot be read is set aside after `TRIES`, so that the others go on.
    """
    notices = sorted(
        _earned(mails, known_senders), key=lambda notice: (notice.received_at, notice.message_id)
    )
    unseen: dict[str, datetime] = {}
    tries: dict[str, int] = {}
    aside: dict[str, datetime] = {}
    gone: list[str] = []
    for message_id, error in mails.items():
        if isinstance(error, MailMetadata):
            continue
        first_asked = earlier.unseen.get(message_id, now)
        waited = now - first_asked >= VISIBLE_WITHIN
        # A limit on all of the mailbox's calls says nothing about this message.
        refused = not isinstance(error, Throttled) and error.code != "not_found"
        count = earlier.tries.get(message_id, 0) + refused
        if error.code == "not_found" and (waited or message_id in earlier.set_aside):
            gone.append(message_id)
        elif message_id in earlier.set_aside or (count >= TRIES and (waited or error.act != "retry")):
            aside[message_id] = now
        else:
            unseen[message_id] = first_asked
            tries |= {message_id: count} if count else {}
    seen = [mail for mail in mails.values() if isinstance(mail, MailMetadata)]
    newest = max((mail.received_at for mail in seen), default=None)
    archived = frozenset(mail.id for mail in seen if "INBOX" not in mail.label_ids)
    return NoticePlan(tuple(notices), unseen, tuple(gone), tries, aside, newest, archived=archived)


def _earned(mails: Mapping[str, MailMetadata | AppError], known_senders: Collection[str]) -> Iterator[Notice]:
    for message_id, mail in mails.items():
        if isinstance(mail, MailMetadata) and is_incoming(mail.label_ids):
            sender = sender_of(mail)
            if sender is not None and sender in known_senders:
                yield Notice(message_id, sender, mail.received_at)
