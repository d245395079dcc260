"""The state of every service: printed as it changes, and in a file for the gateway's /healthz."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["starting", "ok", "down"]


@dataclass
class _Row:
    port: int | None
    state: State
    since: float


class Board:
    """Keeps one row for each service. `print_line` gets each line that a person should see."""

    def __init__(self, file: Path, print_line: Callable[[str], None]) -> None:
        self._file = file
        self._print = print_line
        self._rows: dict[str, _Row] = {}
        self._began = time.monotonic()

    def open(self, services: Iterable[tuple[str, int | None]]) -> None:
        """Lists the services (name, port), all starting."""
        self._rows = {name: _Row(port, "starting", time.monotonic()) for name, port in services}
        self._write()

    def set(self, name: str, state: State, why: str = "") -> None:
        """Notes a service's state and prints its line where the state is new."""
        row = self._rows[name]
        if row.state == state:
            return
        lasted = time.monotonic() - row.since
        row.state, row.since = state, time.monotonic()
        self._write()
        self._print(self._line(name, row, f"after {lasted:.1f} s{f': {why}' if why else ''}"))

    def all_ok(self) -> bool:
        """Whether every service is ok."""
        return all(row.state == "ok" for row in self._rows.values())

    def states(self) -> dict[str, State]:
        """The state of each service by name."""
        return {name: row.state for name, row in self._rows.items()}

    def seconds(self) -> float:
        """Seconds since the board was made."""
        return time.monotonic() - self._began

    def _line(self, name: str, row: _Row, note: str) -> str:
        port = f"port {row.port}" if row.port else ""
        return f"{time.strftime('%H:%M:%S')}  {name:<14} {row.state:<9} {port:<11} {note}".rstrip()

    def _write(self) -> None:
        half = self._file.with_suffix(".part")
        half.write_text(json.dumps({"services": self.states()}), encoding="utf-8")
        half.replace(self._file)
