"""A mail's tree of MIME parts, from raw bytes, without recursion and without giving up.

Python's own `email` package nests one generator per level and raises on some broken heads; a mail with ten
thousand nested multiparts ends it. Here a work list does the walking, and two limits end it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from local.gmail.mime.body import decode_transfer
from local.gmail.mime.headers import Field, first, parameters, split_head

# Emulated: Gmail's own limits are not published. Deeper or later parts stay in the last part's body.
MAX_DEPTH = 50
MAX_PARTS = 1000

_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:[;,\s(]|\Z)")


@dataclass
class Part:
    """One part. `path` is Gmail's partId; `body` the raw bytes after the head, transfer encoding kept."""

    path: str
    fields: list[Field]
    body: bytes
    mime_type: str
    type_parameters: dict[str, str]
    children: list["Part"] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        """The body without its transfer encoding; empty for a multipart that could be divided."""
        if self.is_container:
            return b""
        return decode_transfer(self.body, first(self.fields, "Content-Transfer-Encoding"))

    @property
    def is_container(self) -> bool:
        return self.mime_type.startswith("multipart/") and bool(self.children)

    @property
    def filename(self) -> str:
        """The name the sender gave the part (RFC 2183, else the `name` of RFC 2045), or ""."""
        disposition = parameters(first(self.fields, "Content-Disposition"))
        name = disposition.get("filename") or self.type_parameters.get("name") or ""
        return "".join(ch for ch in name if ch.isprintable())

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order they stand in the mail."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read_tree(raw: bytes) -> Part:
    """The whole mail as a tree; never raises."""
    root = _read_part(raw, "", "text/plain")
    waiting = [(root, 0)]
    count = 1
    while waiting:
        part, depth = waiting.pop()
        if depth >= MAX_DEPTH or count >= MAX_PARTS:
            continue
        _divide(part, MAX_PARTS - count)
        count += len(part.children)
        waiting.extend((child, depth + 1) for child in reversed(part.children))
    return root


def _read_part(raw: bytes, path: str, default_type: str) -> Part:
    fields, body_at = split_head(raw, 0, len(raw))
    written = first(fields, "Content-Type")
    return Part(path, fields, raw[body_at:], _mime_type(written, default_type), parameters(";" + written))


def _mime_type(written: str, default: str) -> str:
    """RFC 2045 section 5.2: no Content-Type, or one that can't be read, means the default."""
    found = _TYPE.match(written)
    return f"{found[1]}/{found[2]}".lower() if found else default


def _divide(part: Part, limit: int) -> None:
    if part.mime_type.startswith("multipart/"):
        default = "message/rfc822" if part.mime_type == "multipart/digest" else "text/plain"
        pieces = _pieces(part.body, part.type_parameters.get("boundary", "").rstrip(), limit)
    elif part.mime_type == "message/rfc822":
        default = "text/plain"
        pieces = [part.content]
    else:
        return
    prefix = f"{part.path}." if part.path else ""
    part.children = [_read_part(raw, f"{prefix}{number}", default) for number, raw in enumerate(pieces)]


def _pieces(body: bytes, boundary: str, limit: int) -> list[bytes]:
    """The bytes between the delimiter lines (RFC 2046 section 5.1.1); the last delimiter may be missing."""
    if not boundary:
        return []
    delimiter = re.compile(rb"^--" + re.escape(boundary.encode("utf-8")) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    pieces: list[bytes] = []
    start = -1
    for found in delimiter.finditer(body):
        if start >= 0:
            pieces.append(_without_last_break(body[start : found.start()]))
        start = found.end() + 1
        if found[1] or len(pieces) >= limit - 1:
            break
    else:
        found = None
    if start >= 0 and (found is None or not found[1]):
        pieces.append(body[start:])
    return pieces


def _without_last_break(piece: bytes) -> bytes:
    # The line break before a delimiter belongs to the delimiter.
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece.endswith(b"\n") else piece
