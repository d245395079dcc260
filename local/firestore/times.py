"""Points in time: whole microseconds since 1970 inside the server, Timestamp messages on the wire."""

import time

from local.firestore.messages import Timestamp


def to_timestamp(micros: int) -> Timestamp:
    """The Timestamp of `micros`."""
    return Timestamp(seconds=micros // 1_000_000, nanos=micros % 1_000_000 * 1000)


def to_micros(timestamp: Timestamp) -> int:
    """Microseconds of `timestamp`; finer parts are cut off, as Firestore stores none."""
    return timestamp.seconds * 1_000_000 + timestamp.nanos // 1000


class CommitClock:
    """Gives each commit a time of its own, later than all before, even if the machine's clock steps back."""

    def __init__(self) -> None:
        self._last = 0

    def tick(self) -> int:
        """The time of a new commit."""
        self._last = max(time.time_ns() // 1000, self._last + 1)
        return self._last

    def present(self) -> int:
        """A time that sees every commit so far and none of those to come."""
        return self.tick()

    def catch_up(self, micros: int) -> None:
        """Never give a time at or before `micros` again."""
        self._last = max(self._last, micros)
