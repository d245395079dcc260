"""Serves one WSGI application on a local port: threaded, keep-alive, ended by SIGTERM within a second."""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Handler(WSGIRequestHandler):
    # HTTP/1.1 gives keep-alive; the access log is off because paths may carry search words of a mailbox.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            sys.stderr.write(f"{self.server.server_port}: {message % args if args else message}\n")


def make(app: "WSGIApplication", port: int, host: str = "127.0.0.1") -> BaseWSGIServer:
    """A bound server that is not serving yet; `server.server_port` tells the port (0 picks a free one)."""
    server = make_server(host, port, app, threaded=True, request_handler=_Handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server


def serve(
    app: "WSGIApplication", port: int, host: str = "127.0.0.1", on_stop: Callable[[], None] | None = None
) -> None:
    """Serves until SIGTERM or SIGINT, then calls `on_stop` and returns."""
    server = make(app, port, host)
    stopping = threading.Event()

    def stop(_signum: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            # shutdown() waits for serve_forever(), which runs in this very thread.
            threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.1)
    if on_stop is not None:
        on_stop()
