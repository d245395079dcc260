"""One organisation with everything in memory, and the functions' use cases over it."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from threading import BoundedSemaphore
from typing import Any

from functions.labeler.services import Services as LabelerServices
from functions.notify.services import Services as NotifyServices
from functions.notify.services import StreamLimits
from functions.oauth.change_settings import ChangeSettings, SettingsChange, change_settings
from functions.oauth.connect import (
    BeginConnection,
    CompleteConnection,
    ReceiveConsent,
    begin_connection,
    complete_connection,
    receive_consent,
    start_popup,
)
from functions.oauth.recent_policies import RecentPolicies
from functions.oauth.services import Services as OauthServices
from shared.domain.caller import Caller
from shared.domain.contact import Contact, Deal
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.notice import Notice
from shared.domain.paging import Cursors
from shared.domain.recount import Recount
from shared.domain.sync import SyncState
from shared.log import Log
from tests.fakes.cipher import FakeCipher
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm
from tests.fakes.feed import FakeFeed
from tests.fakes.gmail import FakeAccount
from tests.fakes.google import FakeGmailOpener, FakeGoogle
from tests.fakes.labeling_stores import (
    FakeCrmCursors,
    FakeLabelings,
    FakeLabelRuns,
    FakeSenderNotices,
)
from tests.fakes.process import Process
from tests.fakes.proxy_fakes import caller
from tests.fakes.publisher import FakePublisher
from tests.fakes.sends import FakeSends
from tests.fakes.sharing_stores import FakeAudit, FakeShares
from tests.fakes.stores import (
    FakeConnections,
    FakeGrants,
    FakeMailboxes,
    FakeNotices,
    FakeOrgs,
    FakeSyncs,
)

TOPIC = "projects/p/topics/gmail"
ORIGIN = "https://crm.example"
CONTACTS = (
    Contact("c1", "Ana", "contact", ("ana@client.example",), (Deal("d1", "A", "open", date(2026, 11, 30)),)),
    Contact("c2", "Ben", "contact", ("ben@client.example",), (Deal("d2", "B", "open", date(2027, 1, 31)),)),
    Contact("c3", "Cem", "contact", ("cem@client.example",), (Deal("d3", "C", "won"),)),
    Contact("c4", "Dee", "lead", ("dee@client.example",)),
)


class KnownOrigin:
    """Origins: the CRM's page is registered, no other."""

    def allows(self, origin: str, org: str | None) -> bool:
        return origin == ORIGIN

    def may_ask(self, origin: str) -> bool:
        return origin == ORIGIN


@dataclass
class World:
    """All that is stored and all that is outside; `log` is what was logged."""

    clock: FakeClock = field(default_factory=FakeClock)
    audit: FakeAudit = field(default_factory=FakeAudit)
    grants: FakeGrants = field(default_factory=FakeGrants)
    syncs: FakeSyncs = field(default_factory=FakeSyncs)
    notices: FakeNotices = field(default_factory=FakeNotices)
    connections: FakeConnections = field(default_factory=FakeConnections)
    publisher: FakePublisher = field(default_factory=FakePublisher)
    cipher: FakeCipher = field(default_factory=FakeCipher)
    labelings: FakeLabelings = field(default_factory=FakeLabelings)
    label_runs: FakeLabelRuns = field(default_factory=FakeLabelRuns)
    sends: FakeSends = field(default_factory=FakeSends)
    crm_cursors: FakeCrmCursors = field(default_factory=FakeCrmCursors)
    crm: FakeCrm = field(default_factory=lambda: FakeCrm(contacts={c.id: c for c in CONTACTS}))
    log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.crm.clock = self.clock
        self.notices.syncs = self.syncs
        self.mailboxes = FakeMailboxes(audit=self.audit, grants=self.grants)
        self.orgs = FakeOrgs(audit=self.audit)
        self.shares = FakeShares(self.audit)
        self.feed = FakeFeed(self.clock)
        self.google = FakeGoogle(self.clock)
        self.opener = FakeGmailOpener(self.grants, self.cipher, self.google)
        self.oauth = self.oauth_of(Process())
        self.notify = self.notify_of(Process())

    @cached_property
    def labeler(self) -> LabelerServices:
        """The labeler function, in a process that nobody kills."""
        return self.labeler_of(Process())

    def oauth_of(self, process: Process) -> OauthServices:
        """The oauth function as that process runs it."""
        calls = process.calling
        return OauthServices(
            mailboxes=calls(self.mailboxes),
            grants=calls(self.grants),
            syncs=calls(self.syncs),
            notices=calls(self.notices),
            connections=calls(self.connections),
            labelings=calls(self.labelings),
            label_runs=calls(self.label_runs),
            sends=calls(self.sends),
            shares=calls(self.shares),
            audit=calls(self.audit),
            crm=calls(self.crm),
            cursors=Cursors(lambda: b"k" * 32),
            shown_policies=RecentPolicies(self.orgs, self.clock),
            orgs=calls(self.orgs),
            cipher=self.cipher,
            consent=calls(self.google),
            gmail=calls(self.opener),
            origins=KnownOrigin(),
            clock=self.clock,
            log=Log(self.log, strict=True),
            public_url="https://mail.crm.example",
            gmail_topic=TOPIC,
        )

    def notify_of(self, process: Process) -> NotifyServices:
        """The notify function as that process runs it."""
        calls = process.calling
        return NotifyServices(
            mailboxes=calls(self.mailboxes),
            syncs=calls(self.syncs),
            notices=calls(self.notices),
            connector=calls(self.crm),
            gmail=calls(self.opener),
            clock=self.clock,
            log=Log(self.log, strict=True),
            cursors=Cursors(lambda: b"k" * 32),
            gmail_topic=TOPIC,
            retention=timedelta(days=90),
            feed=self.feed,
            streams=StreamLimits(seconds=300, slots=BoundedSemaphore(2), heartbeat_s=0.05),
        )

    def labeler_of(self, process: Process) -> LabelerServices:
        """The labeler function as that process runs it."""
        calls = process.calling
        return LabelerServices(
            mailboxes=calls(self.mailboxes),
            syncs=calls(self.syncs),
            notices=calls(self.notices),
            sender_notices=FakeSenderNotices(self.notices.rows),
            labelings=calls(self.labelings),
            label_runs=calls(self.label_runs),
            crm_cursors=calls(self.crm_cursors),
            orgs=calls(self.orgs),
            connector=calls(self.crm),
            gmail=calls(self.opener),
            publisher=calls(self.publisher),
            connections=calls(self.connections),
            grants=calls(self.grants),
            consent=calls(self.google),
            cipher=self.cipher,
            cursors=Cursors(lambda: b"k" * 32),
            clock=self.clock,
            log=Log(self.log, strict=True),
            label_topic="projects/p/topics/label-mailbox",
        )

    def authorize(self, who: Caller, email: str, services: OauthServices | None = None) -> str:
        """Authenticate and consent: the ticket that the popup hands over."""
        services = services or self.oauth
        begun = begin_connection(BeginConnection(who, ORIGIN), services)
        state = begun.authorization_url.partition("state=")[2].partition("&")[0]
        started = start_popup(state, services)
        code = self.google.allow(started.location, email)
        return receive_consent(ReceiveConsent(state, code, None, started.cookie), services).ticket

    def connect(self, user: str = "alice", email: str | None = None, **settings: Any) -> Mailbox:
        """A connected mailbox with these settings, made through the use cases."""
        who = caller(user)
        ticket = self.authorize(who, email or f"{user}@own.example")
        mailbox = complete_connection(CompleteConnection(who, ticket), self.oauth)
        if settings:
            mailbox = change_settings(ChangeSettings(who, SettingsChange(**settings)), self.oauth)
        return mailbox

    def change(self, user: str, **settings: Any) -> Mailbox:
        """Changes settings of a user's mailbox through the use case."""
        return change_settings(ChangeSettings(caller(user), SettingsChange(**settings)), self.oauth)

    def account(self, mailbox: Mailbox) -> FakeAccount:
        """The Gmail account behind a mailbox."""
        return self.opener.account(mailbox.email)

    def row(self, mailbox: Mailbox) -> Mailbox:
        """The stored row as it is now."""
        return self.mailboxes.rows[mailbox.id]

    def state(self, mailbox: Mailbox) -> SyncState:
        """The stored sync row as it is now."""
        return self.syncs.rows[mailbox.id]

    def notice(self, mailbox: Mailbox, *notices: Notice, recount: Recount | None = None) -> None:
        """Keeps notices, and a recount, as a worker does that holds the mailbox."""
        self.notices.keep_with(self.state(mailbox), notices, recount)

    def noticed(self, mailbox: Mailbox) -> set[str]:
        """Ids of the notices that are kept."""
        return set(self.notices.rows.get(mailbox.id, {}))

    def held(self, user: str = "alice") -> dict[str, Any]:
        """Every row that is held about a user, by collection; empty if there is none."""
        identifier = mailbox_id("acme", user)
        stores: dict[str, dict[str, Any]] = {
            "mailboxes": dict(self.mailboxes.rows),
            "grants": dict(self.grants.rows),
            "syncs": dict(self.syncs.rows),
            "notices": dict(self.notices.rows),
            "reads": dict(self.notices.marks_of),
            "labelings": dict(self.labelings.rows),
            "label_runs": dict(self.label_runs.rows),
            "shares": {share.mailbox: share for share in self.shares.rows.values()},
            "audit": {mailbox_id(e.org, e.owner): e for e in self.audit.of_owner if e.owner is not None},
        }
        rows = {name: row for name, store in stores.items() if (row := store.get(identifier)) is not None}
        attempts = self.connections.of_user("acme", user)
        return {**rows, "connections": attempts} if attempts else rows
