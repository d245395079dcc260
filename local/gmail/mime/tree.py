"""A mail's tree of MIME parts, from raw bytes, without recursion and without giving up.

Python's own `email` package nests one generator per level and raises on some broken heads; a mail with ten
thousand nested multiparts ends it. Here a work list does the walking, and two limits end it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from local.gmail.mime.body import decode_transfer
from local.gmail.mime.charsets import decode_charset
from local.gmail.mime.headers import Field, first, parameters, split_head

# Emulated: Gmail's own limits are not published. Deeper or later parts stay in the last part's body.
MAX_DEPTH = 50
MAX_PARTS = 1000

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,127}"  # noqa: S105  RFC 2045's word for it
_TYPE = re.compile(rf"\s*({_TOKEN})\s*/\s*({_TOKEN})\s*(?:[;,(]|\Z|\s)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class Part:
    """One part: `path` is Gmail's partId, its body stands in `raw[start:end]`, transfer encoding not undone."""

    path: str
    fields: list[Field]
    raw: bytes
    start: int
    end: int
    mime_type: str
    type_parameters: dict[str, str]
    children: list["Part"] = field(default_factory=list)

    @property
    def is_container(self) -> bool:
        """Whether this is a multipart that could be divided: it has no body of its own then."""
        return self.mime_type.startswith("multipart/") and bool(self.children)

    @cached_property
    def content(self) -> bytes:
        """The body without its transfer encoding."""
        if self.is_container:
            return b""
        encoding = first(self.fields, "Content-Transfer-Encoding")
        return decode_transfer(self.raw[self.start : self.end], encoding)

    @property
    def text(self) -> str:
        """The body as Unicode, without the byte order mark some senders put in front."""
        return decode_charset(self.content, self.type_parameters.get("charset", "")).removeprefix("\ufeff")

    @cached_property
    def disposition(self) -> str:
        """`inline`, `attachment`, another word of the sender's, or ""."""
        return first(self.fields, "Content-Disposition").partition(";")[0].strip().lower()

    @cached_property
    def filename(self) -> str:
        """The name the sender gave the part (RFC 2183, else the `name` of RFC 2045), or ""."""
        given = parameters(first(self.fields, "Content-Disposition"))
        return (given.get("filename") or self.type_parameters.get("name") or "").strip()

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order they stand in the mail."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read_tree(raw: bytes) -> Part:
    """The whole mail as a tree; never raises."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    root = _read_part(raw, _after_mark(raw), len(raw), "", "text/plain")
    waiting = [(root, 0)]
    count = 1
    while waiting:
        part, depth = waiting.pop()
        if depth >= MAX_DEPTH or count >= MAX_PARTS:
            continue
        part.children = _divide(part, MAX_PARTS - count)
        count += len(part.children)
        waiting.extend((child, depth + 1) for child in reversed(part.children))
    return root


def _after_mark(raw: bytes) -> int:
    return len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0


def _read_part(raw: bytes, start: int, end: int, path: str, default_type: str) -> Part:
    fields, body_at = split_head(raw, start, end)
    written = first(fields, "Content-Type")
    return Part(path, fields, raw, body_at, end, _mime_type(written, default_type), parameters(written))


def _mime_type(written: str, default: str) -> str:
    """RFC 2045 section 5.2: no Content-Type means the default, one that can't be read text/plain."""
    found = _TYPE.match(written)
    if found:
        return f"{found[1]}/{found[2]}".lower()
    return "text/plain" if written.strip() else default


def _divide(part: Part, limit: int) -> list[Part]:
    prefix = f"{part.path}." if part.path else ""
    if part.mime_type == "message/rfc822":
        content = part.content
        if not content:
            return []
        return [_read_part(content, _after_mark(content), len(content), f"{prefix}0", "text/plain")]
    if not part.mime_type.startswith("multipart/"):
        return []
    default = "message/rfc822" if part.mime_type == "multipart/digest" else "text/plain"
    return [
        _read_part(part.raw, start, end, f"{prefix}{number}", default)
        for number, (start, end) in enumerate(_spans(part, limit))
    ]


def _spans(part: Part, limit: int) -> list[tuple[int, int]]:
    """Where the parts between the delimiter lines stand (RFC 2046 section 5.1.1).

    The last delimiter may be missing: the last part then ends with the multipart itself.
    """
    boundary = part.type_parameters.get("boundary", "").rstrip().encode("utf-8")
    if not boundary:
        return []
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    spans: list[tuple[int, int]] = []
    start = -1
    for found in delimiter.finditer(part.raw, part.start, part.end):
        if start >= 0:
            spans.append((start, _before_break(part.raw, start, found.start())))
        start = min(found.end() + 1, part.end)
        if found[1]:
            return spans
        if len(spans) == limit - 1:
            break
    if start >= 0:
        spans.append((start, part.end))
    return spans


def _before_break(raw: bytes, start: int, end: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    for line_break in (b"\r\n", b"\n"):
        if raw.endswith(line_break, start, end):
            return end - len(line_break)
    return end
