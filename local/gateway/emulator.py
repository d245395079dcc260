"""Calls the Gmail emulator's control routes."""

import http.client
import json
from http import HTTPStatus

from werkzeug.wrappers import Response

from local.gateway.problem import Problem, unavailable

_TIMEOUT_S = 60.0


class Emulator:
    """The emulator on 127.0.0.1:`port`."""

    def __init__(self, port: int) -> None:
        self._port = port

    def call(self, method: str, name: str, body: object = None) -> Response:
        """The answer of `/_emulator/<name>`; what it refuses becomes a 422 problem. Raises Problem."""
        status, content, content_type = self._exchange(method, name, body)
        if 400 <= status < 500:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", _reason(content))
        if status >= 500:
            raise unavailable(f"The Gmail emulator answered {status}.")
        return Response(content, status, {"Content-Type": content_type, "Cache-Control": "no-store"})

    def pushes(self) -> tuple[list[str], bool]:
        """(Pub/Sub ids of all pushes published since start, whether more are about to be). Raises Problem."""
        status, content, _ = self._exchange("GET", "pushes", None)
        if status != HTTPStatus.OK:
            raise unavailable(f"The Gmail emulator answered {status}.")
        answer = json.loads(content)
        return [str(message_id) for message_id in answer["published"]], bool(answer.get("pending"))

    def _exchange(self, method: str, name: str, body: object) -> tuple[int, bytes, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT_S)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            connection.request(
                method, f"/_emulator/{name}", None if body is None else json.dumps(body), headers
            )
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Content-Type", "application/json")
        except (OSError, http.client.HTTPException):
            raise unavailable("The Gmail emulator does not answer.") from None
        finally:
            connection.close()


def _reason(content: bytes) -> str:
    """The sentence of a refusal, in whatever of the usual shapes it comes."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if isinstance(body, dict):
        error = body.get("error")
        for found in (body.get("detail"), error.get("message") if isinstance(error, dict) else error):
            if isinstance(found, str):
                return found
    return "The Gmail emulator refused this."
