"""Writes a MIME tree (RFC 2045, RFC 2046): every body is base64 or quoted-printable, so no content can end its part.

Files are encoded while the mail is read, a piece at a time: of a mail of 25 MB there is never a second copy.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from shared.domain.outgoing import OutgoingFile
from shared.domain.outgoing_headers import field, parameter

BOUNDARY: Final = "=_"
"""Every boundary begins so: neither base64 nor quoted-printable can write it (RFC 2045 section 6.7)."""
_PRINTABLE_SHARE: Final = 0.8
_LINE: Final = 57
"""Bytes that one line of base64 holds: 76 letters (RFC 2045 section 6.8)."""
_PIECE: Final = 1024 * _LINE
_ABRIDGED: Final = 4 * _LINE


@dataclass(frozen=True)
class Node:
    """A part: its header fields, and its encoded body, its file's bytes, or the parts in it."""

    fields: tuple[bytes, ...]
    body: bytes = b""
    file: bytes = b""
    parts: tuple["Node", ...] = ()
    boundary: str = ""


@dataclass(frozen=True)
class Letter:
    """A whole mail in CRLF lines: `fields` first, then the tree. It may be read any number of times."""

    fields: tuple[bytes, ...]
    root: Node

    def __iter__(self) -> Iterator[bytes]:
        """The mail in pieces of at most 80 KB, but for texts, which are one piece each."""
        return self._read(None)

    def __len__(self) -> int:
        """Bytes of the whole mail. Nothing is encoded to count them."""
        return self._size

    def __bytes__(self) -> bytes:
        return b"".join(self)

    def abridged(self) -> bytes:
        """The mail with the first lines of each file only."""
        return b"".join(self._read(_ABRIDGED))

    @cached_property
    def _size(self) -> int:
        return sum(map(len, self._read(0))) + _base64_sizes(self.root)

    def _read(self, most: int | None) -> Iterator[bytes]:
        yield from self.fields
        yield b"MIME-Version: 1.0\r\n"
        yield from _pieces(self.root, most)


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
    return Node(tuple(fields), file=file.content)


def multipart(subtype: str, parts: Sequence[Node], mark: str) -> Node:
    """A node around `parts`; `mark` (letters and digits) is unlike that of every other node of the mail."""
    boundary = f"{BOUNDARY}{mark}"
    kind = field("Content-Type", f'multipart/{subtype};\r\n boundary="{boundary}"')
    return Node((kind,), parts=tuple(parts), boundary=boundary)


def _pieces(node: Node, most: int | None) -> Iterator[bytes]:
    """The part; of each file at most `most` bytes."""
    yield from node.fields
    yield b"\r\n"
    if not node.parts:
        yield node.body
        file = memoryview(node.file)[:most]
        yield from (_base64(file[at : at + _PIECE]) for at in range(0, len(file), _PIECE))
        return
    line = f"--{node.boundary}".encode()
    for part in node.parts:
        yield line + b"\r\n"
        yield from _pieces(part, most)
        yield b"\r\n"
    yield line + b"--\r\n"


def _base64(content: bytes | memoryview) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _base64_sizes(node: Node) -> int:
    length = len(node.file)
    letters, lines = 4 * -(-length // 3), -(-length // _LINE)
    return letters + 2 * lines + sum(map(_base64_sizes, node.parts))


def _quoted_printable(content: bytes) -> bytes:
    encoded = binascii.b2a_qp(content, istext=True)
    # Soft line breaks come out in the line ending of the text; a lone one would not survive the way.
    return encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
