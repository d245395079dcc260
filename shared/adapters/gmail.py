"""Gmail through google-api-python-client: one client per call and user, over our own transport."""

import functools
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from shared.adapters.gmail_answers import bytes_of, mail_of, metadata_of, moment_of
from shared.adapters.gmail_errors import to_error
from shared.adapters.gmail_quota import method_of, units_of
from shared.adapters.http_pool import Bearer, BearerHttp, HttpPool
from shared.adapters.quota_governor import Meter
from shared.domain.mail import Mail, MailMetadata
from shared.domain.mailbox import GmailLabel
from shared.errors import (
    AppError,
    BadInput,
    GrantLost,
    LabelGone,
    Misconfigured,
    NotAllowed,
    NotFound,
    Throttled,
    UpstreamDown,
)
from shared.ports.gmail import AddedMessage, History, HistoryExpired, MessagePage, Watch
from shared.retry import again
from shared.tracing import span

BATCH_PARTS: Final = 25
"""Requests in one batch; Gmail allows 100 and throttles well below that."""
MODIFY_ONE_BY_ONE: Final = 10
"""Up to so many messages, ten messages.modify (5 units) cost no more than one batchModify (50 units)."""
BATCH_MODIFY_IDS: Final = 1000
HISTORY_MOST: Final = 100
"""New messages that one reading of history names: 2,000 of a user's 6,000 units a minute to read them."""

METADATA_FIELDS: Final = (
    "id,threadId,labelIds,internalDate,historyId,sizeEstimate,snippet,payload(mimeType,headers)"
)


@functools.cache
def _discovery(root_url: str) -> dict[str, Any]:
    # `api_endpoint` moves plain calls only; uploads and batches follow the document's rootUrl.
    import googleapiclient  # noqa: PLC0415 - 0.3 s that only a call to Gmail needs

    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    document: dict[str, Any] = json.loads((folder / "gmail.v1.json").read_text(encoding="utf-8"))
    return {**document, "rootUrl": root_url, "mtlsRootUrl": root_url, "baseUrl": root_url}


class GmailClient:
    """One mailbox, with one user's token. Not shared between threads; cheap to build."""

    def __init__(
        self,
        pool: HttpPool,
        root_url: str,
        credentials: Bearer,
        gate: AbstractContextManager[None] | None = None,
        meter: Meter | None = None,
    ) -> None:
        """`meter` gives out the units for each request; without one nothing limits them."""
        from googleapiclient.discovery import build_from_document  # noqa: PLC0415 - as above

        self._http = BearerHttp(pool, credentials, gate)
        service = build_from_document(_discovery(root_url), http=self._http)
        self._meter = meter
        self.units = 0
        self._service = service
        self._users = service.users()
        self._messages = self._users.messages()
        self._labels = self._users.labels()

    def afford(self, units: int) -> int:
        return units if self._meter is None else self._meter.afford(units)

    def address_and_cursor(self) -> tuple[str, int]:
        profile = self._read(self._users.getProfile(userId="me"))
        return str(profile["emailAddress"]), int(profile["historyId"])

    def watch(self, topic: str) -> Watch:
        try:
            answer = self._read(self._users.watch(userId="me", body={"topicName": topic}))
        except NotAllowed:
            raise Misconfigured(
                "Gmail may not publish to the Pub/Sub topic; grant gmail-api-push@system.gserviceaccount.com "
                "the role Pub/Sub Publisher on it.",
                code="topic_not_granted",
            ) from None
        return Watch(int(answer["historyId"]), moment_of(answer["expiration"]))

    def stop_watch(self) -> None:
        self._tell(self._users.stop(userId="me"))

    def history(self, cursor: int, most: int = HISTORY_MOST) -> History | HistoryExpired:
        added: dict[str, AddedMessage] = {}
        newest, token = cursor, None
        while True:
            request = self._users.history().list(
                userId="me",
                startHistoryId=str(cursor),
                historyTypes=["messageAdded"],
                maxResults=500,
                pageToken=token,
                fields="history(id,messagesAdded(message(id,labelIds))),historyId,nextPageToken",
            )
            try:
                page = self._read(request)
            except AppError as error:
                if error.code == "not_found":
                    return HistoryExpired()
                raise
            for record in page.get("history", []):
                if len(added) >= most:
                    return History(tuple(added.values()), newest, more=True)
                added |= _added(record)
                newest = max(newest, int(record["id"]))
            token = page.get("nextPageToken")
            if token is None:
                newest = max(newest, int(page.get("historyId", cursor)))
                return History(tuple(added.values()), newest)

    def list_messages(
        self,
        *,
        query: str = "",
        label_ids: Sequence[str] = (),
        limit: int = 50,
        page_token: str | None = None,
        include_spam_trash: bool = False,
    ) -> MessagePage:
        request = self._messages.list(
            userId="me",
            q=query or None,
            labelIds=list(label_ids) or None,
            maxResults=limit,
            pageToken=page_token,
            includeSpamTrash=include_spam_trash or None,
            fields="messages(id,threadId),nextPageToken",
        )
        page = self._read(request)
        ids = tuple((row["id"], row["threadId"]) for row in page.get("messages", []))
        return MessagePage(ids, page.get("nextPageToken"))

    def get_metadata(
        self, message_ids: Sequence[str], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        def request(message_id: str) -> Any:
            return self._messages.get(
                userId="me",
                id=message_id,
                format="metadata",
                metadataHeaders=sorted(headers),
                fields=METADATA_FIELDS,
            )

        if len(message_ids) == 1:
            try:
                return {message_ids[0]: _shaped(metadata_of, self._read(request(message_ids[0])))}
            except GrantLost:
                raise
            except AppError as error:
                return {message_ids[0]: error}
        return self._batched(message_ids, request, metadata_of)

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

    def get_mail(self, message_id: str) -> Mail:
        return mail_of(self._read(self._messages.get(userId="me", id=message_id, format="full")))

    def get_thread(self, thread_id: str) -> Sequence[Mail]:
        answer = self._read(self._users.threads().get(userId="me", id=thread_id, format="full"))
        return [mail_of(row) for row in answer.get("messages", [])]

    def get_attachment(self, message_id: str, attachment_id: str) -> bytes:
        request = self._messages.attachments().get(userId="me", messageId=message_id, id=attachment_id)
        return bytes_of(self._read(request).get("data", ""))

    def list_labels(self) -> Sequence[GmailLabel]:
        page = self._read(self._labels.list(userId="me", fields="labels(id,name)"))
        return [GmailLabel(row["id"], row["name"]) for row in page.get("labels", [])]

    def create_label(self, name: str) -> GmailLabel:
        body = {"name": name, "labelListVisibility": "labelShow", "messageListVisibility": "show"}
        # Not tried again: a label whose answer was lost would then be "taken".
        row = self._once(self._labels.create(userId="me", body=body))
        return GmailLabel(row["id"], row["name"])

    def delete_label(self, label_id: str) -> None:
        self._tell(self._labels.delete(userId="me", id=label_id))

    def modify(
        self, message_ids: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Mapping[str, AppError]:
        change = {"addLabelIds": list(add), "removeLabelIds": list(remove)}
        failed: dict[str, AppError] = {}
        for start in range(0, len(message_ids), BATCH_MODIFY_IDS):
            failed |= self._modify(message_ids[start : start + BATCH_MODIFY_IDS], change)
        return failed

    def _modify(self, message_ids: Sequence[str], change: Mapping[str, Any]) -> Mapping[str, AppError]:
        """At most 1,000. Where Gmail refuses many for one, halves lead to it, as far as there are units and it answers.

        Not where it fails by itself: that is seldom for one of them, and a Gmail that is down is not asked the more.
        """
        failed: dict[str, AppError] = {}
        parts = [message_ids]
        while parts:
            part, *rest = parts
            try:
                failed |= self._modify_at_once(part, change)
                parts = rest
            except (BadInput, NotFound):
                if len(part) <= MODIFY_ONE_BY_ONE:
                    raise
                half = len(part) // 2
                parts = [part[:half], part[half:], *rest]
            except (Throttled, UpstreamDown) as error:
                if part is message_ids:
                    raise
                return failed | {message_id: error for part in parts for message_id in part}
        return failed

    def _modify_at_once(
        self, message_ids: Sequence[str], change: Mapping[str, Any]
    ) -> Mapping[str, AppError]:
        """In one request, which is tried again. Raises what more than ten are refused with together."""
        if len(message_ids) > MODIFY_ONE_BY_ONE:
            self._tell(self._messages.batchModify(userId="me", body={"ids": list(message_ids), **change}))
            return {}

        def request(message_id: str) -> Any:
            return self._messages.modify(userId="me", id=message_id, body=change, fields="id")

        outcomes = self._batched(message_ids, request, lambda answer: answer)
        failed = {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, AppError)}
        for error in failed.values():
            # What is wrong with the label is wrong for every message; changed ones may be changed again.
            if isinstance(error, LabelGone):
                raise error
        return failed

    def _row_request(self, key: str, headers: Collection[str]) -> Any:
        kind, _, identifier = key.partition(" ")
        wanted = {"userId": "me", "id": identifier, "format": "metadata", "metadataHeaders": sorted(headers)}
        if kind == "thread":
            return self._users.threads().get(**wanted, fields=f"messages({METADATA_FIELDS})")
        return self._messages.get(**wanted, fields=METADATA_FIELDS)

    def _read(self, request: Any) -> Any:
        return again(lambda: self._once(request))

    def _tell(self, request: Any) -> None:
        """For methods that answer nothing."""
        again(lambda: self._execute(request))

    def _once(self, request: Any) -> Any:
        answer = self._execute(request)
        # The library hands on a body that is not JSON as text.
        if not isinstance(answer, dict):
            raise UpstreamDown("Gmail's answer was cut off or not JSON.", code="gmail_garbled")
        return answer

    def _execute(self, request: Any) -> Any:
        from googleapiclient.errors import HttpError  # noqa: PLC0415 - as above

        self._charge(units_of(request))
        try:
            with span(f"gmail {method_of(request)}"):
                return request.execute(num_retries=0)
        except HttpError as fault:
            raise _to_error(fault) from None
        except ValueError:
            raise UpstreamDown("Gmail's answer was cut off or not JSON.", code="gmail_garbled") from None

    def _charge(self, units: int) -> None:
        if self._meter is not None:
            self._meter.spend(units)
        self.units += units

    def _batched(
        self, keys: Sequence[str], request: Callable[[str], Any], shape: Callable[[Any], Any]
    ) -> dict[str, Any]:
        """One outcome per key: what `shape` makes of the answer, or the error of that part.

        Raises GrantLost where a part tells of it: the consent is that of all.
        """
        outcomes: dict[str, Any] = {}
        for start in range(0, len(keys), BATCH_PARTS):
            part = keys[start : start + BATCH_PARTS]
            answered = again(lambda part=part: self._one_batch(part, request, shape))  # type: ignore[misc]
            for outcome in answered.values():
                if isinstance(outcome, GrantLost):
                    raise outcome
            outcomes |= answered
        return outcomes

    def _one_batch(
        self, keys: Sequence[str], request: Callable[[str], Any], shape: Callable[[Any], Any]
    ) -> dict[str, Any]:
        from googleapiclient.errors import BatchError, HttpError  # noqa: PLC0415 - as above

        outcomes: dict[str, Any] = {}

        def collect(key: str, answer: Any, fault: Exception | None) -> None:
            if isinstance(fault, HttpError):
                outcomes[key] = _to_error(fault)
            elif fault is not None:
                outcomes[key] = UpstreamDown("A part of Gmail's answer was cut off.", code="gmail_garbled")
            else:
                try:
                    outcomes[key] = _shaped(shape, answer)
                except UpstreamDown as error:
                    outcomes[key] = error

        batch = self._service.new_batch_http_request(callback=collect)
        parts = {key: request(key) for key in keys}
        self._charge(sum(units_of(part) for part in parts.values()))
        for key, part in parts.items():
            batch.add(part, request_id=key)
        try:
            with span("gmail batch", count=len(keys)):
                batch.execute()
        except (BatchError, ValueError, KeyError):
            # First: a BatchError is an HttpError too, with the status 200.
            raise UpstreamDown("Gmail's answer was cut off or not a batch.", code="gmail_garbled") from None
        except HttpError as fault:
            raise _to_error(fault) from None
        return outcomes


def _rows(answer: Mapping[str, Any]) -> dict[str, MailMetadata | AppError]:
    return {row["id"]: _row(row) for row in answer.get("messages", [answer])}


def _row(row: Any) -> MailMetadata | AppError:
    """A message of a conversation that is not what Gmail documents does not hide the others."""
    try:
        metadata: MailMetadata = _shaped(metadata_of, row)
    except UpstreamDown as error:
        return error
    return metadata


def _shaped(shape: Callable[[Any], Any], answer: Any) -> Any:
    """One message that is not what Gmail documents fails by itself, not the list that it is in."""
    try:
        return shape(answer)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise UpstreamDown("Gmail's answer is not what it documents.", code="gmail_garbled") from None


def _added(record: Mapping[str, Any]) -> dict[str, AddedMessage]:
    messages = [item["message"] for item in record.get("messagesAdded", [])]
    return {m["id"]: AddedMessage(m["id"], frozenset(m.get("labelIds", []))) for m in messages}


def _to_error(fault: Any) -> AppError:
    content = fault.content if isinstance(fault.content, bytes) else str(fault.content).encode()
    return to_error(int(fault.resp.status), content, fault.resp.get("retry-after"), datetime.now(UTC))
