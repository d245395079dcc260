"""Serves one WSGI application on a local port: threaded, keep-alive, ended by SIGTERM within a second."""

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from local.stop_signal import StopSignal

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
    stop = StopSignal()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    stop.wait()
    server.shutdown()
    if on_stop is not None:
        on_stop()
