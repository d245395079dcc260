"""Reading for somebody who waits: lists that ask for shared threads once, streamed attachments, "nothing new"."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import urllib3

from shared.adapters.base64_json import decoded
from shared.adapters.gmail import METADATA_FIELDS, GmailClient, metadata_of
from shared.adapters.gmail_errors import to_error
from shared.adapters.gmail_quota import units_of
from shared.domain.mail import MailMetadata
from shared.errors import AppError, NotFound
from shared.retry import again

_CHUNK: Final = 64 * 1024


class ReadingGmailClient(GmailClient):
    """One mailbox, with one user's token. Not shared between threads."""

    def get_listed(
        self, ids: Sequence[tuple[str, str]], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        in_thread = Counter(thread_id for _, thread_id in ids)
        shared = {thread_id for thread_id, hits in in_thread.items() if hits > 1}
        alone = [message_id for message_id, thread_id in ids if thread_id not in shared]
        # Ids of messages and threads may be equal: a thread is called after its first message.
        keys = dict.fromkeys(f"thread {t}" if t in shared else f"message {m}" for m, t in ids)
        if len(keys) == len(alone):
            return self.get_metadata(alone, headers)
        outcomes = self._batched(list(keys), lambda key: self._row_request(key, headers), _rows)
        found: dict[str, MailMetadata | AppError] = {}
        for message_id, thread_id in ids:
            outcome = outcomes[f"thread {thread_id}" if thread_id in shared else f"message {message_id}"]
            missing = NotFound("There is no such message.")
            found[message_id] = outcome if isinstance(outcome, AppError) else outcome.get(message_id, missing)
        return found

    def stream_attachment(self, message_id: str, attachment_id: str) -> Iterator[bytes]:
        request = self._messages.attachments().get(
            userId="me", messageId=message_id, id=attachment_id, fields="data"
        )

        def begin() -> tuple[bytes, Iterator[bytes]]:
            self.units += units_of(request)
            pieces = self._pieces(request.uri)
            return next(pieces, b""), pieces

        # An answer that fails before its first byte is asked for again like any other; later it is too late.
        return _joined(*again(begin))

    def newest_if_changed(self, cursor: int) -> int | None:
        request = self._users.history().list(
            userId="me", startHistoryId=str(cursor), maxResults=1, fields="history(id),historyId"
        )
        try:
            answer = self._read(request)
        except NotFound:
            return self.address_and_cursor()[1]  # too long ago for Gmail to tell
        return int(answer["historyId"]) if answer.get("history") else None

    def _row_request(self, key: str, headers: Collection[str]) -> Any:
        kind, _, identifier = key.partition(" ")
        wanted = {"userId": "me", "id": identifier, "format": "metadata", "metadataHeaders": sorted(headers)}
        if kind == "thread":
            return self._users.threads().get(**wanted, fields=f"messages({METADATA_FIELDS})")
        return self._messages.get(**wanted, fields=METADATA_FIELDS)

    def _pieces(self, uri: str) -> Iterator[bytes]:
        with self._http.stream(uri) as answer:
            if answer.status != 200:
                raise _error(answer)
            yield from decoded(answer.stream(_CHUNK, decode_content=True))


def _rows(answer: Mapping[str, Any]) -> dict[str, MailMetadata]:
    rows = answer.get("messages", [answer])
    return {row["id"]: metadata_of(row) for row in rows}


def _error(answer: urllib3.BaseHTTPResponse) -> AppError:
    return to_error(
        answer.status, answer.read(64 * 1024), answer.headers.get("retry-after"), datetime.now(UTC)
    )


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
