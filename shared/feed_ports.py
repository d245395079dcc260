"""What the stream of notices needs from outside. As in `shared/ports.py`, all may raise UpstreamDown."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from shared.domain.feed import FeedBatch


class FeedListener(Protocol):
    """A running listener."""

    @property
    def alive(self) -> bool:
        """False where it has ended by itself: whoever listens begins again."""
        ...

    def stop(self) -> None: ...


class NoticeFeed(Protocol):
    """Tells of notices as they are made."""

    def listen(
        self, mailbox: str, expiring_from: datetime, tell: Callable[[FeedBatch], None]
    ) -> FeedListener:
        """Tells, from another thread, first of all notices that expire at `expiring_from` or later, then of new ones.

        One read a notice.
        """
        ...
