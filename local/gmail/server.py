"""The Gmail API as a WSGI application."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.gmail.api import Api, Broken
from local.gmail.batch import PATHS, answer_batch
from local.gmail.errors import GoogleError
from local.gmail.exchange import Exchange, Reply, error_reply, read_target
from local.gmail.faulty import broken

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# The discovery document allows 150 MB of mail; base64 and JSON add a third.
MAX_BODY = 220 * 1024 * 1024


class GmailServer:
    """Turns WSGI requests into calls, and broken replies into broken connections."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            reply = self._answer(environ)
        except Broken as failed:
            return broken(failed.kind, _response(failed.reply), environ)(environ, start_response)
        return _response(reply)(environ, start_response)

    def _answer(self, environ: "WSGIEnvironment") -> Reply:
        try:
            exchange = _read(environ)
            if exchange.path in PATHS:
                uncounted = iter([not self._api.count_batch(exchange)])
                return answer_batch(
                    exchange, lambda part: self._api.answer(part, round_trip=next(uncounted, False))
                )
            return self._api.answer(exchange)
        except GoogleError as error:
            return error_reply(error)


def _read(environ: "WSGIEnvironment") -> Exchange:
    request = Request(environ)
    request.max_content_length = MAX_BODY
    if (request.content_length or 0) > MAX_BODY:
        raise GoogleError(413, "uploadTooLarge", "Request payload size exceeds the limit.")
    _, query = read_target("?" + request.query_string.decode("ascii", errors="replace"))
    return Exchange(
        http_method=request.method,
        path=request.path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(),
        host_url=request.host_url.rstrip("/"),
    )


def _response(reply: Reply) -> Response:
    response = Response(reply.body, status=reply.status_line, headers=dict(reply.headers))
    if reply.status == 204 or "Content-Type" not in reply.headers:
        response.headers.pop("Content-Type", None)
    return response
