"""From a composition to the bytes that leave, and the proof that they say what was meant (RFC 5322)."""

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from typing import Any, Final

from shared.domain import mime_writer
from shared.domain.addresses import Address, parse_addresses
from shared.domain.header_text import decode_header
from shared.domain.html_text import text_of
from shared.domain.mime_parameters import parameter
from shared.domain.outgoing import (
    MIME_LIMIT,
    SUBJECT_LIMIT,
    Composition,
    OutgoingFile,
    check_files,
    header_line,
    too_large,
)
from shared.domain.outgoing_headers import address_list, field, id_list, text_value
from shared.errors import BadInput

HEADERS: Final = (
    "From", "Reply-To", "To", "Cc", "Bcc", "Subject", "Message-ID", "In-Reply-To", "References",
    "MIME-Version", "Content-Type",
)  # fmt: skip
"""The only header fields a mail of ours leaves with; Gmail adds Date and replaces Message-ID."""
_ID: Final = re.compile(r"<[^<>\s]+>")


def compose(mail: Composition) -> mime_writer.Letter:
    """The mail in CRLF lines. Always multipart: the boundary is what the sent mail is known by.

    Raises TooLarge above 25 MB, and BadInput (code not_composable) where the bytes, read again, do not say
    exactly what `mail` says: then nothing may leave.
    """
    check_files(len(file.content) for file in mail.files)
    letter = mime_writer.Letter(tuple(_fields(mail)), _tree(mail))
    if len(letter) > MIME_LIMIT:
        raise too_large()
    # What is left out of the files is lines of base64, which can end no part and begin none.
    if not says_what_is_meant(letter.abridged(), mail):
        raise BadInput("The mail cannot be written so that it is read as meant.", code="not_composable")
    return letter


def marked_boundary(mark: str) -> str:
    """How every boundary of a composition with this mark begins; one letter follows."""
    return f"{mime_writer.BOUNDARY}{mark}"


def subject_of(mail: Composition) -> str:
    """The subject that leaves."""
    return header_line(mail.subject, SUBJECT_LIMIT)


def _fields(mail: Composition) -> list[bytes]:
    rows = [("From", address_list([mail.sender]))]
    if mail.reply_to is not None:
        rows.append(("Reply-To", address_list([mail.reply_to])))
    rows += [
        (name, address_list(addresses))
        for name, addresses in (("To", mail.to), ("Cc", mail.cc), ("Bcc", mail.bcc))
        if addresses
    ]
    rows += [("Subject", text_value(subject_of(mail))), ("Message-ID", mail.message_id)]
    if mail.in_reply_to:
        rows.append(("In-Reply-To", mail.in_reply_to))
    if mail.references:
        rows.append(("References", id_list(mail.references)))
    return [field(name, value) for name, value in rows]


def _tree(mail: Composition) -> mime_writer.Node:
    """mixed( related( alternative(text, html), pictures ), files ), without the levels that hold nothing."""
    text = mail.text if mail.text.strip() or mail.html is None else text_of(mail.html)
    bodies = [mime_writer.text_part(text, "plain")]
    if mail.html is not None:
        bodies.append(mime_writer.text_part(mail.html, "html"))
    node = mime_writer.multipart("alternative", bodies, f"{mail.mark}a")
    pictures, files = _pictures(mail), _files(mail)
    if pictures:
        node = mime_writer.multipart(
            "related", [node, *map(mime_writer.file_part, pictures)], f"{mail.mark}b"
        )
    if files:
        node = mime_writer.multipart("mixed", [node, *map(mime_writer.file_part, files)], f"{mail.mark}c")
    return node


def _pictures(mail: Composition) -> list[OutgoingFile]:
    return [file for file in mail.files if file.content_id and mail.html is not None]


def _files(mail: Composition) -> list[OutgoingFile]:
    return [file for file in mail.files if not (file.content_id and mail.html is not None)]


def says_what_is_meant(raw: bytes, mail: Composition) -> bool:
    """Reads the bytes as a recipient's client does and compares header by header, file by file."""
    message = message_from_bytes(raw)
    if list(_read_headers(message)) != _meant_headers(mail):
        return False
    leaves = [part for part in message.walk() if not part.is_multipart()]
    found = [
        (part.get_content_type(), parameter(str(part.get("Content-Disposition", "")), "filename"))
        for part in leaves
    ]
    bodies = [("text/plain", "")] + ([("text/html", "")] if mail.html is not None else [])
    return found == bodies + [(file.type, file.name) for file in (*_pictures(mail), *_files(mail))]


def _meant_headers(mail: Composition) -> list[tuple[str, object]]:
    meant: list[tuple[str, object]] = [("From", _pairs([mail.sender]))]
    if mail.reply_to is not None:
        meant.append(("Reply-To", _pairs([mail.reply_to])))
    for name, addresses in (("To", mail.to), ("Cc", mail.cc), ("Bcc", mail.bcc)):
        if addresses:
            meant.append((name, _pairs(addresses)))
    meant += [("Subject", subject_of(mail)), ("Message-ID", [mail.message_id])]
    if mail.in_reply_to:
        meant.append(("In-Reply-To", [mail.in_reply_to]))
    if mail.references:
        meant.append(("References", list(mail.references)))
    return [*meant, ("MIME-Version", "1.0"), ("Content-Type", marked_boundary(mail.mark))]


def _read_headers(message: "Message[str, str]") -> Iterator[tuple[str, object]]:
    for name, value in message.raw_items():
        text = re.sub(r"\r?\n(?=[ \t])", "", _utf8(value))
        if name in ("From", "Reply-To", "To", "Cc", "Bcc"):
            yield name, _pairs(parse_addresses(text))
        elif name in ("Message-ID", "In-Reply-To", "References"):
            yield name, _ID.findall(text)
        elif name == "Subject":
            yield name, decode_header(text, SUBJECT_LIMIT)
        elif name == "Content-Type":
            yield name, parameter(text, "boundary")[:-1]
        else:
            yield name, text


def _pairs(addresses: Sequence[Address]) -> list[tuple[str, str]]:
    return [(address.name, address.address) for address in addresses]


def _utf8(value: Any) -> str:
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
