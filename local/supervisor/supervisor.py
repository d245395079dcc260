"""Runs services until it is told to stop: starts all at once, watches, restarts with backoff, ends all."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.supervisor import reaper
from local.supervisor.board import Board
from local.supervisor.service import Service

_FIRST_PROBE_EVERY_S = 0.1
_PROBE_EVERY_S = 1.0
_BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_STEADY_AFTER_S = 60.0
_TRIES_TO_START = 3
_MISUSE = 2


@dataclass(frozen=True)
class Patience:
    """Seconds of silence until a service is shown as down, and until its process is replaced.

    A loaded machine answers late: short silence is no news, and only a long one is worth a restart. The start of all
    services at once takes two busy processors a minute.
    """

    down_after_s: float = 5.0
    replace_after_s: float = 180.0


class GaveUp(Exception):
    """A service could not be started at all; `str` is a sentence with the last line of its log."""


class Supervisor:
    """Owns the processes of `services`; their output goes to `logs`/<name>.log."""

    def __init__(
        self, services: Sequence[Service], board: Board, logs: Path, patience: Patience = Patience()
    ) -> None:
        self._services = services
        self._board = board
        self._logs = logs
        self._patience = patience
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._reaper: asyncio.subprocess.Process | None = None
        self._once_ok: set[str] = set()

    async def run(self, on_ready: Callable[[], None], stop: asyncio.Event) -> None:
        """Runs until `stop` is set; calls `on_ready` once, when all services are ok. Raises GaveUp."""
        self._board.open((service.name, service.port) for service in self._services)
        await self._start_reaper()
        keepers = [asyncio.create_task(self._keep(service)) for service in self._services]
        telling = asyncio.create_task(self._tell_ready(on_ready))
        stopping = asyncio.create_task(_wait_for(stop))
        try:
            # A keeper ends only by failing.
            await _raise_first([*keepers, stopping])
        finally:
            await _cancel([*keepers, telling, stopping])
            await self._end_all()

    async def _keep(self, service: Service) -> None:
        while not self._once_ok.issuperset(service.after):
            await asyncio.sleep(_FIRST_PROBE_EVERY_S)
        crashes = 0
        while True:
            began = time.monotonic()
            code = await self._run_once(service)
            crashes = 1 if time.monotonic() - began > _STEADY_AFTER_S else crashes + 1
            why = self._last_line(service)
            self._board.set(service.name, "down", f"ended with {code}; {why}")
            if service.name not in self._once_ok and (code == _MISUSE or crashes >= _TRIES_TO_START):
                raise GaveUp(f"{service.name} could not start: {why} (its log: {self._log(service)})")
            await asyncio.sleep(_BACKOFF_S[min(crashes, len(_BACKOFF_S)) - 1])
            self._board.set(service.name, "starting")

    async def _run_once(self, service: Service) -> int:
        """Starts the process, watches it, returns its exit code."""
        process = await self._start(service)
        ended = asyncio.create_task(_wait_for(process))
        watching = asyncio.create_task(self._watch(service))
        try:
            await _raise_first([ended, watching])
        finally:
            await _cancel([ended, watching])
        self._forget(service)
        return await process.wait()

    async def _start(self, service: Service) -> asyncio.subprocess.Process:
        process = await self._spawn(service, service.command)
        self._running[service.name] = process
        self._tell_reaper(f"+{process.pid}\n")
        return process

    async def _spawn(self, service: Service, command: Sequence[str]) -> asyncio.subprocess.Process:
        with self._log(service).open("ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which ends the rest.
            return await asyncio.create_subprocess_exec(
                *command,
                env=dict(service.environment),
                cwd=service.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _watch(self, service: Service) -> None:
        """Keeps the board true, and ends a process that cannot be prepared or answers nobody."""
        group = self._running[service.name].pid
        prepared = await self._prepare(service)
        answered = time.monotonic()
        while prepared and time.monotonic() - answered < self._patience.replace_after_s:
            if await service.probe():
                answered = time.monotonic()
                self._once_ok.add(service.name)
                self._board.set(service.name, "ok")
            elif self._is_ok(service) and time.monotonic() - answered > self._patience.down_after_s:
                self._board.set(service.name, "down", "does not answer")
            await asyncio.sleep(_PROBE_EVERY_S if self._is_ok(service) else _FIRST_PROBE_EVERY_S)
        reaper.signal_group(group, signal.SIGKILL)
        await asyncio.Event().wait()

    def _is_ok(self, service: Service) -> bool:
        return self._board.states()[service.name] == "ok"

    async def _prepare(self, service: Service) -> bool:
        if service.prepare is None:
            return True
        process = await self._spawn(service, service.prepare)
        self._tell_reaper(f"+{process.pid}\n")
        try:
            return await process.wait() == 0
        finally:
            reaper.signal_group(process.pid, signal.SIGKILL)
            self._tell_reaper(f"-{process.pid}\n")

    async def _tell_ready(self, on_ready: Callable[[], None]) -> None:
        while not self._board.all_ok():
            await asyncio.sleep(_FIRST_PROBE_EVERY_S)
        on_ready()

    def _forget(self, service: Service) -> None:
        process = self._running.pop(service.name)
        # The leader is gone; a worker that outlived it would hold the port.
        reaper.signal_group(process.pid, signal.SIGKILL)
        self._tell_reaper(f"-{process.pid}\n")

    async def _end_all(self) -> None:
        await asyncio.gather(*(self._end(service) for service in self._services))
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.close()
            await self._reaper.wait()

    async def _end(self, service: Service) -> None:
        process = self._running.get(service.name)
        if process is None:
            return
        reaper.signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), service.grace_s)
        self._forget(service)
        await process.wait()

    async def _start_reaper(self) -> None:
        self._reaper = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            reaper.__file__,
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
        )

    def _tell_reaper(self, line: str) -> None:
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.write(line.encode("ascii"))

    def _log(self, service: Service) -> Path:
        return self._logs / f"{service.name}.log"

    def _last_line(self, service: Service) -> str:
        lines = self._log(service).read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "its log is empty")


async def _wait_for(what: "asyncio.Event | asyncio.subprocess.Process") -> None:
    await what.wait()


async def _raise_first(tasks: Sequence["asyncio.Task[None]"]) -> None:
    """Waits for the first task to end and raises what it raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def _cancel(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
