"""What the use cases of this function may reach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.domain.paging import Cursors
from shared.errors import Misconfigured
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.connections import ConnectionStore
from shared.ports.connector import ChangesConnector
from shared.ports.gmail import GmailOpener
from shared.ports.google_consent import GoogleConsent
from shared.ports.labeling import CrmCursorStore, LabelingStore, LabelRunStore
from shared.ports.mailboxes import GrantStore, MailboxStore
from shared.ports.notices import NoticeStore, SenderNotices
from shared.ports.orgs import OrgStore
from shared.ports.publisher import Publisher
from shared.ports.sync import SyncStore
from shared.ports.tokens import TokenCipher
from shared.usecases.look_at_mail import AnnounceNotices, CollectServices, tell_nobody


def nothing_to_finish() -> int:
    """Where no disconnect can be on its way."""
    return 0


CHECKS_A_TURN: Final = 200
"""Headers read in one turn for mail that no notice names: 4,000 of a user's 6,000 units a minute, the rest is the
user's own. A thread of which two or more are read counts as two, as it costs."""


def checks_a_turn(setting: int) -> int:
    """The setting LABEL_CHECKS_A_TURN. Raises Misconfigured where a user's units could never pay for so many."""
    if not 1 <= setting <= CHECKS_A_TURN:
        raise Misconfigured(f"LABEL_CHECKS_A_TURN is not from 1 to {CHECKS_A_TURN}.", code="settings_invalid")
    return setting


@dataclass(frozen=True)
class Services:
    """Notices that wait, the deals that decide, what was done before, and Gmail."""

    mailboxes: MailboxStore
    syncs: SyncStore
    notices: NoticeStore
    sender_notices: SenderNotices
    labelings: LabelingStore
    label_runs: LabelRunStore
    crm_cursors: CrmCursorStore
    orgs: OrgStore
    connector: ChangesConnector
    gmail: GmailOpener
    publisher: Publisher
    connections: ConnectionStore
    grants: GrantStore
    consent: GoogleConsent
    cipher: TokenCipher
    cursors: Cursors
    clock: Clock
    log: Log
    label_topic: str
    checks_a_turn: int = CHECKS_A_TURN
    announce: AnnounceNotices = tell_nobody
    finish_leaving: Callable[[], int] = nothing_to_finish

    @property
    def collecting(self) -> CollectServices:
        """The part that collecting notices needs."""
        return CollectServices(
            self.notices, self.connector, self.mailboxes, self.clock, self.log, self.announce
        )
