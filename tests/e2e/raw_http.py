"""HTTP/1.1 as an attacker writes it: a header's bytes go out as they are, over one connection for many calls."""

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 60.0
_SPLITS = b"\r\n"
"""What ends a header's line: where a value holds it, the server may read the rest as something else."""


@dataclass(frozen=True)
class RawAnswer:
    """One answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)


class RawConnection:
    """Not safe under threads: each has its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def call(self, method: str, path: str, authorization: bytes, body: bytes = b"") -> RawAnswer:
        """One call with this Authorization header, whatever it holds."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), TIMEOUT_S)
        splits = any(byte in _SPLITS for byte in authorization)
        self._socket.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nAuthorization: ".encode()
            + authorization
            + b"\r\n\r\n"
            + body
        )
        answer = http.client.HTTPResponse(self._socket, method=method)
        answer.begin()
        content = answer.read()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if splits or answer.will_close:
            self.close()
        return RawAnswer(answer.status, headers, content)

    def close(self) -> None:
        """Ends the connection; the next call makes a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
