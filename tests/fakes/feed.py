"""The feed of notices in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.feed import FedNotice, FeedBatch, FeedMark
from shared.domain.notice import Notice
from tests.fakes.clock import FakeClock

Tell = Callable[[FeedBatch], None]


@dataclass
class FakeListener:
    """FeedListener. `alive` is set to False by a test that breaks it."""

    tell: Tell
    expiring: tuple[datetime, datetime]
    alive: bool = True
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True

    def sees(self, fed: FedNotice) -> bool:
        first, last = self.expiring
        return not self.stopped and first <= fed.mark.expires_at <= last


@dataclass
class FakeFeed:
    """NoticeFeed of one mailbox. Firestore's time goes on by a millisecond with each write."""

    clock: FakeClock
    retention: timedelta = timedelta(days=90)
    made: list[FedNotice] = field(default_factory=list)
    listeners: list[FakeListener] = field(default_factory=list)
    reads: int = 0
    _ticks: int = 0

    def listen(self, mailbox: str, expiring: tuple[datetime, datetime], tell: Tell) -> FakeListener:
        listener = FakeListener(tell, expiring)
        found = tuple(fed for fed in self.made if listener.sees(fed))
        self.listeners.append(listener)
        self.reads += len(found)
        tell(FeedBatch(found, self._now()))
        return listener

    def make(self, message_id: str, *, clock_ahead: timedelta = timedelta()) -> None:
        """A notice is made, by an instance whose clock is so far ahead."""
        self._ticks += 1
        now = self.clock.now()
        mark = FeedMark(self._now(), now + clock_ahead + self.retention)
        fed = FedNotice(Notice(message_id, "ana@client.example", now), mark)
        self.made.append(fed)
        for listener in self.listeners:
            if listener.sees(fed):
                listener.tell(FeedBatch((fed,), self._now()))

    def _now(self) -> datetime:
        return self.clock.now() + timedelta(milliseconds=self._ticks)
