"""A mail that is to leave, as data: who, to whom, what, and the limits it must keep."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.addresses import Address, domain_of, is_address, normalize, single_from
from shared.domain.header_text import decode_header, showable
from shared.domain.mime_parameters import file_name, mime_type
from shared.errors import BadInput, TooLarge

MIME_LIMIT: Final = 25 * 1024 * 1024
"""Bytes of a whole mail, encoded (https://support.google.com/mail/answer/6584)."""
RECIPIENT_LIMIT: Final = 100
FILE_LIMIT: Final = 100
SUBJECT_LIMIT: Final = 998
NAME_LIMIT: Final = 200
_CONTENT_ID: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]{1,120}")


@dataclass(frozen=True)
class Alias:
    """An address the account may send from (Gmail's sendAs). `signature` is HTML, as the user wrote it."""

    address: Address
    verified: bool
    default: bool = False
    reply_to: str = ""
    signature: str = ""


@dataclass(frozen=True)
class OutgoingFile:
    """An attachment, or with a `content_id` a picture that the HTML shows by `cid:`."""

    name: str
    type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class Composition:
    """A mail, complete. `mark` (letters and digits) names it in its MIME boundaries, `message_id` until it is sent.

    Gmail replaces the Message-ID of what it sends and keeps the boundaries.
    """

    sender: Address
    mark: str
    message_id: str
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    subject: str = ""
    text: str = field(default="", repr=False)
    html: str | None = field(default=None, repr=False)
    files: tuple[OutgoingFile, ...] = field(default=(), repr=False)
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def message_id_for(mark: str, address: str) -> str:
    """A Message-ID (RFC 5322 section 3.6.4) under the domain of `address`; ASCII in any case."""
    domain = domain_of(wire_address(address))
    return f"<{mark}@{domain if domain.isascii() else 'mail.invalid'}>"


def header_line(text: str, limit: int) -> str:
    """`text` as it may stand in a header: one line, no controls, and nothing left that a reader would decode again."""
    # Some mail programs decode twice: an encoded word inside an encoded word would then speak (CVE-2024-6923).
    return decode_header(text, limit).replace("=?", "= ?")[:limit].rstrip()


def outgoing_address(name: str, address: str) -> Address:
    """An address fit to be sent to. Raises BadInput (code invalid_address), without repeating it."""
    plain = address.strip()
    if not is_address(plain) or showable(plain, 320) != plain:
        raise BadInput("An address is not one plain e-mail address.", code="invalid_address")
    # All white space is one space: parsers of names fold other kinds each in its own way.
    return Address(" ".join(header_line(name, NAME_LIMIT).split()), wire_address(plain))


def read_address(text: str) -> Address:
    """`Ana <ana@client.example>` or `ana@client.example`. Raises BadInput (code invalid_address)."""
    found = single_from([text])
    if found is None:
        raise BadInput("An address is not one plain e-mail address.", code="invalid_address")
    return outgoing_address(found.name, found.address)


def wire_address(address: str) -> str:
    """The domain in ASCII (RFC 5891) where the rest is too; else the address as it is, in UTF-8 (RFC 6532)."""
    local, _, domain = address.rpartition("@")
    if domain.isascii() or not local.isascii():
        return address
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        same = ascii_domain.encode("ascii").decode("idna") == domain.casefold()
    except UnicodeError:
        return address
    # The older rules (RFC 3490) turn some letters into others: such a domain could be somebody else's.
    return f"{local}@{ascii_domain}" if same and domain.casefold() == domain.lower() else address


def outgoing_file(name: str, kind: str, content: bytes, content_id: str = "") -> OutgoingFile:
    """An attachment with a safe name and type. Raises BadInput (code invalid_content_id)."""
    plain = content_id.strip().removeprefix("<").removesuffix(">")
    if plain and not _CONTENT_ID.fullmatch(plain):
        raise BadInput("A cid is letters, digits and dots, 120 at most.", code="invalid_content_id")
    known = mime_type(kind)
    # A type that stands for a tree of parts would be read as one.
    known = "application/octet-stream" if known.startswith(("multipart/", "message/")) else known
    return OutgoingFile(file_name(name, known), known, content, plain)


def without_repeats(addresses: Iterable[Address], excluded: Iterable[str] = ()) -> tuple[Address, ...]:
    """Each address once, in order, without those that `excluded` names (normalised)."""
    seen = set(excluded)
    kept: list[Address] = []
    for address in addresses:
        key = normalize(address.address)
        if key not in seen:
            seen.add(key)
            kept.append(address)
    return tuple(kept)


def check_recipients(composition: Composition) -> None:
    """For a mail that is to leave. Raises BadInput (codes no_recipients, too_many_recipients)."""
    check_recipient_count(len(composition.to) + len(composition.cc) + len(composition.bcc))


def check_recipient_count(count: int) -> None:
    """Raises BadInput (codes no_recipients, too_many_recipients)."""
    if count == 0:
        raise BadInput("The mail has no recipient.", code="no_recipients")
    if count > RECIPIENT_LIMIT:
        raise BadInput(f"A mail may have {RECIPIENT_LIMIT} recipients.", code="too_many_recipients")


def check_files(sizes: Iterable[int]) -> None:
    """Before any is fetched or encoded: base64 makes 4 bytes out of 3. Raises TooLarge, BadInput."""
    known = list(sizes)
    if len(known) > FILE_LIMIT:
        raise BadInput(f"A mail may have {FILE_LIMIT} attachments.", code="too_many_attachments")
    if sum(known) * 4 // 3 > MIME_LIMIT:
        raise too_large()


def too_large() -> TooLarge:
    """The mail is over Gmail's limit."""
    return TooLarge("The mail with its attachments is larger than 25 MB.", code="mail_too_large")
