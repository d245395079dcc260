"""At most one mail for one key, whatever fails and however often the call is made.

Draft, record its id, send the draft: Gmail consumes a draft, so sending it twice is one mail and a 404. No step is
tried again by itself. After any doubt the draft is looked at: there means not sent, gone means sent, and then the
sent mail is found in the draft's thread by what marks it.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol

from shared.deadline import TIME_IS_UP
from shared.domain.mail import MailMetadata
from shared.domain.sending import SendRecord, new_record, what_next
from shared.errors import AppError, BadInput, Conflict, NotFound, Stale, TryAgain, UpstreamDown
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.gmail import Draft, SendingGmail, Sent
from shared.ports.sending import SendStore

VISIBLE_WITHIN: Final = timedelta(minutes=10)
"""How long Gmail may take to show a mail that it has just sent."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
MARKING_HEADERS: Final = ("Content-Type", "Message-ID")


class SendServices(Protocol):
    """What sending once needs."""

    @property
    def sends(self) -> SendStore: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def log(self) -> Log: ...


@dataclass(frozen=True)
class Taken:
    """A key that is this call's to work on, or done. `first` says that no call worked on it before."""

    record: SendRecord
    first: bool


@dataclass(frozen=True)
class Attempt:
    """How this mail is drafted and known again.

    `make` writes or finds the draft; it gets the record and whether this call is the first. `is_it` tells the sent
    mail from others in its thread, by the headers of MARKING_HEADERS.
    """

    mailbox: str
    make: Callable[[SendRecord, bool], tuple[Draft, SendRecord]]
    is_it: Callable[[SendRecord, MailMetadata], bool]


def take(
    mailbox: str, identifier: str, content: str | None, services: SendServices, *, draft_is_ours: bool = True
) -> Taken:
    """Claims a key. One write; for a key seen before one failed write, one read, and a write to go on.

    Raises Conflict (code key_reused) for another content, TryAgain (code send_in_progress) while a call works on it.
    """
    now, me = services.clock.now(), uuid.uuid4().hex
    fresh = new_record(identifier, content or "", me, now, draft_is_ours=draft_is_ours)
    created = services.sends.create(mailbox, fresh)
    if created is not None:
        return Taken(created, first=True)
    known = services.sends.get(mailbox, identifier)
    if known is None:
        raise _in_progress()
    if known.claimed_by == me:  # our own row: only the answer to its creation was lost
        return Taken(known, first=True)
    try:
        match what_next(known, content, now):
            case "answer":
                return Taken(known, first=False)
            case "refuse":
                raise Conflict("This Idempotency-Key was used for another mail.", code="key_reused")
            case "wait":
                raise _in_progress()
            case "go_on":
                return Taken(services.sends.save(mailbox, known.claimed(me, now)), first=False)
            case "begin_again":
                again = replace(fresh, version=known.version, drafted_again=known.drafted_again)
                begun = services.sends.save(mailbox, again)
                return Taken(begun, first=True)
    except (Stale, NotFound):
        raise _in_progress() from None


def send_once(taken: Taken, attempt: Attempt, gmail: SendingGmail, services: SendServices) -> Sent:
    """Brings the key to its end: the sent mail. Raises what keeps it from being sent; asking again is safe.

    Errors say the truth: UpstreamDown (code not_sent) when it is known that nothing left, (code send_unknown) when it
    is not known, Conflict (code send_unconfirmed) when the draft is gone and no sent mail can be found.
    """
    record = taken.record
    if record.message_id is not None:
        return Sent(record.message_id, record.thread_id or "")
    try:
        if record.draft_id is None:
            record = _drafted(taken, attempt, gmail, services)
        elif (again := _drafted_before(record, attempt, gmail, services)) is not None:
            record = again
        else:
            return _done(attempt.mailbox, record, _find_sent(record, attempt, gmail, services), services)
        sent = _send(record, attempt, gmail, services)
    except _Refused as refusal:
        raise refusal.error from None
    except AppError:
        with suppress(AppError):
            services.sends.save(attempt.mailbox, record.released(services.clock.now()))
        raise
    return _done(attempt.mailbox, record, sent, services)


def _drafted(taken: Taken, attempt: Attempt, gmail: SendingGmail, services: SendServices) -> SendRecord:
    """The record with its draft, written before anything is sent."""
    try:
        draft, record = attempt.make(taken.record, taken.first)
    except (BadInput, NotFound) as error:
        again = taken.record.drafted_again or not taken.first
        _forget(attempt, replace(taken.record, drafted_again=again), gmail, services)
        raise _Refused(error) from None
    record = replace(record, draft_id=draft.id, thread_id=draft.thread_id)
    try:
        return services.sends.save(attempt.mailbox, record)
    except (Stale, NotFound):
        # Another call took the key over, or the mailbox was disconnected.
        with suppress(AppError):
            if record.draft_is_ours:
                _hand_over(record, attempt, gmail, services)
        raise _in_progress() from None


def _drafted_before(
    record: SendRecord, attempt: Attempt, gmail: SendingGmail, services: SendServices
) -> SendRecord | None:
    """The record of a draft that an earlier call noted; None where the draft is gone.

    The user may have changed a draft of theirs since: it is noted as it is now, or its mail would not be known again.
    """
    if record.draft_is_ours:
        return record if _draft_is_there(record.draft_id or "", gmail) else None
    try:
        draft, now = attempt.make(record, False)
    except NotFound:
        return None
    except UpstreamDown:
        raise _unknown() from None
    except BadInput as error:
        _forget(attempt, record, gmail, services)
        raise _Refused(error) from None
    now = replace(now, draft_id=draft.id, thread_id=draft.thread_id)
    if now == record:
        return record
    try:
        return services.sends.save(attempt.mailbox, now)
    except (Stale, NotFound):
        raise _in_progress() from None


def _hand_over(record: SendRecord, attempt: Attempt, gmail: SendingGmail, services: SendServices) -> None:
    """Of the drafts that two calls have for one key, the one that is noted first is sent, and the other goes.

    The other call may have found this very draft and not noted it yet: deleted now, its mail would be lost.
    """
    known = services.sends.get(attempt.mailbox, record.id)
    if known is None or known.content != record.content or known.draft_id not in (None, record.draft_id):
        gmail.delete_draft(record.draft_id or "")
    elif known.draft_id is None:
        again = known.drafted_again or record.drafted_again
        noted = replace(known, draft_id=record.draft_id, thread_id=record.thread_id, drafted_again=again)
        services.sends.save(attempt.mailbox, noted)


def _send(record: SendRecord, attempt: Attempt, gmail: SendingGmail, services: SendServices) -> Sent:
    draft_id = record.draft_id or ""
    try:
        return gmail.send_draft(draft_id)
    except BadInput as error:
        _forget(attempt, record, gmail, services)
        raise _Refused(error) from None
    except (UpstreamDown, NotFound) as error:
        if error.code == TIME_IS_UP or _draft_is_there(draft_id, gmail):
            raise UpstreamDown(
                "Gmail did not answer; the mail was not sent. Ask again with the same key.", code="not_sent"
            ) from None
    return _find_sent(record, attempt, gmail, services)


def _draft_is_there(draft_id: str, gmail: SendingGmail) -> bool:
    try:
        gmail.get_draft(draft_id)
    except NotFound:
        return False
    except UpstreamDown:
        raise _unknown() from None
    return True


def _find_sent(record: SendRecord, attempt: Attempt, gmail: SendingGmail, services: SendServices) -> Sent:
    """The mail that the draft became: in its thread, sent since this key was first used, and marked as it was."""
    try:
        mails = gmail.thread_metadata(record.thread_id or "", MARKING_HEADERS)
    except NotFound:
        mails = []
    except UpstreamDown:
        raise _unknown() from None
    for mail in mails:
        recent = mail.received_at >= record.began_at - CLOCKS_DIFFER
        if "SENT" in mail.label_ids and recent and attempt.is_it(record, mail):
            return Sent(mail.id, mail.thread_id)
    if services.clock.now() < record.began_at + VISIBLE_WITHIN:
        raise _unknown()
    raise Conflict(
        "The draft is gone from Gmail and no sent mail was found for it. Look into the sent mail before you send it "
        "again under another key.",
        code="send_unconfirmed",
    )


def _done(mailbox: str, record: SendRecord, sent: Sent, services: SendServices) -> Sent:
    finished = replace(record, message_id=sent.id, thread_id=sent.thread_id)
    try:
        services.sends.save(mailbox, finished)
    except AppError as error:
        # It is sent all the same; the next call with this key finds it at Gmail.
        services.log.event("send.not_recorded", "WARNING", mailbox=mailbox, code=error.code)
    services.log.event("mail.sent", mailbox=mailbox, message_id=sent.id)
    return sent


class _Refused(Exception):
    """The mail itself cannot be sent. Nothing left and nothing will: its key is free for a mail put right."""

    def __init__(self, error: AppError) -> None:
        super().__init__()
        self.error = error


def _forget(attempt: Attempt, record: SendRecord, gmail: SendingGmail, services: SendServices) -> None:
    with suppress(AppError):
        # Stale where another call took the key over: the draft and the record are that call's now.
        now = services.clock.now()
        mine = services.sends.save(attempt.mailbox, record.claimed(uuid.uuid4().hex, now))
        if record.draft_id is not None and record.draft_is_ours:
            gmail.delete_draft(record.draft_id)
        if record.draft_is_ours and record.drafted_again:
            services.sends.save(attempt.mailbox, mine.freed(now))
        else:
            services.sends.delete(attempt.mailbox, record.id)


def _in_progress() -> TryAgain:
    return TryAgain("A call with this key is at work; ask again.", code="send_in_progress")


def _unknown() -> UpstreamDown:
    return UpstreamDown(
        "Gmail does not say whether the mail was sent. Ask again with the same key; it is never sent twice.",
        code="send_unknown",
    )
