"""The edge of private entry points: Pub/Sub pushes and schedules, called by Google with an OIDC token.

A push that can never succeed is logged and acknowledged; all else answers an error and is redelivered with
Pub/Sub's backoff, up to its dead letter topic. A schedule answers its summary.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response

from shared import errors
from shared.log import Log, where
from shared.tracing import Carrier, entering
from shared.web import problem

PUSH_LIMIT = 1024 * 1024
"""Bytes a push may have; Gmail's notices and our own messages are far below."""

Summary = Mapping[str, Any]


class AdmitInvoker(Protocol):
    """Checks the OIDC token of Pub/Sub or Cloud Scheduler. Raises NotAuthenticated."""

    def __call__(self, authorization: str | None) -> None: ...


@dataclass(frozen=True)
class PushMessage:
    """One delivery of a Pub/Sub message. `attempt` is 0 where the subscription does not count.

    `published_at` is when Pub/Sub took it (UTC); None where it does not say.
    """

    id: str
    payload: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 0
    published_at: datetime | None = None


def parse_push(body: bytes) -> PushMessage:
    """Reads Pub/Sub's push JSON, wrapped raw or in a CloudEvent. Raises BadInput for anything else.

    https://cloud.google.com/pubsub/docs/push#receive_push
    """
    try:
        envelope = json.loads(body)
        outer = envelope.get("data", envelope) if "message" not in envelope else envelope
        message = outer["message"]
        message_id = str(message.get("messageId") or message.get("message_id") or "")
        message_id.encode()  # it is logged, and half of a surrogate pair cannot be
        return PushMessage(
            id=message_id,
            payload=base64.b64decode(message.get("data", ""), validate=True),
            attributes={str(k): str(v) for k, v in (message.get("attributes") or {}).items()},
            attempt=int(outer.get("deliveryAttempt") or 0),
            published_at=_moment(message.get("publishTime")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise errors.BadInput("This is not a Pub/Sub push.", code="invalid_push") from None


def _moment(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    return moment if moment is None or moment.tzinfo else None


class EntryPoint:
    """What is around every private entry point: the invoker's token, the outcome, one log line."""

    def __init__(self, name: str, admit: AdmitInvoker, log: Log) -> None:
        self._name = name
        self._admit = admit
        self._log = log

    def push(self, request: WsgiRequest, handle: Callable[[PushMessage], Summary | None]) -> Response:
        """Answers one Pub/Sub push: 200 with a summary, or 204, acknowledges.

        The message goes on with the trace of whoever published it; Gmail's own begin one.
        """
        body = request.stream.read(PUSH_LIMIT)

        def run() -> Response:
            message_id = ""
            try:
                message = parse_push(body)
                message_id = message.id
                summary = handle(message)
            except (errors.BadInput, errors.NotFound, errors.GrantLost) as error:
                if error.code == "gmail_rejected":
                    # A request of our own was wrong: a defect, to be seen and delivered again, not dropped.
                    raise
                # No redelivery changes these: the mailbox is gone, or its owner must act first.
                self._log.event(
                    "push.dropped",
                    "WARNING",
                    entry_point=self._name,
                    message_id=message_id,
                    code=error.code,
                    where=where(error),
                )
                return Response(status=204)
            return _answer(summary) if summary is not None else Response(status=204)

        return self._guarded(request, _told_by(body) or request.headers, run)

    def schedule(self, request: WsgiRequest, run: Callable[[], Summary]) -> Response:
        """Answers one call of Cloud Scheduler with the job's summary."""
        return self._guarded(request, request.headers, lambda: _answer(run()))

    def _guarded(self, request: WsgiRequest, trace: Carrier, run: Callable[[], Response]) -> Response:
        started = time.monotonic()
        code = "ok"
        with entering(self._name, trace, entry_point=self._name) as entered:
            try:
                self._admit(request.headers.get("Authorization"))
                response = run()
            except errors.AppError as error:
                code = error.code
                response = problem(error, entered.id)
            except Exception as error:  # the last edge: logged by place, never by its words, and redelivered
                code = "defect"
                name = type(error).__name__
                self._log.event(
                    "entry.defect", "ERROR", entry_point=self._name, error_class=name, where=where(error)
                )
                response = problem(errors.AppError("Something went wrong on our side."), entered.id)
            entered.span.note(status=response.status_code, code=code)
            self._log.event(
                "entry",
                entry_point=self._name,
                status=response.status_code,
                code=code,
                duration_ms=round((time.monotonic() - started) * 1000),
            )
        return response


def _told_by(body: bytes) -> Mapping[str, str]:
    """The attributes of a message that carries a trace; nothing where it carries none, or is no push."""
    try:
        attributes = parse_push(body).attributes
    except errors.BadInput:
        return {}
    return attributes if "traceparent" in attributes else {}


def _answer(summary: Summary) -> Response:
    return Response(json.dumps(summary), status=200, content_type="application/json")
