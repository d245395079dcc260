"""What the use cases of this function may reach."""

from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Final

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

    @property
    def collecting(self) -> CollectServices:
        """The part that collecting notices needs."""
        return CollectServices(
            self.notices, self.connector, self.mailboxes, self.clock, self.log, self.announce
        )
