"""One call of the Gmail API from request to response: who, what, whether allowed, what it costs, the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.gmail import fields
from local.gmail.discovery import Document, Match, Method, Routes
from local.gmail.errors import GoogleError, invalid_argument, not_found, unauthenticated
from local.gmail.exchange import Exchange, Reply, error_reply, json_reply
from local.gmail.faults import Fault, Faults
from local.gmail.grants import Grant, Tokens
from local.gmail.mailboxes import Mailboxes
from local.gmail.methods.call import Answer, Call, Handler, Media
from local.gmail.multipart import read_json
from local.gmail.quota import Quota
from local.gmail.uploads import Incomplete, Uploaded, Uploads
from local.gmail.validation import Value, check_body, check_query

_MEDIA_METHODS = frozenset({"messages.get", "messages.attachments.get"})


class Broken(Exception):
    """The answer must not arrive whole: `kind` is `reset` or `truncate`, `reply` what it would have been."""

    def __init__(self, kind: str, reply: Reply) -> None:
        super().__init__(kind)
        self.kind = kind
        self.reply = reply


@dataclass(frozen=True)
class Parts:
    """What the API is built from."""

    boxes: Mailboxes
    tokens: Tokens
    quota: Quota
    faults: Faults
    handlers: Mapping[str, Handler]
    document: Document


class Api:
    """Answers calls. Safe for several threads."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._routes = Routes(parts.document)
        self._uploads = Uploads()

    def answer(self, exchange: Exchange, *, round_trip: bool = True) -> Reply:
        """The response to one call. Raises Broken where a fault wants the connection to fail."""
        try:
            exchange = exchange.as_meant()
            started_by = self._uploads.http_method(exchange.upload_session)
            match = self._routes.match(started_by or exchange.http_method, exchange.path)
            if match is None:
                raise not_found()
            grant = self._authenticate(exchange, round_trip=round_trip)
            email = grant.email.lower()
            with self._parts.quota.in_flight(email):
                return self._with_faults(exchange, match, grant, email)
        except GoogleError as error:
            return error_reply(error)

    def count_batch(self, exchange: Exchange) -> bool:
        """Counts a batch as one round trip of whoever sent it; False if its head does not say who."""
        try:
            self._authenticate(exchange, round_trip=True)
        except GoogleError:
            # Not the batch is refused but each part that has no better token of its own.
            return False
        return True

    def _authenticate(self, exchange: Exchange, *, round_trip: bool) -> Grant:
        if exchange.bearer is None:
            raise GoogleError(401, "required", unauthenticated().message)
        grant = self._parts.tokens.authenticate(exchange.bearer)
        if round_trip:
            self._parts.quota.round_trip(grant.email.lower())
        return grant

    def _with_faults(self, exchange: Exchange, match: Match, grant: Grant, email: str) -> Reply:
        fault = self._parts.faults.for_call(match.method.name, exchange.path, email)
        if fault is None:
            return self._call(exchange, match, grant, email)
        if fault.kind == "expire_history":
            self._parts.boxes.history.expire(email)
            return self._call(exchange, match, grant, email)
        if fault.kind == "index_lag":
            return self._call(exchange, match, grant, email, lag_s=fault.seconds)
        if fault.kind == "revoke":
            self._parts.tokens.revoke_account(email)
            raise unauthenticated()
        reply = Reply(500)
        if fault.after or fault.kind == "truncate":
            reply = self._guarded(exchange, match, grant, email)
        return self._misbehave(fault, reply)

    def _misbehave(self, fault: Fault, reply: Reply) -> Reply:
        if fault.kind == "status":
            raise fault.error()
        if fault.kind == "timeout":
            self._parts.faults.wait(fault.seconds)
            return (
                reply if fault.after else error_reply(GoogleError(504, "backendError", "Deadline exceeded"))
            )
        raise Broken(fault.kind, reply)

    def _guarded(self, exchange: Exchange, match: Match, grant: Grant, email: str) -> Reply:
        try:
            return self._call(exchange, match, grant, email)
        except GoogleError as error:
            return error_reply(error)

    def _call(self, exchange: Exchange, match: Match, grant: Grant, email: str, lag_s: float = 0.0) -> Reply:
        method = match.method
        if not grant.scopes & method.scopes:
            raise _insufficient(method)
        if match.path_parameters["userId"].lower() not in ("me", email):
            raise GoogleError(403, "forbidden", f"Delegation denied for {email}")
        query = _check_query(method, exchange, upload=match.upload)
        handler = self._parts.handlers.get(method.name)
        if handler is None:
            raise GoogleError(
                501, "notImplemented", f"The method gmail.users.{method.name} is not implemented here."
            )
        mask = self._mask(method, query)
        if not exchange.upload_session:
            self._parts.quota.spend(email, method.name)
        read = self._read_body(exchange, match, query)
        if isinstance(read, Incomplete):
            return _session(exchange, read)
        media = read.media if match.upload else None
        body = read.metadata
        if method.request and (body or not match.upload):
            body = check_body(self._parts.document, method.request, body)
        call = Call(email, grant.scopes, match.path_parameters, query, body, media, lag_s)
        return _reply(handler(self._parts.boxes, call), mask, pretty=query.get("prettyPrint") is not False)

    def _read_body(
        self, exchange: Exchange, match: Match, query: Mapping[str, Value]
    ) -> Uploaded | Incomplete:
        if match.upload:
            protocol = str(query.get("uploadType") or query.get("upload_protocol") or "media")
            return self._uploads.read(protocol, exchange)
        if not match.method.request or not exchange.body:
            return Uploaded({}, b"")
        kind = exchange.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if kind not in ("application/json", "text/json"):
            raise invalid_argument(f"Invalid Content-Type {kind[:100]!r}: send application/json.")
        return Uploaded(read_json(exchange.body), b"")

    def _mask(self, method: Method, query: Mapping[str, Value]) -> fields.Mask:
        if "fields" not in query:
            return {}
        mask = fields.parse(str(query["fields"]))
        if method.response:
            fields.check_names(mask, method.response, self._parts.document["schemas"])
        return mask


def _check_query(method: Method, exchange: Exchange, *, upload: bool) -> dict[str, Value]:
    sent = dict(exchange.query)
    if upload:
        # The upload front end takes these off before the method sees them.
        sent.pop("upload_id", None)
    query = check_query(method, sent)
    if query.get("alt") == "proto" or (query.get("alt") == "media" and method.name not in _MEDIA_METHODS):
        raise invalid_argument(f"alt={query['alt']} is not supported by gmail.users.{method.name}.")
    return query


def _reply(answer: Answer, mask: fields.Mask, *, pretty: bool) -> Reply:
    if answer is None:
        return Reply(204)
    if isinstance(answer, Media):
        return Reply(200, {"Content-Type": answer.mime_type}, answer.content)
    return json_reply(200, fields.apply(mask, answer), pretty=pretty)


def _session(exchange: Exchange, upload: Incomplete) -> Reply:
    if upload.started:
        location = f"{exchange.host_url}{exchange.path}?uploadType=resumable&upload_id={upload.session}"
        return Reply(200, {"Location": location, "X-GUploader-UploadID": upload.session})
    headers = {"Range": f"bytes=0-{upload.received - 1}"} if upload.received else {}
    return Reply(308, headers)


def _insufficient(method: Method) -> GoogleError:
    return GoogleError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": "gmail.googleapis.com", "method": f"gmail.users.{method.name}"},
            }
        ],
    )
