"""What the use cases of this function may reach."""

from dataclasses import dataclass

from functions.oauth.recent_policies import RecentPolicies
from shared.domain.paging import Cursors
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.connections import ConnectionStore
from shared.ports.connector import SharingConnector
from shared.ports.gmail import GmailOpener
from shared.ports.google_consent import GoogleConsent
from shared.ports.labeling import LabelingStore, LabelRunStore
from shared.ports.mailboxes import GrantStore, MailboxStore
from shared.ports.notices import NoticeStore
from shared.ports.orgs import OrgStore
from shared.ports.sending import SendStore
from shared.ports.sharing import AuditStore, ShareStore
from shared.ports.sync import SyncStore
from shared.ports.tokens import TokenCipher
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
