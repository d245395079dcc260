"""Drafts, sending and aliases of one mailbox, on top of the client that reads it.

Nothing that makes, changes or sends a draft is tried again: Gmail may have done it although no answer came.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from shared.adapters.gmail_answers import mail_of, metadata_of
from shared.adapters.gmail_reading import ReadingGmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.adapters.quota_governor import Meter
from shared.domain.addresses import Address
from shared.domain.mail import Mail, MailMetadata
from shared.domain.mime_writer import Letter
from shared.domain.outgoing import Alias
from shared.errors import AppError, NotFound
from shared.ports.gmail import Draft, Sent

_DRAFT_FIELDS: Final = "id,message(id,threadId)"
_ROW_FIELDS: Final = "id,threadId,labelIds,internalDate,payload(mimeType,headers)"


class SendingGmailClient(ReadingGmailClient):
    """One mailbox, with one user's token, to read and to send. Not shared between threads."""

    def __init__(
        self,
        pool: HttpPool,
        root_url: str,
        credentials: Bearer,
        gate: AbstractContextManager[None] | None = None,
        meter: Meter | None = None,
    ) -> None:
        super().__init__(pool, root_url, credentials, gate, meter)
        self._drafts = self._users.drafts()

    def list_aliases(self) -> Sequence[Alias]:
        answer = self._read(self._users.settings().sendAs().list(userId="me"))
        return [_alias(row) for row in answer.get("sendAs", [])]

    def create_draft(self, letter: Letter, thread_id: str | None = None) -> Draft:
        place = _Place()
        request = self._drafts.create(
            userId="me", body=_body(thread_id), media_body=place.media(), fields=_DRAFT_FIELDS
        )
        return _draft(self._once(place.filled(request, letter)))

    def update_draft(self, draft_id: str, letter: Letter, thread_id: str | None = None) -> Draft:
        place = _Place()
        request = self._drafts.update(
            userId="me", id=draft_id, body=_body(thread_id), media_body=place.media(), fields=_DRAFT_FIELDS
        )
        return _draft(self._once(place.filled(request, letter)))

    def delete_draft(self, draft_id: str) -> None:
        self._execute(self._drafts.delete(userId="me", id=draft_id))

    def get_draft(self, draft_id: str) -> tuple[Draft, MailMetadata]:
        answer = self._read(self._drafts.get(userId="me", id=draft_id, format="metadata"))
        return _draft(answer), metadata_of(answer["message"])

    def newest_drafts(self, most: int) -> Sequence[tuple[Draft, Mail]]:
        page = self._read(self._drafts.list(userId="me", maxResults=most, fields="drafts(id)"))
        outcomes = self._batched(
            [row["id"] for row in page.get("drafts", [])],
            lambda draft_id: self._drafts.get(userId="me", id=draft_id, format="full"),
            lambda answer: (_draft(answer), mail_of(answer["message"])),
        )
        for outcome in outcomes.values():
            if isinstance(outcome, AppError) and not isinstance(outcome, NotFound):
                raise outcome
        return [outcome for outcome in outcomes.values() if not isinstance(outcome, AppError)]

    def find_draft(self, message_id: str) -> Draft | None:
        request = self._drafts.list(
            userId="me",
            q=f"rfc822msgid:{message_id.strip('<>')}",
            maxResults=1,
            fields=f"drafts({_DRAFT_FIELDS})",
        )
        found = self._read(request).get("drafts", [])
        return _draft(found[0]) if found else None

    def send_draft(self, draft_id: str) -> Sent:
        answer = self._once(self._drafts.send(userId="me", body={"id": draft_id}, fields="id,threadId"))
        return Sent(answer["id"], answer["threadId"])

    def thread_metadata(self, thread_id: str, headers: Sequence[str]) -> Sequence[MailMetadata]:
        request = self._users.threads().get(
            userId="me",
            id=thread_id,
            format="metadata",
            metadataHeaders=sorted(headers),
            fields=f"messages({_ROW_FIELDS})",
        )
        return [metadata_of(row) for row in self._read(request).get("messages", [])]


class _Place:
    """Where a mail belongs in an upload that Google's client builds: the client would copy a whole one four times."""

    def __init__(self) -> None:
        self._mark = uuid.uuid4().hex.encode()

    def media(self) -> Any:
        """What stands for the mail until the request is built."""
        from googleapiclient.http import MediaInMemoryUpload  # noqa: PLC0415 - costs a cold start; only sending needs it

        return MediaInMemoryUpload(self._mark, mimetype="message/rfc822", resumable=False)

    def filled(self, request: Any, letter: Letter) -> Any:
        """The request with the mail in its place."""
        before, after = request.body.split(self._mark)
        request.body = _Upload(before, letter, after)
        request.headers["content-length"] = str(len(request.body))
        return request


class _Upload:
    """The body of an upload, written while it is sent, and from its start again where it is sent again."""

    def __init__(self, before: bytes, letter: Letter, after: bytes) -> None:
        self._before = before
        self._letter = letter
        self._after = after

    def __iter__(self) -> Iterator[bytes]:
        yield self._before
        yield from self._letter
        yield self._after

    def __len__(self) -> int:
        return len(self._before) + len(self._letter) + len(self._after)


def _body(thread_id: str | None) -> dict[str, Any]:
    return {"message": {"threadId": thread_id}} if thread_id else {"message": {}}


def _draft(answer: Mapping[str, Any]) -> Draft:
    message = answer["message"]
    return Draft(answer["id"], message["id"], message["threadId"])


def _alias(row: Mapping[str, Any]) -> Alias:
    primary = bool(row.get("isPrimary"))
    return Alias(
        address=Address(row.get("displayName", ""), row["sendAsEmail"]),
        verified=primary or row.get("verificationStatus") == "accepted",
        default=bool(row.get("isDefault")),
        reply_to=row.get("replyToAddress", ""),
        signature=row.get("signature", ""),
    )
