"""Connections that fail on command, for the Gmail API and for the OAuth server."""

import json
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from local.gmail.errors import GoogleError
from local.gmail.faults import Fault, Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FaultyApp:
    """A WSGI application whose paths may be named by faults (`"match": "/token"`)."""

    def __init__(self, app: "WSGIApplication", faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        fault = self._faults.for_path(str(environ.get("PATH_INFO", "/")))
        if fault is None:
            return self._app(environ, start_response)
        response = Response()
        if fault.after or fault.kind == "truncate":
            response = Response.from_app(self._app, environ)
        if fault.kind == "timeout":
            self._faults.wait(fault.seconds)
            if not fault.after:
                response = GoogleError(504, "backendError", "Deadline exceeded").response()
        elif fault.kind == "status":
            response = _refused(fault, str(environ.get("PATH_INFO", "/")))
        elif fault.kind == "narrow":
            response = _narrowed(Response.from_app(self._app, environ), fault.scope)
        else:
            response = broken(fault.kind, response, environ)
        return response(environ, start_response)


def _refused(fault: Fault, path: str) -> Response:
    if path not in ("/token", "/revoke"):
        return fault.error().response()
    return Response(
        json.dumps(fault.oauth_refusal()),
        fault.status,
        {name: value for name, value in fault.error().headers().items() if name != "WWW-Authenticate"},
    )


def _narrowed(response: Response, scope: str) -> Response:
    """The token response of a consent of which only so much is left."""
    answer = json.loads(response.get_data())
    if "scope" in answer:
        response.set_data(json.dumps({**answer, "scope": scope}))
    return response


def broken(kind: str, response: Response, environ: "WSGIEnvironment") -> Response:
    """Half of the response for `truncate`. For `reset` raises ConnectionAbortedError, the connection being gone."""
    connection: socket.socket = environ["werkzeug.socket"]
    if kind == "reset":
        _reset(connection)
        raise ConnectionAbortedError("a reset on command")
    body = response.get_data()
    half = Response(_half(body, connection), response.status, response.headers)
    half.headers["Content-Length"] = str(max(1, len(body)))
    return half


def _reset(connection: socket.socket) -> None:
    # Closing with a linger time of zero sends RST instead of FIN. The server still holds the socket, so a dead
    # one takes its place under the same descriptor: the server reads the end of the stream there and stops.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    dead, other_end = socket.socketpair()
    other_end.close()
    os.dup2(dead.fileno(), connection.fileno())
    dead.close()


def _half(body: bytes, connection: socket.socket) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    connection.shutdown(socket.SHUT_RDWR)
