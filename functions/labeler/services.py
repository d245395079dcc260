"""What the use cases of this function may reach."""

from dataclasses import dataclass

from shared.log import Log
from shared.ports import (
    Clock,
    Connector,
    GmailOpener,
    MailboxStore,
    NoticeStore,
    OrgStore,
    Publisher,
    SyncStore,
)
from shared.usecases.collect_notices import CollectServices


@dataclass(frozen=True)
class Services:
    """Notices that wait, the deals that decide, and Gmail."""

    mailboxes: MailboxStore
    syncs: SyncStore
    notices: NoticeStore
    orgs: OrgStore
    connector: Connector
    gmail: GmailOpener
    publisher: Publisher
    clock: Clock
    log: Log
    label_topic: str

    @property
    def collecting(self) -> CollectServices:
        """The part that collecting notices needs."""
        return CollectServices(self.notices, self.connector, self.clock, self.log)
