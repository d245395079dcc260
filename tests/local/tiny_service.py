"""A process for the supervisor's tests: answers on a port, and has a child that ignores SIGTERM.

Writes `<name>.pid` and `<name>.child.pid` into the folder it is given.
"""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"


class _Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def main(folder: Path, name: str, port: int) -> None:
    """Serves until it is ended."""
    child = subprocess.Popen([sys.executable, "-S", "-c", _STUBBORN])
    (folder / f"{name}.child.pid").write_text(str(child.pid))
    server = HTTPServer(("127.0.0.1", port), _Healthy)
    # Whole or not at all: the tests read it at any moment.
    unfinished = folder / f"{name}.pid.new"
    unfinished.write_text(str(os.getpid()))
    unfinished.replace(folder / f"{name}.pid")
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
