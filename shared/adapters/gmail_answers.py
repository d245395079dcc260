"""What Gmail's answers say about mail, in our terms."""

import base64
import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.domain.mail import Header, Mail, MailMetadata, Part


def moment_of(milliseconds: str | int) -> datetime:
    """UTC, from milliseconds since 1970."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, tz=UTC)


def bytes_of(data: str) -> bytes:
    """From base64url without padding."""
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def _headers(rows: Sequence[Mapping[str, str]]) -> tuple[Header, ...]:
    return tuple(Header(row.get("name", ""), row.get("value", "")) for row in rows[:1000])


def metadata_of(answer: Mapping[str, Any]) -> MailMetadata:
    """A list row from an answer to format=metadata or full."""
    payload = answer.get("payload", {})
    return MailMetadata(
        id=answer["id"],
        thread_id=answer["threadId"],
        label_ids=frozenset(answer.get("labelIds", [])),
        received_at=moment_of(answer.get("internalDate", 0)),
        headers=_headers(payload.get("headers", [])),
        snippet=html.unescape(answer.get("snippet", "")),
        size=int(answer.get("sizeEstimate", 0)),
        history_id=int(answer.get("historyId", 0)),
        # Without the MIME tree this is Gmail's own hint: multipart/mixed is what carries files.
        has_attachments=str(payload.get("mimeType", "")).lower() == "multipart/mixed",
    )


def mail_of(answer: Mapping[str, Any]) -> Mail:
    """A mail with its MIME tree from an answer to format=full."""
    return Mail(metadata_of(answer), part_of(answer.get("payload", {})))


def part_of(payload: Mapping[str, Any], depth: int = 50) -> Part:
    """A node of the MIME tree with all below it, so deep at most."""
    body = payload.get("body", {})
    below = payload.get("parts", []) if depth > 0 else []
    return Part(
        id=payload.get("partId", ""),
        mime_type=str(payload.get("mimeType", "")).lower(),
        filename=payload.get("filename", ""),
        headers=_headers(payload.get("headers", [])),
        body=bytes_of(body["data"]) if "data" in body else None,
        size=int(body.get("size", 0)),
        attachment_id=body.get("attachmentId"),
        parts=tuple(part_of(part, depth - 1) for part in below[:500]),
    )
