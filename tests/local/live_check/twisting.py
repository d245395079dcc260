"""An emulator whose answers a test twists on their way: what a Gmail would do that is not as we believe."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.wrappers import Response

from local import serve
from local.live_check.practice import Place

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Twist = Callable[[dict[str, Any]], int | None]
"""Changes an answer in its place; the status that it has then, where it is another."""


class Twisted:
    """Gives every JSON answer of a path that matches to `twist`; drops the query's parameter `drop`."""

    def __init__(self, app: "WSGIApplication", path: str, twist: Twist | None, drop: str = "") -> None:
        self._app, self._path, self._twist, self._drop = app, re.compile(path), twist, drop

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not self._path.search(environ["PATH_INFO"]):
            return self._app(environ, start_response)
        environ["QUERY_STRING"] = self._without(environ.get("QUERY_STRING", ""))
        if environ.get("CONTENT_TYPE") == "application/x-www-form-urlencoded":
            # Google's client sends a long query so.
            form = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
            kept = self._without(form).encode()
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(kept), str(len(kept))
        answer = Response.from_app(self._app, environ)
        if self._twist is not None and answer.mimetype == "application/json" and answer.get_data():
            content = json.loads(answer.get_data())
            answer.status_code = self._twist(content) or answer.status_code
            answer.set_data(json.dumps(content))
        return answer(environ, start_response)

    def _without(self, query: str) -> str:
        return urlencode([pair for pair in parse_qsl(query) if pair[0] != self._drop])


@contextmanager
def twisted(place: Place, path: str, twist: Twist | None, drop: str = "") -> Iterator[str]:
    """The same emulator behind another port, where its answers are twisted; the root URL there."""
    server = serve.make(Twisted(place.emulator.app, path, twist, drop), 0)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def every_part(message: dict[str, Any]) -> list[dict[str, Any]]:
    """All parts of a message's payload, if it has one."""
    found, waiting = [], [message.get("payload", {})]
    while waiting:
        found.append(part := waiting.pop())
        waiting += part.get("parts", [])
    return found
