"""Sending at most once for one key: what is remembered of an attempt, and what a later call does with it.

Only ids and a hash are kept, for a day. A draft is what makes sending safe: Gmail consumes it, so a draft that is
sent twice is one mail and an error. https://developers.google.com/workspace/gmail/api/guides/drafts
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

REMEMBERED: Final = timedelta(hours=24)
CLAIM: Final = timedelta(seconds=45)
"""How long a call may work on a key before another takes over; longer than a call may last."""
ABANDONED_AFTER: Final = timedelta(hours=1)
"""A draft whose sending nobody asked for again is taken away after this time."""

Next = Literal["answer", "wait", "go_on", "begin_again", "refuse"]


@dataclass(frozen=True)
class SendRecord:
    """One key of one mailbox. `id` and `content` are hashes; `version` is the state that was read.

    `draft_id` is set before the draft is sent, `message_id` after. `claimed_by` names the call at work. A draft that
    is not ours was written by the user: it is sent, and never deleted. `drafted_again`: an earlier call may have made
    a draft that Gmail's search did not show yet. Without `content` a key of ours is free for any mail.
    """

    id: str
    content: str
    claimed_by: str
    claimed_until: datetime
    began_at: datetime
    expires_at: datetime
    draft_id: str | None = None
    thread_id: str | None = None
    message_id: str | None = None
    draft_is_ours: bool = True
    drafted_again: bool = False
    version: object = field(default=None, compare=False)

    def claimed(self, by: str, now: datetime) -> "SendRecord":
        """The same, with another call at work on it."""
        return replace(self, claimed_by=by, claimed_until=now + CLAIM)

    @property
    def is_open(self) -> bool:
        """Whether a draft of ours may lie in the mailbox under this key."""
        return self.draft_is_ours and (self.message_id is None or self.drafted_again)

    @property
    def is_free(self) -> bool:
        """Whether the mail was refused and the key waits only for the sweep, or for a mail put right."""
        return self.draft_is_ours and not self.content

    def freed(self, now: datetime) -> "SendRecord":
        """The same without its mail, which was refused; a draft of it may lie in the mailbox."""
        return replace(self, content="", draft_id=None, thread_id=None, drafted_again=True, claimed_until=now)

    def released(self, now: datetime) -> "SendRecord":
        """The same, free for the next call."""
        return replace(self, claimed_until=now)


def new_record(
    identifier: str, content: str, by: str, now: datetime, *, draft_is_ours: bool = True
) -> SendRecord:
    """A key that is seen for the first time."""
    return SendRecord(
        identifier, content, by, now + CLAIM, now, now + REMEMBERED, draft_is_ours=draft_is_ours
    )


def what_next(record: SendRecord, content: str | None, now: datetime) -> Next:
    """What a call with this key does, given what is remembered of it; `content` None for any content."""
    if record.expires_at <= now:
        return "begin_again"
    if record.is_free:
        return "wait" if record.claimed_until > now else "begin_again"
    if content is not None and record.content != content:
        return "refuse"
    if record.message_id is not None:
        return "answer"
    return "wait" if record.claimed_until > now else "go_on"


def is_abandoned(record: SendRecord, now: datetime) -> bool:
    """Whether the record's draft, if there is one, is nobody's any more. The user's own draft stays the user's."""
    return record.is_open and record.claimed_until + ABANDONED_AFTER <= now


def record_id(mailbox: str, kind: Literal["key", "draft"], key: str) -> str:
    """Where a key is remembered: 32 hexadecimal digits. Also the mark by which the sent mail is known."""
    return hashlib.sha256(f"{mailbox} {kind} {key}".encode()).hexdigest()[:32]


def content_hash(content: bytes | bytearray) -> str:
    """Tells one body from another."""
    return hashlib.sha256(content).hexdigest()
