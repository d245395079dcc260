"""A clock for tests: each look at it is one second later."""

from datetime import UTC, datetime, timedelta


class TickingClock:
    """Starts on 24 November 2026, noon UTC."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The next second."""
        self._now += timedelta(seconds=1)
        return self._now
