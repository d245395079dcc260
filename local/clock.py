"""The clock of the local stack: the machine's time plus an offset in a file, so that all processes agree."""

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path


class LocalClock:
    """Reads and moves the shared offset. Times are aware datetimes in UTC, offsets seconds."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def offset_s(self) -> float:
        """Seconds to add to the machine's time; 0.0 where the file is missing or unset."""
        if self._file is None:
            return 0.0
        try:
            return float(self._file.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0.0

    def now(self) -> datetime:
        """The present moment of the stack, UTC."""
        return datetime.fromtimestamp(time.time() + self.offset_s(), tz=UTC)

    def set(self, now: datetime) -> None:
        """Makes `now` the present moment for every process. Raises ValueError for a naive datetime."""
        if now.tzinfo is None:
            raise ValueError("the clock needs a time with a zone")
        self._write(now.timestamp() - time.time())

    def advance(self, seconds: float) -> None:
        """Moves the present moment forward (or, if negative, back)."""
        self._write(self.offset_s() + seconds)

    def _write(self, offset_s: float) -> None:
        if self._file is None:
            raise ValueError("this clock has no file to write to")
        # Replaced, never rewritten: a reader sees the old offset or the new one, not half of one.
        handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".clock-")
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(repr(offset_s))
        Path(name).replace(self._file)
