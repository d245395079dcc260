"""From raw RFC 5322 bytes to what Gmail's API answers about a mail.

Shapes are those of the discovery document (`MessagePart`, `MessagePartBody`). What it leaves open:

* Text bodies come in UTF-8 while Content-Type still names the sender's charset
  (https://github.com/openclaw/gogcli/issues/446).
* Attachment ids differ from call to call (https://github.com/taylorwilsdon/google_workspace_mcp/pull/237). Here
  they stay the same for a mail, so that a test can be repeated; no caller may rely on that.
* Emulated, never compared with Gmail: header values are unfolded and their RFC 2047 words decoded; a body is inline
  (`data`) if it is text, has no file name and at most `INLINE_LIMIT` bytes, else it has an `attachmentId`; a
  multipart that can't be divided is an inline body; `message/rfc822` has an `attachmentId` and the enclosed mail as
  its only child, `1.0` below `1`; internalDate is the Date header, as for imported mail.
"""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from local.gmail.mime import text as mime_text
from local.gmail.mime.headers import Field, first
from local.gmail.mime.tree import Part, read_tree
from local.gmail.words import normalise

INLINE_LIMIT = 1024 * 1024

_SEARCHED_HEADERS = frozenset({"from", "to", "cc", "bcc", "subject", "reply-to", "list-id"})


@dataclass(frozen=True)
class ParsedMail:
    """One mail, parsed on demand and only once. `fallback_ms` dates a mail without a readable Date header."""

    raw: bytes
    fallback_ms: int = 0

    @cached_property
    def tree(self) -> Part:
        """The MIME parts."""
        return read_tree(self.raw)

    @cached_property
    def payload(self) -> dict[str, Any]:
        """Gmail's `MessagePart` tree, as `format=full` answers it."""
        return _message_part(self.tree, self._attachment_ids)

    @cached_property
    def attachments(self) -> dict[str, bytes]:
        """attachmentId -> the bytes of a part without its transfer encoding, text in UTF-8."""
        ids = self._attachment_ids
        return {ids[part.path]: _shown_bytes(part) for part in self.tree.walk() if part.path in ids}

    @cached_property
    def snippet(self) -> str:
        """About 200 characters from the start of the mail's text, HTML-escaped."""
        return mime_text.snippet(_readable_text(self.tree))

    @property
    def size_estimate(self) -> int:
        """Bytes of the raw mail."""
        return len(self.raw)

    @cached_property
    def internal_date(self) -> int:
        """Milliseconds since 1970 of the Date header, else `fallback_ms`."""
        return _date_ms(self.header("Date"), self.fallback_ms)

    @cached_property
    def text(self) -> str:
        """All that search looks through: top headers, bodies without markup, attachment names."""
        return "\n".join(
            [
                *(field.decoded for field in self.tree.fields if field.name.lower() in _SEARCHED_HEADERS),
                *(_words_of(part) for part in self.tree.walk() if _is_body(part)),
                *self.attachment_names,
            ]
        )

    @cached_property
    def words(self) -> str:
        """`text`, normalised for search."""
        return normalise(self.text)

    @cached_property
    def attachment_names(self) -> tuple[str, ...]:
        """File names of all parts that have one, in the order of the mail."""
        return tuple(part.filename for part in self.tree.walk() if part.filename)

    @cached_property
    def has_attachment(self) -> bool:
        """What `has:attachment` asks (emulated): a part to be saved that is no picture shown inside the HTML."""
        return any(
            (part.filename or part.disposition == "attachment") and not _is_inline_picture(part)
            for part in self.tree.walk()
        )

    def header(self, name: str) -> str:
        """The decoded value of the first top header called `name` (any case), or ""."""
        wanted = name.lower()
        return next((field.decoded for field in self.tree.fields if field.name.lower() == wanted), "")

    def header_words(self, name: str) -> str:
        """`header(name)`, normalised for search."""
        if name not in self._header_words:
            self._header_words[name] = normalise(self.header(name))
        return self._header_words[name]

    @cached_property
    def _header_words(self) -> dict[str, str]:
        return {}

    @cached_property
    def _attachment_ids(self) -> dict[str, str]:
        parts = [part for part in self.tree.walk() if _is_attachment(part)]
        digest = hashlib.sha256(self.raw).digest() if parts else b""
        return {part.path: _attachment_id(digest, part.path) for part in parts}


def parse(raw: bytes, fallback_ms: int = 0) -> ParsedMail:
    """The mail in `raw`, however broken. Raises nothing, now or when its properties are read."""
    return ParsedMail(raw, fallback_ms)


def metadata(payload: dict[str, Any], names: Collection[str] | None = None) -> dict[str, Any]:
    """The payload of `format=metadata`: type and top headers, only those in `names` (any case) if there are."""
    wanted = None if not names else {name.lower() for name in names}
    return {
        "mimeType": payload["mimeType"],
        "headers": [
            header for header in payload["headers"] if wanted is None or header["name"].lower() in wanted
        ],
    }


def _message_part(part: Part, ids: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "partId": part.path,
        "mimeType": part.mime_type,
        "filename": part.filename,
        "headers": [_header(field) for field in part.fields],
        "body": _body(part, ids),
    }
    if part.children:
        # The tree is at most MAX_DEPTH deep.
        answer["parts"] = [_message_part(child, ids) for child in part.children]
    return answer


def _header(field: Field) -> dict[str, str]:
    return {"name": field.name, "value": field.decoded}


def _body(part: Part, ids: dict[str, str]) -> dict[str, Any]:
    content = _shown_bytes(part)
    if part.path in ids:
        return {"attachmentId": ids[part.path], "size": len(content)}
    if not content:
        return {"size": 0}
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode("ascii")}


def _is_body(part: Part) -> bool:
    """Whether the part is text to be read in the mail itself."""
    return (
        part.mime_type.startswith(("text/", "multipart/"))
        and not part.is_container
        and not part.filename
        and part.disposition != "attachment"
    )


def _is_attachment(part: Part) -> bool:
    if part.is_container:
        return False
    return not _is_body(part) or len(part.content) > INLINE_LIMIT


def _shown_bytes(part: Part) -> bytes:
    return part.text.encode("utf-8") if _is_body(part) else part.content


def _words_of(part: Part) -> str:
    return mime_text.html_to_text(part.text) if part.mime_type == "text/html" else part.text


def _readable_text(tree: Part) -> str:
    """The text a reader meets first: plain text if the mail has any, else its HTML."""
    bodies = [part for part in tree.walk() if _is_body(part)]
    for wanted in ("text/plain", "text/html"):
        for part in bodies:
            if part.mime_type == wanted and (text := _words_of(part)).strip():
                return text
    return next((_words_of(part) for part in bodies), "")


def _is_inline_picture(part: Part) -> bool:
    return (
        part.mime_type.startswith("image/")
        and bool(first(part.fields, "Content-ID"))
        and part.disposition != "attachment"
    )


def _attachment_id(mail_digest: bytes, path: str) -> str:
    digest = hashlib.sha256(mail_digest + path.encode("ascii")).digest()
    return "ANGjdJ" + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _date_ms(written: str, fallback_ms: int) -> int:
    try:
        moment = parsedate_to_datetime(written[:200])
        # "-0000" is UTC from a place that isn't told (RFC 5322 section 3.3); Python makes it naive.
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        milliseconds = int(aware.timestamp()) * 1000
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return fallback_ms
    return milliseconds if milliseconds >= 0 else fallback_ms
