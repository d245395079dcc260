"""The HTTP edge: a table of routes, the caller's token, limits, CORS, and errors as problem JSON (RFC 9457).

A view is `view(request, services) -> Answer`, at most five lines: parse, one use case, return.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import werkzeug.exceptions
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.datastructures import Headers
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response

from shared import errors
from shared.deadline import deadline
from shared.domain.caller import Caller
from shared.log import Log, where
from shared.tracing import entering

SMALL_BODY = 64 * 1024
"""Bytes a JSON body may have on most routes."""
LARGE_BODY = 35 * 1024 * 1024
"""Bytes a JSON body may have where mail is sent or drafted."""
_PIECE = 64 * 1024
_reads_large = threading.Lock()

ANSWER_WITHIN_S = 28.0
"""Seconds after which a view waits for nobody any more; no call takes more than 30 (contract, section 4)."""

_STATUS: Sequence[tuple[type[errors.AppError], int, str]] = (
    (errors.TooLarge, 413, "Body too large"),
    (errors.MethodNotAllowed, 405, "Method not allowed"),
    (errors.BadInput, 422, "Request not understood"),
    (errors.NotAuthenticated, 401, "Not authenticated"),
    (errors.NotAllowed, 403, "Not allowed"),
    (errors.NotFound, 404, "Not found"),
    (errors.Stale, 412, "Changed meanwhile"),
    (errors.Conflict, 409, "Not possible now"),
    (errors.GrantLost, 409, "Google's consent is gone"),
    (errors.Throttled, 429, "Too many requests"),
    (errors.TryAgain, 503, "Busy"),
    (errors.LabelGone, 503, "Changed in Gmail meanwhile"),
    (errors.UpstreamDown, 503, "A service did not answer"),
    (errors.Misconfigured, 500, "Not set up correctly"),
)

S = TypeVar("S")
B = TypeVar("B", bound=BaseModel)


class Body(BaseModel):
    """A JSON body: unknown fields are refused, values are not coerced, instances do not change.

    `may_be_absent` names the bodies that say nothing where they are left out.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    may_be_absent: ClassVar[bool] = False


class NoBody(Body):
    """`{}`, or nothing at all."""

    may_be_absent = True


@dataclass(frozen=True)
class Request:
    """What a view sees. `caller` is anonymous only on routes without permission."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Headers
    cookies: Mapping[str, str]
    body: bytearray
    repeated: bool = False
    _caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """The CRM user whose token came with the request. Raises NotAuthenticated on a public route."""
        if self._caller is None:
            raise errors.NotAuthenticated("This call needs a CRM token.")
        return self._caller

    def json(self, model: type[B]) -> B:
        """The body as `model`; `body` is empty afterwards, for it may have 35 MB.

        Raises BadInput with the fields at fault, never with their values.
        """
        if not self.body and not (issubclass(model, Body) and model.may_be_absent):
            raise errors.BadInput("This call needs a JSON body.", code="invalid_json")
        # The JSON of a large mail is in memory three times while it is read: one at a time.
        with _reads_large if len(self.body) > SMALL_BODY else nullcontext():
            document = _read_json(self.body)
            self.body.clear()
        return parse_fields(model, document)

    def parameters(self, model: type[B]) -> B:
        """The query string as `model`; texts become numbers and truth values where the model says so."""
        if self.repeated:
            raise errors.BadInput("A parameter may stand once in the query.", code="invalid_fields")
        return parse_fields(model, dict(self.query), strict=False)


def _read_json(body: bytearray) -> object:
    try:
        document = json.loads(body or b"{}")
        if b"\\u" in body:
            # Half of a surrogate pair is JSON, but no text that anything else here could store or send.
            _encode_texts(document)
    except (ValueError, RecursionError):
        raise errors.BadInput("The body is not valid JSON.", code="invalid_json") from None
    return document


def _encode_texts(document: object) -> None:
    """Raises ValueError for a text that has no UTF-8. Plain ASCII, as attachments are, costs nothing."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            value.isascii() or value.encode()
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def parse_fields(model: type[B], document: object, *, strict: bool | None = None) -> B:
    """Validates `document` as `model`. Raises BadInput naming each field at fault, not its value."""
    try:
        return model.model_validate(document, strict=strict)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=False)
        told = "; ".join(
            f"{'.'.join(str(part) for part in e['loc']) or 'body'}: {e['msg']}" for e in first[:5]
        )
        raise errors.BadInput(f"The request has fields at fault: {told}.", code="invalid_fields") from None


@dataclass(frozen=True)
class Answer:
    """What a view gives back: `data` becomes JSON, `content` goes out as it is (bytes or a stream)."""

    data: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Iterable[bytes] | None = None
    content_type: str = "application/json"


View = Callable[[Request, S], Answer]


@dataclass(frozen=True)
class Route(Generic[S]):
    """One row of a function's table. `permission` None means a public page, reached without a token."""

    method: str
    path: str
    view: View[S]
    permission: str | None = "mail_integration"
    body_limit: int = SMALL_BODY


class Authenticate(Protocol):
    """Tells who calls. Raises NotAuthenticated, or UpstreamDown when the keys cannot be had."""

    def __call__(self, authorization: str | None) -> Caller: ...


class Origins(Protocol):
    """Which web origins may call, and read what is answered."""

    def allows(self, origin: str, org: str | None) -> bool:
        """Whether a page of this origin may read an answer to this organisation (None: nobody is known to call)."""
        ...

    def may_ask(self, origin: str) -> bool:
        """Whether such a page may read what says nothing of anybody: a preflight, or that a token is no good."""
        ...


@cache
def _map(rows: tuple[tuple[str, str], ...]) -> Map:
    """The same for each App of one table: compiling its rules is most of what making an App costs."""
    rules = [Rule(path, methods=[method], endpoint=str(i)) for i, (method, path) in enumerate(rows)]
    return Map(rules, strict_slashes=False)


class App(Generic[S]):
    """One function's HTTP surface."""

    def __init__(
        self, routes: Sequence[Route[S]], services: S, authenticate: Authenticate, origins: Origins, log: Log
    ) -> None:
        self._routes = routes
        self._services = services
        self._authenticate = authenticate
        self._origins = origins
        self._log = log
        self._map = _map(tuple((row.method, row.path) for row in routes))

    def handle(self, wsgi: WsgiRequest) -> Response:
        """Answers one request; nothing it raises leaves it."""
        started = time.monotonic()
        with entering("request", wsgi.headers) as entered:
            name, response = self._answer(wsgi, entered.id)
            entered.span.note(route=name, status=response.status_code)
            self._log.event(
                "request",
                route=name,
                status=response.status_code,
                duration_ms=round((time.monotonic() - started) * 1000),
            )
        return response

    def _answer(self, wsgi: WsgiRequest, request_id: str) -> tuple[str, Response]:
        """The route's name, empty where there is none, and the answer."""
        org: str | None = None
        name = ""
        try:
            if wsgi.method == "OPTIONS" and "Access-Control-Request-Method" in wsgi.headers:
                response = Response(status=204)
            else:
                route, path = self._match(wsgi)
                name = f"{route.method} {route.path}"
                caller = self._admit(route, wsgi)
                org = caller.org if caller else None
                request = _request(wsgi, path, caller, route.body_limit)
                with deadline(ANSWER_WITHIN_S):
                    response = _respond(route.view(request, self._services))
        except errors.AppError as error:
            response = problem(error, request_id)
        except (
            Exception
        ) as error:  # the last edge: a defect is answered without its words and logged by place
            self._log.event(
                "request.defect", "ERROR", route=name, error_class=type(error).__name__, where=where(error)
            )
            response = problem(errors.AppError("Something went wrong on our side."), request_id)
        self._finish(wsgi, response, org, request_id)
        return name, response

    def _match(self, wsgi: WsgiRequest) -> tuple[Route[S], dict[str, str]]:
        # A HEAD asks what a GET would: werkzeug adds HEAD to every GET rule.
        adapter = self._map.bind("localhost")
        try:
            endpoint, values = adapter.match(wsgi.path, method=wsgi.method)
        except werkzeug.exceptions.MethodNotAllowed as fault:
            allowed = tuple(sorted(fault.valid_methods or ()))
            raise errors.MethodNotAllowed(f"This path takes {', '.join(allowed)}.", allowed=allowed) from None
        except werkzeug.exceptions.HTTPException:
            raise errors.NotFound("There is nothing at this path.") from None
        return self._routes[int(endpoint)], dict(values)

    def _admit(self, route: Route[S], wsgi: WsgiRequest) -> Caller | None:
        if route.permission is None:
            return None
        caller = self._authenticate(wsgi.headers.get("Authorization"))
        if route.permission not in caller.permissions:
            raise errors.NotAllowed(
                f"Your CRM profile lacks the permission {route.permission}; an administrator can grant it.",
                code="permission_missing",
            )
        return caller

    def _finish(self, wsgi: WsgiRequest, response: Response, org: str | None, request_id: str) -> None:
        response.headers["X-Request-Id"] = request_id
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        origin = wsgi.headers.get("Origin")
        if origin is None:
            return
        response.headers.add("Vary", "Origin")
        is_preflight = wsgi.method == "OPTIONS"
        # A 401 says nothing of anybody, and whose organisation names the page nobody knows yet: the page is to learn
        # that its token is over. No cookie admits anybody, so a foreign page reads what it could ask for itself.
        is_open = is_preflight or "WWW-Authenticate" in response.headers
        if self._origins.may_ask(origin) if is_open else self._allows(origin, org):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "ETag, X-Request-Id, Retry-After"
            if is_preflight:
                response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
                response.headers["Access-Control-Allow-Headers"] = (
                    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID"
                )
                response.headers["Access-Control-Max-Age"] = "600"

    def _allows(self, origin: str, org: str | None) -> bool:
        try:
            return self._origins.allows(origin, org)
        except errors.AppError as error:
            # What the view did is done, a mail it sent is sent: the answer stays, for no page to read.
            self._log.event("origin.not_known", "WARNING", code=error.code)
            return False


def _request(wsgi: WsgiRequest, path: dict[str, str], caller: Caller | None, limit: int) -> Request:
    if (wsgi.content_length or 0) > limit:
        raise errors.TooLarge(f"The body may have {limit} bytes.")
    body = bytearray()
    # Piece by piece: asked for all at once, the server's own buffers would hold it twice more.
    while len(body) <= limit and (piece := wsgi.stream.read(_PIECE)):
        body += piece
    if len(body) > limit:
        raise errors.TooLarge(f"The body may have {limit} bytes.")
    return Request(
        method=wsgi.method,
        path=path,
        query=wsgi.args.to_dict(),
        headers=wsgi.headers,
        cookies=wsgi.cookies,
        body=body,
        repeated=any(len(values) > 1 for _, values in wsgi.args.lists()),
        _caller=caller,
    )


def _respond(answer: Answer) -> Response:
    content: Any = answer.content
    if content is None:
        content = b"" if answer.data is None else json.dumps(answer.data, ensure_ascii=False).encode()
    response = Response(
        content, status=answer.status, headers=dict(answer.headers), content_type=answer.content_type
    )
    if answer.status in (204, 304):
        del response.headers["Content-Type"]
    return response


def status_of(error: errors.AppError) -> int:
    """The HTTP status that this error is answered with."""
    return _status_and_title(error)[0]


def _status_and_title(error: errors.AppError) -> tuple[int, str]:
    found = ((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
    return next(found, (500, "Internal error"))


def problem(error: errors.AppError, request_id: str) -> Response:
    """The error as application/problem+json: says what happened and who must act, nothing else."""
    status, title = _status_and_title(error)
    document: dict[str, object] = {
        "type": f"urn:crm-gmail:problem:{error.code}",
        "title": title,
        "status": status,
        "detail": error.detail,
        "code": error.code,
        "act": error.act,
        "request_id": request_id,
    }
    response = Response(status=status, content_type="application/problem+json")
    if isinstance(error, errors.Throttled):
        document["retry_after_s"] = error.retry_after_s
        response.headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    if isinstance(error, errors.MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, errors.NotAuthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    response.set_data(json.dumps(document, ensure_ascii=False))
    return response
