"""How the supervisor sees that a process answers. Every probe is local, so it fails fast."""

import asyncio
import contextlib

from local.supervisor.service import Probe

_TIMEOUT_S = 5.0
_MOMENT_S = 0.5


def answers_http(
    port: int, path: str, statuses: range = range(200, 201), timeout_s: float = _TIMEOUT_S
) -> Probe:
    """A GET of `path` on 127.0.0.1:`port` answers with one of `statuses`."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode("ascii")

    async def probe() -> bool:
        words = (await _first_line(port, request, timeout_s)).split()
        return len(words) > 1 and words[1].isdigit() and int(words[1]) in statuses

    return probe


def accepts(port: int) -> Probe:
    """127.0.0.1:`port` takes connections."""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
        except (OSError, TimeoutError):
            return False
        await _close(writer)
        return True

    return probe


def runs() -> Probe:
    """Nothing to ask: the process counts as ok when it has not ended for a moment."""

    async def probe() -> bool:
        await asyncio.sleep(_MOMENT_S)
        return True

    return probe


async def _first_line(port: int, request: bytes, timeout_s: float) -> bytes:
    """The first line of the answer; empty where there is none in time."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                return await reader.readline()
            finally:
                await _close(writer)
    except (OSError, TimeoutError, ValueError):
        return b""


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
