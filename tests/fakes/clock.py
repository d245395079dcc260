"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fakes.proxy_fakes import NOON


@dataclass
class FakeClock:
    """Begins at noon UTC of 24 November 2026."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def advance(self, **duration: float) -> None:
        """Goes on by `timedelta(**duration)`."""
        self.time += timedelta(**duration)
