"""The time: the machine's, or on a one-machine stack the machine's plus a shared offset."""

import time
from datetime import UTC, datetime
from pathlib import Path


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's time plus the seconds that a file holds; a missing file means none. Never deployed."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """This moment of the local stack, UTC."""
        try:
            offset_s = float(self._file.read_text(encoding="ascii"))
        except FileNotFoundError:
            offset_s = 0.0
        return datetime.fromtimestamp(time.time() + offset_s, tz=UTC)
