"""Mail in the contract's words: MessageSummary for lists, Message for one mail opened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.domain.addresses import Address, normalize, parse_addresses, single_from
from shared.domain.attachments import Attachment
from shared.domain.authentication import is_confirmed
from shared.domain.clean_html import CleanHtml
from shared.domain.header_text import decode_header, showable
from shared.domain.mail import Mail, MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.message_body import Shown
from shared.domain.quoted_text import quote_line

SUMMARY_HEADERS: Final = (
    "From",
    "To",
    "Cc",
    "Subject",
    "Message-ID",
    "Authentication-Results",
)
"""The headers a list row is made of; nothing else is asked for."""
SHOWN_HEADERS: Final = (
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "Auto-Submitted",
)
ADDRESS_LIMIT: Final = 500
"""Addresses shown of one header."""
HEADERS_LIMIT: Final = 100
VALUES_LIMIT: Final = 10
"""Headers of one name that are read; RFC 5322 allows one."""


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def message_id_of(mail: MailMetadata) -> str | None:
    """The RFC 5322 Message-ID in its angle brackets, or None where there is none."""
    return showable(mail.first("Message-ID"), 998) or None


def participants(mail: MailMetadata) -> frozenset[str]:
    """The normalised addresses of From, To and Cc: an exact match of these decides whose mail it is."""
    sender = single_from(mail.values("From"))
    found = [sender.address] if sender else []
    for name in ("To", "Cc"):
        found.extend(
            row.address for value in mail.values(name)[:VALUES_LIMIT] for row in parse_addresses(value)
        )
    return frozenset(normalize(address) for address in found)


def summarize(mail: MailMetadata, mailbox: Mailbox, viewer: str) -> dict[str, Any]:
    """A MessageSummary (contract, section 3). `viewer` is the CRM user who asks.

    `verified` says whether Gmail confirmed the sender's domain; mail the owner sent is. `labels` are Gmail's
    label ids: names would cost one more call. A colleague is not told how the owner marked a mail, nor its category:
    that of a mail to two contacts may come from the deals of the one whom the colleague may not see.
    """
    own = mailbox.user == viewer
    outgoing = "SENT" in mail.label_ids
    sender = single_from(mail.values("From"))
    return {
        "id": mail.id,
        "mailbox": mailbox.id,
        "owner": {"id": mailbox.user, "name": mailbox.user_name, "you": mailbox.user == viewer},
        "thread_id": mail.thread_id,
        "message_id": message_id_of(mail),
        "from": _sender(mail, sender),
        "verified": outgoing
        or (sender is not None and is_confirmed(mail.values("Authentication-Results"), sender.address)),
        "to": addresses_of(mail, "To"),
        "cc": addresses_of(mail, "Cc"),
        "subject": decode_header(mail.first("Subject"), 998),
        "date": timestamp(mail.received_at),
        "snippet": showable(mail.snippet, 300),
        "unread": own and "UNREAD" in mail.label_ids,
        "direction": "out" if outgoing else "in",
        "category": _category(mail, mailbox) if own else None,
        "labels": sorted(mail.label_ids) if own else [],
        "has_attachments": mail.has_attachments,
    }


def describe(
    mail: Mail,
    mailbox: Mailbox,
    viewer: str,
    *,
    shown: Shown,
    clean: CleanHtml | None,
    attachments: Sequence[Attachment],
    images: str,
) -> dict[str, Any]:
    """A Message (contract, section 3): the summary's fields and the mail's content.

    `clean` is the body's HTML made safe, None where the mail has none. `images` repeats what was asked for.
    `quote_line` is the line of `text` where quoted history begins; in `html` it is marked `data-quoted`.
    """
    notes = [*shown.notes, *(["html_refused"] if clean is not None and clean.html is None else [])]
    return {
        **summarize(mail.metadata, mailbox, viewer),
        "has_attachments": any(not attachment.inline for attachment in attachments),
        "headers": _shown_headers(mail.metadata, own=mailbox.user == viewer),
        "text": shown.text,
        "quote_line": quote_line(shown.text),
        "html": clean.html if clean else None,
        "attachments": [
            {"id": row.id, "name": row.name, "type": row.type, "size": row.size, "inline": row.inline}
            for row in attachments
        ],
        "images": images,
        "remote_images": clean.remote_images if clean else 0,
        "trackers": list(clean.trackers) if clean else [],
        "notes": list(dict.fromkeys(notes)),
    }


def _sender(mail: MailMetadata, sender: Address | None) -> Mapping[str, str]:
    if sender is not None:
        return _address(sender)
    # More than one From, or one that names nobody clearly: shown as it is written, and as no address.
    return {"name": decode_header(mail.first("From"), 300), "address": ""}


def addresses_of(mail: MailMetadata, name: str) -> list[Mapping[str, str]]:
    """The addresses of the headers of this name, as far as they are shown."""
    found = [row for value in mail.values(name)[:VALUES_LIMIT] for row in parse_addresses(value)]
    return [_address(row) for row in found[:ADDRESS_LIMIT]]


def _address(row: Address) -> Mapping[str, str]:
    return {"name": showable(row.name, 300), "address": showable(row.address, 320)}


def _shown_headers(mail: MailMetadata, own: bool) -> list[Mapping[str, str]]:
    # To whom the owner wrote in blind copy is told to nobody else.
    wanted = {name.lower(): name for name in SHOWN_HEADERS if own or name != "Bcc"}
    rows = [row for row in mail.headers if row.name.lower() in wanted][:HEADERS_LIMIT]
    return [{"name": wanted[row.name.lower()], "value": decode_header(row.value)} for row in rows]


def _category(mail: MailMetadata, mailbox: Mailbox) -> str | None:
    return next((name for name, label in mailbox.labels.items() if label.id in mail.label_ids), None)
