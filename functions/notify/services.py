"""What the use cases of this function may reach."""

from dataclasses import dataclass

from shared.domain.paging import Cursors
from shared.log import Log
from shared.ports import Clock, Connector, GmailOpener, MailboxStore, NoticeStore, SyncStore
from shared.usecases.collect_notices import CollectServices


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

    @property
    def collecting(self) -> CollectServices:
        """The part that collecting notices needs."""
        return CollectServices(self.notices, self.connector, self.clock, self.log)
