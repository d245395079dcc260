"""Media uploads of mail: simple, multipart and resumable.

https://developers.google.com/workspace/gmail/api/guides/uploads
"""

import re
import secrets
import threading
from dataclasses import dataclass
from typing import Any

from local.gmail.errors import GoogleError, invalid_argument
from local.gmail.exchange import Exchange
from local.gmail.multipart import parse_multipart, read_json

_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_KEPT_AT_ONCE = 1000


@dataclass
class Session:
    """A resumable upload under way; `http_method` is that of the call which started it."""

    http_method: str
    metadata: dict[str, Any]
    received: bytearray


@dataclass(frozen=True)
class Uploaded:
    """A complete upload: the JSON about the mail, and the mail."""

    metadata: dict[str, Any]
    media: bytes


@dataclass(frozen=True)
class Incomplete:
    """A resumable upload that goes on: the session's id and how many bytes have come."""

    session: str
    received: int
    started: bool


class Uploads:
    """Reads uploads and keeps the resumable ones until they are complete."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def http_method(self, session: str) -> str | None:
        """The HTTP method that started a session: its chunks come with PUT whatever that was."""
        with self._lock:
            known = self._sessions.get(session)
        return known.http_method if known else None

    def read(self, protocol: str, exchange: Exchange) -> Uploaded | Incomplete:
        """One request of an upload; `protocol` is `uploadType`. Raises GoogleError 400 or 404."""
        headers, body, session = exchange.headers, exchange.body, exchange.upload_session
        content_type = headers.get("content-type", "")
        if protocol == "media":
            return Uploaded({}, body)
        if protocol == "multipart":
            parts = parse_multipart(content_type, body)
            if len(parts) != 2:
                raise invalid_argument("Multipart upload must have two parts: metadata and media.")
            return Uploaded(read_json(parts[0].body), parts[1].body)
        if protocol == "resumable":
            if session:
                return self._go_on(session, headers.get("content-range", ""), body)
            return self._start(exchange.http_method, read_json(body) if body else {})
        raise invalid_argument(f"Invalid uploadType {protocol[:50]!r}: use media, multipart or resumable.")

    def _start(self, http_method: str, metadata: dict[str, Any]) -> Incomplete:
        with self._lock:
            while len(self._sessions) >= _KEPT_AT_ONCE:
                self._sessions.pop(next(iter(self._sessions)))
            session = secrets.token_urlsafe(24)
            self._sessions[session] = Session(http_method, metadata, bytearray())
        return Incomplete(session, 0, started=True)

    def _go_on(self, name: str, content_range: str, body: bytes) -> Uploaded | Incomplete:
        with self._lock:
            session = self._sessions.get(name)
            if session is None:
                raise GoogleError(404, "notFound", "Upload session not found.")
            total = _place(session, content_range, body)
            if total is None or len(session.received) < total:
                return Incomplete(name, len(session.received), started=False)
            del self._sessions[name]
        return Uploaded(session.metadata, bytes(session.received))


def _place(session: Session, content_range: str, body: bytes) -> int | None:
    """Adds a chunk; the total size if it is known."""
    if not content_range:
        session.received[:] = body
        return len(body)
    found = _RANGE.fullmatch(content_range.strip())
    if not found:
        raise invalid_argument("Invalid Content-Range.")
    first, _, total = found.groups()
    if first is not None:
        start = int(first)
        if start > len(session.received):
            raise invalid_argument("Chunk starts after the bytes received so far.")
        session.received[start:] = body
    return None if total == "*" else int(total)
