"""The JSON of a mail to be sent or drafted, and what it means."""

import binascii
import re
from typing import Annotated, Final, Literal

from pydantic import Field

from functions.proxy.write_mail import Wanted
from shared.domain.addresses import Address
from shared.domain.outgoing import (
    FILE_LIMIT,
    RECIPIENT_LIMIT,
    OutgoingFile,
    outgoing_address,
    outgoing_file,
    read_address,
)
from shared.domain.replying import Mode
from shared.errors import BadInput
from shared.web import Body

_FROM_URL: Final = str.maketrans("-_", "+/")
_KEY: Final = re.compile(r"[\x21-\x7e]{8,200}")


class Named(Body):
    """An address with the name to show."""

    name: Annotated[str, Field(max_length=200)] = ""
    address: Annotated[str, Field(max_length=320)]


Recipient = Annotated[str, Field(max_length=600)] | Named
Recipients = Annotated[tuple[Recipient, ...], Field(max_length=RECIPIENT_LIMIT, strict=False)]


class File(Body):
    """An attachment; with `cid` a picture that the HTML shows. `data` is base64, of either alphabet."""

    name: Annotated[str, Field(max_length=500)]
    type: Annotated[str, Field(max_length=200)] = "application/octet-stream"
    data: str
    cid: Annotated[str, Field(max_length=130)] = ""


class Outgoing(Body):
    """A mail to be written (contract, section 3). What is left out of an answer comes from the mail answered."""

    to: Recipients = ()
    cc: Recipients = ()
    bcc: Recipients = ()
    subject: Annotated[str, Field(max_length=2000)] | None = None
    text: Annotated[str, Field(max_length=5_000_000)] = ""
    html: Annotated[str, Field(max_length=10_000_000)] | None = None
    sender: Annotated[str | None, Field(alias="from", max_length=600)] = None
    reply_to_message: Annotated[str | None, Field(max_length=64)] = None
    mode: Mode | None = None
    quote: bool = True
    forward_as: Literal["inline", "attachment"] = "inline"
    signature: bool = False
    attachments: Annotated[tuple[File, ...], Field(max_length=FILE_LIMIT, strict=False)] = ()


def idempotency_key(header: str | None) -> str:
    """Raises BadInput (codes idempotency_key_missing, invalid_idempotency_key)."""
    if header is None:
        raise BadInput("Sending needs an Idempotency-Key header.", code="idempotency_key_missing")
    if not _KEY.fullmatch(header):
        raise BadInput(
            "An Idempotency-Key is 8 to 200 visible ASCII letters.", code="invalid_idempotency_key"
        )
    return header


def read_wanted(body: Outgoing) -> Wanted:
    """The use case's values. Raises BadInput (codes invalid_address, invalid_base64, mode_without_message)."""
    if (body.mode is None) != (body.reply_to_message is None):
        raise BadInput("`mode` and `reply_to_message` go together.", code="mode_without_message")
    return Wanted(
        to=_addresses(body.to),
        cc=_addresses(body.cc),
        bcc=_addresses(body.bcc),
        subject=body.subject,
        text=body.text,
        html=body.html,
        sender=body.sender,
        answered=body.reply_to_message,
        mode=body.mode,
        quote=body.quote,
        forward_as=body.forward_as,
        signature=body.signature,
        files=tuple(_file(row) for row in body.attachments),
    )


def _addresses(rows: tuple[str | Named, ...]) -> tuple[Address, ...]:
    return tuple(
        read_address(row) if isinstance(row, str) else outgoing_address(row.name, row.address) for row in rows
    )


def _file(row: File) -> OutgoingFile:
    return outgoing_file(row.name, row.type, _bytes(row.data), row.cid)


def _bytes(data: str) -> bytes:
    plain = data
    if len(data) % 4 or data.endswith("==="):  # a text of 25 MB is copied only where it must be put right
        plain = data.rstrip("=")
        plain += "=" * (-len(plain) % 4)
    if "-" in plain or "_" in plain:
        plain = plain.translate(_FROM_URL)
    try:
        return binascii.a2b_base64(plain, strict_mode=True)
    except ValueError:
        raise BadInput("An attachment's data is not base64.", code="invalid_base64") from None
