"""What the use cases of this function may reach."""

from dataclasses import dataclass

from shared.log import Log
from shared.ports import (
    Clock,
    ConnectionStore,
    Connector,
    GmailOpener,
    GoogleConsent,
    MailboxStore,
    NoticeStore,
    OrgStore,
    Publisher,
    SyncStore,
    TokenCipher,
)
from shared.usecases.collect_notices import CollectServices
from shared.usecases.forget_unclaimed import ForgetServices


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
    connections: ConnectionStore
    consent: GoogleConsent
    cipher: TokenCipher
    clock: Clock
    log: Log
    label_topic: str

    @property
    def collecting(self) -> CollectServices:
        """The part that collecting notices needs."""
        return CollectServices(self.notices, self.connector, self.clock, self.log)

    @property
    def forgetting(self) -> ForgetServices:
        """The part that ending unclaimed consents needs."""
        return ForgetServices(
            self.connections, self.mailboxes, self.consent, self.cipher, self.clock, self.log
        )
