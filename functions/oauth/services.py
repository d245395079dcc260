"""What the use cases of this function may reach."""

from dataclasses import dataclass

from functions.oauth.recent_policies import RecentPolicies
from shared.domain.paging import Cursors
from shared.labeling_ports import LabelingStore, LabelRunStore
from shared.log import Log
from shared.ports import (
    Clock,
    ConnectionStore,
    GmailOpener,
    GoogleConsent,
    GrantStore,
    MailboxStore,
    NoticeStore,
    OrgStore,
    SyncStore,
    TokenCipher,
)
from shared.sending_ports import SendStore
from shared.sharing_ports import AuditStore, ShareStore, SharingConnector
from shared.usecases.forget_unclaimed import ForgetServices
from shared.usecases.leave import LeaveServices
from shared.web import Origins


@dataclass(frozen=True)
class Services:
    """All of a mailbox's life; each use case names the few of these that it uses."""

    mailboxes: MailboxStore
    grants: GrantStore
    syncs: SyncStore
    notices: NoticeStore
    connections: ConnectionStore
    labelings: LabelingStore
    label_runs: LabelRunStore
    sends: SendStore
    shares: ShareStore
    audit: AuditStore
    crm: SharingConnector
    cursors: Cursors
    shown_policies: RecentPolicies
    orgs: OrgStore
    cipher: TokenCipher
    consent: GoogleConsent
    gmail: GmailOpener
    origins: Origins
    clock: Clock
    log: Log
    public_url: str
    gmail_topic: str
    testing: bool = False
    return_urls: tuple[str, ...] = ()

    @property
    def leaving(self) -> LeaveServices:
        """The part that leaving needs."""
        return LeaveServices(
            self.mailboxes,
            self.grants,
            self.syncs,
            self.notices,
            self.connections,
            self.labelings,
            self.label_runs,
            self.sends,
            self.shares,
            self.audit,
            self.cipher,
            self.consent,
            self.gmail,
            self.clock,
            self.log,
        )

    @property
    def forgetting(self) -> ForgetServices:
        """The part that giving a consent back needs."""
        return ForgetServices(
            self.connections, self.mailboxes, self.consent, self.cipher, self.clock, self.log
        )
