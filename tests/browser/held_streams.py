"""A server of event streams that stay open, silent or not, as a test wants: Playwright's own answers end at once."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from typing import Self


class _Stream(BaseHTTPRequestHandler):
    server: "HeldStreams"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with self.server.lock:
            self.server.streams.append(self)
        # Nothing more comes in but the end.
        select([self.connection], [], [])
        with self.server.lock:
            self.server.streams.remove(self)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class HeldStreams(ThreadingHTTPServer):
    """Runs within `with`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stream)
        self.lock = threading.Lock()
        self.streams: list[_Stream] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def open(self) -> int:
        """The streams whose readers have not gone."""
        with self.lock:
            return len(self.streams)

    def say(self, text: str) -> None:
        """Sends this to every reader."""
        with self.lock:
            for stream in self.streams:
                stream.wfile.write(text.encode())
