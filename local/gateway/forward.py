"""Passes one request on to a process of the stack and its answer back, both as they come."""

import contextlib
import http.client
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, TYPE_CHECKING

from werkzeug.wrappers import Request

from local.gateway.problem import Problem, to_response, unavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY = 35 * 1024 * 1024
_CHUNK = 64 * 1024
# RFC 9110 section 7.6.1, and the fields that RFC 2616 named; each is for one connection only.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# The gateway's own server writes both (RFC 9110 sections 6.6.1 and 10.2.4); a second one is not allowed.
_OF_THE_SERVER = frozenset({"date", "server"})


@dataclass(frozen=True)
class Forward:
    """A WSGI application for one request: `target` (path and query) on 127.0.0.1:`port`.

    `headers` are set over the caller's own. `timeout_s` bounds each wait for bytes, not the whole answer,
    so that a stream of events may go on.
    """

    name: str
    port: int
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 310.0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout_s)
        try:
            answer = self._exchange(connection, request)
        except Problem as problem:
            connection.close()
            return to_response(problem)(environ, start_response)
        kept = [one for one in _end_to_end(answer.getheaders()) if one[0].lower() not in _OF_THE_SERVER]
        start_response(f"{answer.status} {answer.reason or 'Unknown'}", kept)
        return _Body(connection, answer, environ.get("werkzeug.socket"))

    def _exchange(self, connection: http.client.HTTPConnection, request: Request) -> http.client.HTTPResponse:
        body = _body_of(request)
        headers = self._headers_for(request)
        try:
            connection.connect()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # Who refuses a body early may answer and close while it is still being sent.
                connection.request(
                    request.method, self.target, body, headers, encode_chunked="Transfer-Encoding" in headers
                )
            return connection.getresponse()
        except TimeoutError:
            raise Problem(
                HTTPStatus.GATEWAY_TIMEOUT, "upstream_late", f"{self.name} did not answer in time.", "retry"
            ) from None
        except ConnectionRefusedError:
            raise unavailable(f"{self.name} is not running.") from None
        except (OSError, http.client.HTTPException):
            raise Problem(
                HTTPStatus.BAD_GATEWAY, "upstream_failed", f"{self.name} broke off its answer.", "retry"
            ) from None

    def _headers_for(self, request: Request) -> dict[str, str]:
        headers = dict(_end_to_end(list(request.headers.items())))
        known = request.headers.get("X-Forwarded-For")
        caller = request.remote_addr or "127.0.0.1"
        headers["X-Forwarded-For"] = f"{known}, {caller}" if known else caller
        headers["X-Forwarded-Proto"] = request.scheme
        if _is_chunked(request):
            headers["Transfer-Encoding"] = "chunked"
        set_over = {name.lower() for name in self.headers}
        return {**{k: v for k, v in headers.items() if k.lower() not in set_over}, **self.headers}


def target_of(request: Request) -> str:
    """The path and query exactly as the caller wrote them, with every escape in place."""
    raw = str(request.environ.get("REQUEST_URI", "/"))
    return raw if raw.startswith("/") else "/" + raw.partition("://")[2].partition("/")[2]


def _body_of(request: Request) -> "IO[bytes] | _Limited | None":
    if (request.content_length or 0) > MAX_BODY:
        raise _too_large()
    if _is_chunked(request):
        return _Limited(request.environ["wsgi.input"])
    return request.stream if request.content_length else None


def _is_chunked(request: Request) -> bool:
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower()


def _too_large() -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", f"A body may have {MAX_BODY} bytes at most."
    )


def _end_to_end(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields that are for the other end, not for this connection."""
    named = {
        word.strip().lower()
        for name, value in headers
        if name.lower() == "connection"
        for word in value.split(",")
    }
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named]


class _Limited:
    """Reads a body of unknown length and ends the request when it grows over the limit."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = MAX_BODY

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(min(size, _CHUNK) if size > 0 else _CHUNK)
        self._left -= len(part)
        if self._left < 0:
            raise _too_large()
        return part


class _Body:
    """The answer's bytes, each as soon as it is there."""

    def __init__(
        self,
        connection: http.client.HTTPConnection,
        answer: http.client.HTTPResponse,
        caller: socket.socket | None,
    ) -> None:
        self._connection = connection
        self._answer = answer
        self._caller = caller

    def __iter__(self) -> Iterator[bytes]:
        try:
            while part := self._answer.read1(_CHUNK):
                yield part
            if self._answer.length:
                raise http.client.IncompleteRead(b"")
        except (OSError, http.client.HTTPException):
            # The status is sent: only a broken connection still tells the caller that this is not all.
            if self._caller is not None:
                with contextlib.suppress(OSError):
                    self._caller.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Called by the server at the end, also when the caller has gone: the other side learns of it."""
        self._answer.close()
        self._connection.close()
