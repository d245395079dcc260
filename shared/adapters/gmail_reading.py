"""Reading for somebody who waits: outlines, streamed attachments, "nothing new"."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import urllib3

from shared.adapters.base64_json import decoded
from shared.adapters.gmail import GmailClient
from shared.adapters.gmail_answers import mail_of
from shared.adapters.gmail_errors import to_error
from shared.adapters.gmail_quota import units_of
from shared.domain.mail import Mail
from shared.errors import AppError, NotFound
from shared.retry import again

_CHUNK: Final = 64 * 1024


def _outline_fields(levels: int = 8) -> str:
    """A mask for parts without their data. Below its levels, where hardly any mail goes, all is handed out."""
    parts = "parts"
    for _ in range(levels):
        parts = f"parts(partId,mimeType,filename,headers,body(attachmentId,size),{parts})"
    return f"id,threadId,labelIds,internalDate,payload({parts.removeprefix('parts(')}"


OUTLINE_FIELDS: Final = _outline_fields()


class ReadingGmailClient(GmailClient):
    """One mailbox, with one user's token. Not shared between threads."""

    def get_outline(self, message_id: str) -> Mail:
        request = self._messages.get(userId="me", id=message_id, format="full", fields=OUTLINE_FIELDS)
        return mail_of(self._read(request))

    def stream_attachment(self, message_id: str, attachment_id: str) -> Iterator[bytes]:
        request = self._attachment(message_id, attachment_id)

        def begin() -> tuple[bytes, Iterator[bytes]]:
            pieces = self._pieces(request)
            return next(pieces, b""), pieces

        # An answer that fails before its first byte is asked for again like any other; later it is too late.
        return _joined(*again(begin))

    def get_attachment(self, message_id: str, attachment_id: str) -> bytes:
        return self._read_whole(self._attachment(message_id, attachment_id))

    def get_raw(self, message_id: str) -> bytes:
        return self._read_whole(self._messages.get(userId="me", id=message_id, format="raw", fields="raw"))

    def _attachment(self, message_id: str, attachment_id: str) -> Any:
        return self._messages.attachments().get(
            userId="me", messageId=message_id, id=attachment_id, fields="data"
        )

    def _read_whole(self, request: Any) -> bytes:
        """The bytes in an answer, never held as JSON too."""
        return again(lambda: _collected(self._pieces(request)))

    def newest_if_changed(self, cursor: int) -> int | None:
        request = self._users.history().list(
            userId="me", startHistoryId=str(cursor), maxResults=1, fields="history(id),historyId"
        )
        try:
            answer = self._read(request)
        except NotFound:
            return self.address_and_cursor()[1]  # too long ago for Gmail to tell
        return int(answer["historyId"]) if answer.get("history") else None

    def _pieces(self, request: Any) -> Iterator[bytes]:
        self._charge(units_of(request))
        with self._http.stream(request.uri) as answer:
            if answer.status != 200:
                raise _error(answer)
            yield from decoded(answer.stream(_CHUNK, decode_content=True))


def _error(answer: urllib3.BaseHTTPResponse) -> AppError:
    return to_error(
        answer.status, answer.read(64 * 1024), answer.headers.get("retry-after"), datetime.now(UTC)
    )


def _collected(pieces: Iterator[bytes]) -> bytes:
    whole = io.BytesIO()
    for piece in pieces:
        whole.write(piece)
    return whole.getvalue()


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
