"""What the use cases of this function may reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Final

from shared.domain.health import Warned
from shared.domain.mailbox import Mailbox
from shared.domain.paging import Cursors
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.connector import Connector
from shared.ports.gmail import GmailOpener
from shared.ports.mailboxes import MailboxStore
from shared.ports.notices import NoticeFeed, NoticeStore
from shared.ports.sync import SyncStore
from shared.usecases.look_at_mail import AnnounceNotices, CollectServices, tell_nobody

HEARTBEAT_S: Final = 15.0
AnnounceWarnings = Callable[[Mailbox, Sequence[Warned]], int]
"""Tells the CRM of what will end; answers of how many."""


def warn_nobody(_mailbox: Mailbox, _warnings: Sequence[Warned]) -> int:
    """Where no webhook is wanted."""
    return 0


def stream_slots(threads: int) -> int:
    """How many streams a process may have at a time: four fifths, since each holds a thread for as long as it lasts.

    Cloud Run starts another instance when 60 % of an instance's requests at once are taken: fewer slots than that
    would refuse streams for ever and start none. The last fifth is for calls that end.
    """
    return max(1, threads * 4 // 5)


@dataclass(frozen=True)
class StreamLimits:
    """`seconds` is how long one stream lasts; `slots` are the streams that this process may have at a time."""

    seconds: float
    slots: BoundedSemaphore
    heartbeat_s: float = HEARTBEAT_S


@dataclass(frozen=True)
class Services:
    """Notices, the mailboxes they belong to, and Gmail."""

    mailboxes: MailboxStore
    syncs: SyncStore
    notices: NoticeStore
    connector: Connector
    gmail: GmailOpener
    clock: Clock
    log: Log
    cursors: Cursors
    gmail_topic: str
    retention: timedelta
    feed: NoticeFeed
    streams: StreamLimits
    announce: AnnounceNotices = tell_nobody
    announce_warnings: AnnounceWarnings = warn_nobody
    testing: bool = False

    @property
    def collecting(self) -> CollectServices:
        """The part that collecting notices needs."""
        return CollectServices(
            self.notices, self.connector, self.mailboxes, self.clock, self.log, self.announce
        )
