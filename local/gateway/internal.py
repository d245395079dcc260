"""The internal port: adds the OIDC token to pushes and schedules, and passes them to the private functions."""

import http.client
import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.gateway.config import GatewayConfig
from local.gateway.deliveries import Deliveries
from local.gateway.problem import Problem, to_json, to_response, unavailable, wrong_method
from local.gateway.signer import Signer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Pub/Sub's longest acknowledgement deadline, which is the push's time-out, and a little for the way.
_TIMEOUT_S = 620.0
_MAX_BODY = 16 * 1024 * 1024


class InternalFront:
    """WSGI application: `POST /<entry point>` and `GET /jwks.json`."""

    def __init__(self, config: GatewayConfig, signer: Signer, deliveries: Deliveries) -> None:
        self._config = config
        self._signer = signer
        self._deliveries = deliveries

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            response = self._answer(Request(environ))
        except Problem as problem:
            response = to_response(problem)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == "/jwks.json":
            return to_json(self._signer.jwks())
        entry_point = request.path.removeprefix("/")
        port = self._config.entry_points.get(entry_point)
        if port is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", "There is no such entry point.")
        if request.method != "POST":
            raise wrong_method(["POST"])
        if (request.content_length or 0) > _MAX_BODY:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", "The body is too large.")
        body = request.get_data()
        message_id = _message_id(body)
        try:
            response = self._call(entry_point, port, body, request)
        except Problem:
            self._record(entry_point, message_id, None)
            raise
        self._record(entry_point, message_id, response)
        return response

    def _call(self, entry_point: str, port: int, body: bytes, request: Request) -> Response:
        headers = {
            "Authorization": f"Bearer {self._signer.token_for(entry_point)}",
            "Content-Type": request.headers.get("Content-Type", "application/json"),
            "User-Agent": request.headers.get("User-Agent", "local-gateway"),
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            content_type = answer.getheader("Content-Type", "application/json")
            return Response(answer.read(), answer.status, {"Content-Type": content_type})
        except (OSError, http.client.HTTPException):
            raise unavailable(f"{entry_point} does not answer.") from None
        finally:
            connection.close()

    def _record(self, entry_point: str, message_id: str | None, response: Response | None) -> None:
        if message_id is None:
            return
        acknowledged = response is not None and 200 <= response.status_code < 300
        answer = _json_or_none(response.get_data()) if response is not None else None
        self._deliveries.record(entry_point, message_id, acknowledged, answer)


def _message_id(body: bytes) -> str | None:
    """The Pub/Sub message id of a push (`{"message": {"messageId": …}}`), None for anything else."""
    push = _json_or_none(body)
    message = push.get("message") if isinstance(push, dict) else None
    found = message.get("messageId") if isinstance(message, dict) else None
    return found if isinstance(found, str) else None


def _json_or_none(body: bytes) -> object:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found
