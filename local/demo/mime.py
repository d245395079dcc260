"""Letters as MIME: well-formed messages through the standard library, the same bytes for the same letter."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

Mailbox = tuple[str, str]
"""Display name and address."""


@dataclass(frozen=True)
class Attachment:
    """A file in a letter; with `cid` it is an inline picture of the HTML part (RFC 2392)."""

    name: str
    type: str
    content: bytes
    cid: str | None = None


@dataclass(frozen=True)
class Letter:
    """What one message says, before it is written as MIME. `extra` holds further header fields."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    sent_at: datetime
    message_id: str
    html: str | None = None
    cc: tuple[Mailbox, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


def render(letter: Letter) -> bytes:
    """The letter as RFC 5322 bytes with CRLF line ends."""
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(letter):
        message[name] = value
    message.set_content(letter.text, cte=_transfer_encoding(letter.text))
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        _embed_pictures(message, letter)
    for attachment in letter.attachments:
        if attachment.cid is None:
            kind, _, subtype = attachment.type.partition("/")
            message.add_attachment(attachment.content, kind, subtype, filename=attachment.name)
    _fix_boundaries(message, letter.message_id)
    return message.as_bytes()


def as_received(raw: bytes, sender: str) -> bytes:
    """A message as Gmail keeps what came in: above it Gmail's word that it comes from `sender`'s domain (RFC 8601)."""
    domain = sender.rpartition("@")[2]
    results = (
        f"dkim=pass header.i=@{domain}; spf=pass smtp.mailfrom={sender}; dmarc=pass header.from={domain}"
    )
    return f"Authentication-Results: mx.google.com;\r\n {results}\r\n".encode("ascii") + raw


def _headers(letter: Letter) -> list[tuple[str, object]]:
    headers: list[tuple[str, object]] = [
        ("From", _address(letter.sender)),
        ("To", tuple(_address(one) for one in letter.to)),
    ]
    if letter.cc:
        headers.append(("Cc", tuple(_address(one) for one in letter.cc)))
    headers += [
        ("Subject", letter.subject),
        ("Date", format_datetime(letter.sent_at)),
        ("Message-ID", letter.message_id),
    ]
    if letter.in_reply_to:
        headers.append(("In-Reply-To", letter.in_reply_to))
    if letter.references:
        headers.append(("References", " ".join(letter.references)))
    return headers + list(letter.extra.items())


def _address(mailbox: Mailbox) -> Address:
    name, address = mailbox
    return Address(display_name=name, addr_spec=address)


def _transfer_encoding(text: str) -> str:
    return "7bit" if text.isascii() and max(map(len, text.splitlines()), default=0) < 900 else "base64"


def _embed_pictures(message: EmailMessage, letter: Letter) -> None:
    html_part = message.get_body(("html",))
    for attachment in letter.attachments:
        if attachment.cid is not None and isinstance(html_part, EmailMessage):
            kind, _, subtype = attachment.type.partition("/")
            html_part.add_related(
                attachment.content,
                kind,
                subtype,
                cid=f"<{attachment.cid}>",
                filename=attachment.name,
                disposition="inline",
            )


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    # The library picks random boundaries; a data set that can be compared needs fixed ones.
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            digest = hashlib.sha256(f"{message_id}/{number}".encode()).hexdigest()
            part.set_boundary(f"part-{digest[:24]}")
