"""Sending: a new mail, an answer, a forward, or a draft; from the caller's own mailbox only."""

from dataclasses import dataclass, replace
from typing import Any

from functions.proxy.own_mailbox import checked_id, find_own, opened
from functions.proxy.send_once import Attempt, send_once, take
from functions.proxy.services import Services
from functions.proxy.sweep_drafts import sweep_drafts
from functions.proxy.write_mail import Wanted, write_mail
from shared.domain.addresses import parse_addresses
from shared.domain.caller import Caller
from shared.domain.compose import compose, marked_boundary
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.outgoing import check_recipient_count, check_recipients, message_id_for
from shared.domain.scopes import allows
from shared.domain.sending import SendRecord, content_hash, record_id
from shared.errors import ScopeMissing
from shared.ports.gmail import Draft, SendingGmail


@dataclass(frozen=True)
class SendMail:
    """A mail, the key it is sent under, and the hash of the body that asked for it."""

    caller: Caller
    key: str
    content: str
    wanted: Wanted


@dataclass(frozen=True)
class SendDraft:
    """A draft of the caller's. Its id is its key: a draft is sent once."""

    caller: Caller
    draft_id: str


def send_mail(values: SendMail, services: Services) -> dict[str, Any]:
    """The sent mail's ids: 111 units for a new mail, one read (and one for the sweep) and three writes.

    The same key again answers the same and sends nothing. Raises what `send_once` and `write_mail` raise.
    """
    mailbox = find_sending(values.caller, services)
    mark = record_id(mailbox.id, "key", values.key)
    taken = take(mailbox.id, mark, values.content, services)

    def make(record: SendRecord, first: bool) -> tuple[Draft, SendRecord]:
        if first:
            return _make_draft(values.wanted, mark, mailbox, gmail, services), record
        # A draft that an earlier call made and could not note down is taken up again. Gmail's search may not show it
        # yet, or show one of two: the sweep looks once more. Where there may be several, one may be of a mail that was
        # refused and put right since: none is taken up.
        orphan = None if record.drafted_again else gmail.find_draft(message_id_for(mark, mailbox.email))
        draft = orphan or _make_draft(values.wanted, mark, mailbox, gmail, services)
        return draft, replace(record, drafted_again=True)

    with opened(mailbox, services) as gmail:
        sent = send_once(taken, Attempt(mailbox.id, make, _has_boundary), gmail, services)
        if taken.first:
            sweep_drafts(mailbox, gmail, services)
    return {"id": sent.id, "thread_id": sent.thread_id}


def send_draft(values: SendDraft, services: Services) -> dict[str, Any]:
    """The sent mail's ids: 105 units. Again: the same answer for a day, and nothing sent.

    Raises NotFound for a draft that is not there, BadInput (codes no_recipients, too_many_recipients), and what
    `send_once` raises.
    """
    mailbox = find_sending(values.caller, services)
    draft_id = checked_id(values.draft_id)
    mark = record_id(mailbox.id, "draft", draft_id)
    taken = take(mailbox.id, mark, None, services, draft_is_ours=False)

    def make(record: SendRecord, _first: bool) -> tuple[Draft, SendRecord]:
        draft, mail = gmail.get_draft(draft_id)
        check_recipient_count(_recipients(mail))
        return draft, replace(record, content=_content_type_hash(mail))

    with opened(mailbox, services) as gmail:
        sent = send_once(taken, Attempt(mailbox.id, make, _has_content_type), gmail, services)
    return {"id": sent.id, "thread_id": sent.thread_id}


def find_sending(caller: Caller, services: Services) -> Mailbox:
    """The caller's own mailbox, if it may send. One read. Raises NotFound, ScopeMissing."""
    mailbox = find_own(caller, services)
    if not allows("send", mailbox.scopes):
        raise ScopeMissing("The user has not allowed sending mail.", mailbox=mailbox.id)
    return mailbox


def _recipients(mail: MailMetadata) -> int:
    values = [value for name in ("To", "Cc", "Bcc") for value in mail.values(name)]
    return sum(len(parse_addresses(value)) for value in values)


def _make_draft(
    wanted: Wanted, mark: str, mailbox: Mailbox, gmail: SendingGmail, services: Services
) -> Draft:
    written = write_mail(wanted, mark, mailbox, gmail, services.clean_html)
    check_recipients(written.mail)
    return gmail.create_draft(compose(written.mail), written.thread_id)


def _has_boundary(record: SendRecord, mail: MailMetadata) -> bool:
    return marked_boundary(record.id) in mail.first("Content-Type")


def _has_content_type(record: SendRecord, mail: MailMetadata) -> bool:
    return _content_type_hash(mail) == record.content


def _content_type_hash(mail: MailMetadata) -> str:
    return content_hash(" ".join(mail.first("Content-Type").split()).encode())
