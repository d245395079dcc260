"""An HTTP endpoint that takes pushes and answers as a test wants."""

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any


@dataclass(frozen=True)
class Push:
    """One request as it came: `at` on the monotonic clock, `body` parsed."""

    at: float
    path: str
    content_type: str
    body: Any

    @property
    def data(self) -> bytes:
        return base64.b64decode(self.body["message"].get("data", ""))


class PushEndpoint:
    """Answers each push with what `status(push)` returns, which may block. Use as a context manager."""

    def __init__(self, status: Callable[[Push], int] = lambda _push: 204, port: int = 0) -> None:
        self.pushes: list[Push] = []
        self._status = status
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_port)
        self.url = f"http://127.0.0.1:{self.port}/push"

    def __enter__(self) -> "PushEndpoint":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def count(self, data: bytes) -> int:
        """How often a message with this data was pushed."""
        return sum(push.data == data for push in list(self.pushes))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                push = Push(monotonic(), self.path, self.headers["Content-Type"], body)
                endpoint.pushes.append(push)
                self.send_response(endpoint._status(push))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
