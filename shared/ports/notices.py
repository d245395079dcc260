"""Notices of customers' mail, and who listens to them."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.feed import FeedBatch
from shared.domain.notice import Notice
from shared.domain.recount import Recount
from shared.domain.sync import SyncState


class NoticeStore(Protocol):
    """Notices of a mailbox."""

    def keep_with(
        self, state: SyncState, notices: Sequence[Notice], recount: Recount | None = None
    ) -> tuple[SyncState, int]:
        """Saves a leased row and keeps notices and the recount, in one commit; answers the row, and how many notices
        are new. One that was there already stays as it is.

        Raises TryAgain, and keeps nothing, if the row is not the one that was read any more, or is gone.
        """
        ...

    def get_many(self, mailbox: str, message_ids: Sequence[str]) -> Sequence[Notice]:
        """Those that exist; one round trip."""
        ...

    def page(
        self, mailbox: str, *, since: datetime | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Notice]:
        """Newest first: received at or after `since`, and after (older than) the row `before` names."""
        ...

    def read_marks(self, mailbox: str, message_ids: Sequence[str]) -> frozenset[str]:
        """Which of these the user has marked as read."""
        ...

    def marks(self, mailbox: str, after: str | None, limit: int) -> Sequence[str]:
        """Message ids that the user has marked as read, in order, following `after`. One query."""
        ...

    def mark_read(self, mailbox: str, notice: Notice) -> None:
        """Marks a notice as read; again is as good. Raises NotFound, and keeps no mark, where the notice is gone."""
        ...

    def count(self, mailbox: str) -> int: ...

    def recount(self, mailbox: str) -> Recount | None: ...

    def delete_all(self, mailbox: str) -> int:
        """Erases notices, read marks and the recount; answers how many notices there were. No mark comes after it."""
        ...


class SenderNotices(Protocol):
    """Notices by who sent them."""

    def from_senders(self, mailbox: str, senders: Collection[str], since: datetime) -> Sequence[Notice]:
        """Notices of these normalised addresses received since then. One query per 30; one read each, at least one."""
        ...


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
        self, mailbox: str, expiring: tuple[datetime, datetime], tell: Callable[[FeedBatch], None]
    ) -> FeedListener:
        """Tells, from another thread, first of all notices that expire between these moments, then of new ones that do.

        One read a notice.
        """
        ...
