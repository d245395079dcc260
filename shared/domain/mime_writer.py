"""Writes a MIME tree (RFC 2045, RFC 2046): every body is base64 or quoted-printable, so no content can end its part."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.outgoing import OutgoingFile
from shared.domain.outgoing_headers import field, parameter

BOUNDARY: Final = "=_"
"""Every boundary begins so: neither base64 nor quoted-printable can write it (RFC 2045 section 6.7)."""
_PRINTABLE_SHARE: Final = 0.8


@dataclass(frozen=True)
class Node:
    """A part: its header fields, and its encoded body or the parts in it."""

    fields: tuple[bytes, ...]
    body: bytes = b""
    parts: tuple["Node", ...] = ()
    boundary: str = ""


def text_part(text: str, subtype: str) -> Node:
    """text/plain or text/html in UTF-8 with CRLF line ends; a character that is none is written as `?`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    content = lines.replace("\n", "\r\n").encode("utf-8", "replace")
    plain = sum(1 for byte in content[:10_000] if 0x20 <= byte < 0x7F or byte in b"\r\n\t")
    printable = plain >= _PRINTABLE_SHARE * min(len(content), 10_000)
    encoding = "quoted-printable" if printable else "base64"
    body = _quoted_printable(content) if printable else _base64(content)
    fields = (
        field("Content-Type", f'text/{subtype}; charset="utf-8"'),
        field("Content-Transfer-Encoding", encoding),
    )
    return Node(fields, body)


def file_part(file: OutgoingFile) -> Node:
    """An attachment, or an inline picture."""
    fields = [
        field("Content-Type", file.type + parameter("name", file.name)),
        field("Content-Transfer-Encoding", "base64"),
        field(
            "Content-Disposition",
            ("inline" if file.content_id else "attachment") + parameter("filename", file.name),
        ),
    ]
    if file.content_id:
        fields.append(field("Content-ID", f"<{file.content_id}>"))
    return Node(tuple(fields), _base64(file.content))


def multipart(subtype: str, parts: Sequence[Node], mark: str) -> Node:
    """A node around `parts`; `mark` (letters and digits) is unlike that of every other node of the mail."""
    boundary = f"{BOUNDARY}{mark}"
    kind = field("Content-Type", f'multipart/{subtype};\r\n boundary="{boundary}"')
    return Node((kind,), parts=tuple(parts), boundary=boundary)


def write(fields: Iterable[bytes], root: Node) -> bytes:
    """The whole mail: `fields` first, then the tree."""
    return b"".join((*fields, b"MIME-Version: 1.0\r\n", *_pieces(root)))


def _pieces(node: Node) -> Iterator[bytes]:
    yield from node.fields
    yield b"\r\n"
    if not node.parts:
        yield node.body
        return
    line = f"--{node.boundary}".encode()
    for part in node.parts:
        yield line + b"\r\n"
        yield from _pieces(part)
        yield b"\r\n"
    yield line + b"--\r\n"


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _quoted_printable(content: bytes) -> bytes:
    encoded = binascii.b2a_qp(content, istext=True)
    # Soft line breaks come out in the line ending of the text; a lone one would not survive the way.
    return encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
