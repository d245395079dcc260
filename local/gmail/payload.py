"""From raw RFC 5322 bytes to what Gmail's API answers about a mail.

Shapes are those of the discovery document (`MessagePart`, `MessagePartBody`). Not written there, so emulated:

* header values are unfolded and their RFC 2047 words decoded to Unicode text;
* text bodies are transcoded to UTF-8 while Content-Type still names the sender's charset;
* a body is inline (`data`) when it is text without a file name and of at most `INLINE_LIMIT` bytes, else it has
  an `attachmentId`;
* `message/rfc822` carries both an `attachmentId` and the enclosed mail as its only child;
* attachment ids stay the same for a mail. Gmail's differ from call to call: never keep one.
"""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from local.gmail.mime import text as mail_text
from local.gmail.mime.body import text_body
from local.gmail.mime.headers import first
from local.gmail.mime.tree import Part, read_tree

INLINE_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class ParsedMail:
    """One mail, parsed on demand and only once. `fallback_ms` dates a mail without a readable Date header."""

    raw: bytes
    fallback_ms: int

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
        """attachmentId -> the attachment's bytes, transfer encoding undone."""
        ids = self._attachment_ids
        return {ids[part.path]: part.content for part in self.tree.walk() if part.path in ids}

    @cached_property
    def snippet(self) -> str:
        """About 200 characters from the start of the mail's text, HTML-escaped."""
        return mail_text.snippet(_readable_text(self.tree))

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
        """All words that search looks through: top headers, bodies without markup, attachment names."""
        return "\n".join(
            [
                *(field.decoded for field in self.tree.fields if field.name.lower() in _SEARCHED_HEADERS),
                *(_part_text(part) for part in self.tree.walk() if _is_body(part)),
                *self.attachment_names,
            ]
        )

    @cached_property
    def attachment_names(self) -> tuple[str, ...]:
        """File names of all parts that have one, in the order of the mail."""
        return tuple(part.filename for part in self.tree.walk() if part.filename)

    @cached_property
    def has_attachment(self) -> bool:
        """What `has:attachment` asks (emulated): a named part that is no picture shown inside the HTML."""
        return any(part.filename and not _is_inline_picture(part) for part in self.tree.walk())

    def header(self, name: str) -> str:
        """The decoded value of the first top header called `name`, or ""."""
        wanted = name.lower()
        return next((field.decoded for field in self.tree.fields if field.name.lower() == wanted), "")

    @cached_property
    def _attachment_ids(self) -> dict[str, str]:
        digest = hashlib.sha256(self.raw).digest()
        return {
            part.path: _attachment_id(digest, part.path) for part in self.tree.walk() if _is_attachment(part)
        }


_SEARCHED_HEADERS = frozenset({"from", "to", "cc", "bcc", "subject", "reply-to", "list-id"})


def parse(raw: bytes, fallback_ms: int = 0) -> ParsedMail:
    """The mail in `raw`, however broken. Raises nothing, now or when its properties are read."""
    return ParsedMail(raw, fallback_ms)


def metadata(payload: dict[str, Any], names: Collection[str] | None = None) -> dict[str, Any]:
    """The payload of `format=metadata`: type and headers of the top part, or those in `names` (any case)."""
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
        "headers": [{"name": field.name, "value": field.decoded} for field in part.fields],
        "body": _body(part, ids),
    }
    if part.children:
        # The tree is at most MAX_DEPTH deep.
        answer["parts"] = [_message_part(child, ids) for child in part.children]
    return answer


def _body(part: Part, ids: dict[str, str]) -> dict[str, Any]:
    if part.is_container:
        return {"size": 0}
    content = _shown_bytes(part)
    if part.path in ids:
        return {"attachmentId": ids[part.path], "size": len(content)}
    if not content:
        return {"size": 0}
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode("ascii")}


def _is_attachment(part: Part) -> bool:
    if part.is_container:
        return False
    if part.filename or not part.mime_type.startswith(("text/", "multipart/")):
        return True
    return len(part.content) > INLINE_LIMIT


def _is_body(part: Part) -> bool:
    return not part.is_container and not part.filename and part.mime_type.startswith(("text/", "multipart/"))


def _shown_bytes(part: Part) -> bytes:
    if not _is_body(part):
        return part.content
    return _unicode(part).encode("utf-8", errors="replace")


def _unicode(part: Part) -> str:
    return text_body(part.content, part.type_parameters.get("charset", ""))


def _part_text(part: Part) -> str:
    text = _unicode(part)
    return mail_text.html_to_text(text) if part.mime_type == "text/html" else text


def _readable_text(tree: Part) -> str:
    """The text a reader meets first: plain text if the mail has any, else its HTML."""
    bodies = [part for part in tree.walk() if _is_body(part)]
    for wanted in ("text/plain", "text/html"):
        for part in bodies:
            if part.mime_type == wanted and (text := _part_text(part)).strip():
                return text
    return next((_part_text(part) for part in bodies), "")


def _is_inline_picture(part: Part) -> bool:
    disposition = first(part.fields, "Content-Disposition").strip().lower()
    return bool(
        part.mime_type.startswith("image/")
        and first(part.fields, "Content-ID")
        and not disposition.startswith("attachment")
    )


def _attachment_id(mail_digest: bytes, path: str) -> str:
    digest = hashlib.sha256(mail_digest + path.encode("ascii")).digest()
    return "ANGjdJ" + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _date_ms(written: str, fallback_ms: int) -> int:
    try:
        moment = parsedate_to_datetime(written)
        milliseconds = int(moment.timestamp()) * 1000
    except (ValueError, TypeError, OverflowError, IndexError, OSError, AttributeError):
        return fallback_ms
    return milliseconds if milliseconds >= 0 else fallback_ms
