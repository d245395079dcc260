"""What every function is built from. Nothing is built when this is imported; `Common` builds when asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import stamina.instrumentation

from shared.adapters.clock import ShiftedClock, SystemClock
from shared.adapters.crm.http import HttpConnector
from shared.adapters.firestore.announced_mailboxes import AnnouncedMailboxes
from shared.adapters.firestore.audit import FirestoreAudit
from shared.adapters.firestore.client import LazyClient
from shared.adapters.firestore.connections import FirestoreConnections
from shared.adapters.firestore.crm_cursors import FirestoreCrmCursors
from shared.adapters.firestore.documents import Documents
from shared.adapters.firestore.grants import FirestoreGrants
from shared.adapters.firestore.label_runs import FirestoreLabelRuns
from shared.adapters.firestore.labelings import FirestoreLabelings
from shared.adapters.firestore.notice_feed import FirestoreNoticeFeed
from shared.adapters.firestore.notices import FirestoreNotices
from shared.adapters.firestore.orgs import FirestoreOrgs
from shared.adapters.firestore.quota_shards import FirestoreQuotaShards
from shared.adapters.firestore.sender_notices import FirestoreSenderNotices
from shared.adapters.firestore.sends import FirestoreSends
from shared.adapters.firestore.shares import FirestoreShares
from shared.adapters.firestore.syncs import FirestoreSyncs
from shared.adapters.gmail_opener import GrantedGmail
from shared.adapters.google_consent import GoogleEndpoints, GoogleOAuth
from shared.adapters.http_pool import HttpPool
from shared.adapters.jwks import Jwks
from shared.adapters.pubsub import PubSubPublisher
from shared.adapters.quota_governor import Governor
from shared.adapters.secret_manager import SecretManager
from shared.adapters.token_cipher import AesGcmCipher
from shared.adapters.tokens import CrmTokens, InvokerTokens
from shared.adapters.trace_export import TraceExport
from shared.adapters.webhook import WebhookSender
from shared.domain.health import TESTING_LIFE, Warned
from shared.domain.mailbox import Mailbox
from shared.domain.notice import Notice
from shared.domain.paging import Cursors
from shared.domain.quota import LEAST_PER_MINUTE, PROJECT_PER_MINUTE
from shared.errors import Misconfigured
from shared.events import EntryPoint
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.orgs import OrgStore
from shared.tracing import export_with
from shared.usecases.announce import (
    AnnounceServices,
    announce_mailbox,
    announce_notices,
    announce_warnings,
)
from shared.usecases.note_scopes import note_scopes

GOOGLE_ISSUER: Final = "https://accounts.google.com"
GOOGLE_JWKS_URL: Final = "https://www.googleapis.com/oauth2/v3/certs"


@dataclass(frozen=True)
class CommonSettings:
    """Settings that all functions share; docs/settings.md says what each is. Secrets are resource names."""

    google_cloud_project: str
    public_url: str
    google_client_id: str
    google_client_secret: str
    token_key_secret: str
    cursor_key_secret: str
    crm_issuer: str
    crm_jwks_url: str
    crm_connector_url: str
    crm_service_token_secret: str
    gmail_topic: str
    label_topic: str
    firestore_database: str = "(default)"
    secret_manager_endpoint: str | None = None
    gmail_api_root: str = "https://gmail.googleapis.com/"
    google_authorization_url: str = "https://accounts.google.com/o/oauth2/v2/auth"
    google_token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a secret
    google_revoke_url: str = "https://oauth2.googleapis.com/revoke"
    google_jwks_url: str = GOOGLE_JWKS_URL
    google_issuer: str = GOOGLE_ISSUER
    invoker_issuer: str = GOOGLE_ISSUER
    invoker_jwks_url: str = GOOGLE_JWKS_URL
    invoker_audience: str | None = None
    invoker_email: str | None = None
    label_checks_a_turn: int = 200
    gmail_units_per_minute: int = PROJECT_PER_MINUTE
    gmail_percent_for_people: int = 25
    allowed_origins: tuple[str, ...] = ()
    allowed_return_urls: tuple[str, ...] = ()
    clock_file: str | None = None
    oauth_testing_mode: bool = False
    events_topic: str | None = None
    events_dead_letter_topic: str | None = None
    webhook_secret: str | None = None
    webhook_private_hosts: tuple[str, ...] = ()
    notice_retention_days: int = 90
    stream_seconds: int = 540
    traces_url: str | None = None
    k_service: str = "crm-gmail"
    threads: int = 8


class KnownOrigins:
    """The origins of the settings, for every organisation, and those that an organisation's policy names."""

    def __init__(self, everywhere: tuple[str, ...], orgs: OrgStore) -> None:
        self._everywhere = frozenset(everywhere)
        self._orgs = orgs

    def allows(self, origin: str, org: str | None) -> bool:
        """One read, but for an origin of the settings or a caller that nobody knows."""
        return origin in self._everywhere or (org is not None and origin in self._orgs.get(org).origins)

    def may_ask(self, origin: str) -> bool:
        """Any https origin may: whose organisation names it is known only of the call itself, which is held to it."""
        return origin in self._everywhere or origin.startswith("https://")


def _export_traces(settings: CommonSettings, log: Log) -> None:
    """Nothing is loaded before a request is sampled."""
    url, project = settings.traces_url, settings.google_cloud_project
    export_with(TraceExport(url, project, settings.k_service, log) if url else None)


class Common:
    """The adapters of one function's process, each built once, when first used. Safe under threads."""

    def __init__(self, settings: CommonSettings) -> None:
        # long because: each line builds one adapter, and they are built in the order in which they need each other.
        # The default hook would log through its own logger, outside our allow-list of fields.
        stamina.instrumentation.set_on_retry_hooks([])
        self.settings = settings
        self.log = Log(project=settings.google_cloud_project)
        _export_traces(settings, self.log)
        self.pool = HttpPool()
        self.clock: Clock = ShiftedClock(Path(settings.clock_file)) if settings.clock_file else SystemClock()
        client = LazyClient(settings.google_cloud_project, settings.firestore_database)
        self.documents = Documents(client)
        # With a count of its own: what the governor costs depends on the time that passes, not on what is done.
        self.quota_documents = Documents(client)
        self.mailboxes = AnnouncedMailboxes(
            self.documents, lambda mailbox, kind, turn: announce_mailbox(mailbox, kind, self.announcing, turn)
        )
        self.grants = FirestoreGrants(self.documents)
        self.syncs = FirestoreSyncs(self.documents)
        self.retention = timedelta(days=settings.notice_retention_days)
        self.notices = FirestoreNotices(self.documents, self.clock, self.retention)
        self.feed = FirestoreNoticeFeed(self.documents)
        self.sends = FirestoreSends(self.documents)
        self.connections = FirestoreConnections(self.documents)
        self.orgs = FirestoreOrgs(self.documents)
        self.shares = FirestoreShares(self.documents)
        self.labelings = FirestoreLabelings(self.documents)
        self.label_runs = FirestoreLabelRuns(self.documents)
        self.crm_cursors = FirestoreCrmCursors(self.documents)
        self.sender_notices = FirestoreSenderNotices(self.documents)
        self.audit = FirestoreAudit(self.documents)
        self.secrets = SecretManager(settings.secret_manager_endpoint)
        self.cipher = AesGcmCipher(self.secrets, settings.token_key_secret)
        self.cursors = Cursors(lambda: self.secrets.latest(settings.cursor_key_secret).payload)
        self.publisher = PubSubPublisher(settings.google_cloud_project)
        self.connector = HttpConnector(
            self.pool, settings.crm_connector_url, self._secret(settings.crm_service_token_secret)
        )
        self.webhook = WebhookSender(self._webhook_secret, settings.webhook_private_hosts)
        self.origins = KnownOrigins((*settings.allowed_origins, self.public_origin), self.orgs)
        self.crm_tokens = CrmTokens(Jwks(self.pool, settings.crm_jwks_url), settings.crm_issuer)
        self._invoker_keys = Jwks(self.pool, settings.invoker_jwks_url)
        self.consent = self._consent()
        self.gmail = GrantedGmail(
            self.pool,
            settings.gmail_api_root,
            self.grants,
            self.cipher,
            self.consent,
            self.clock,
            lambda mailbox, scopes: note_scopes(mailbox, scopes, self.mailboxes, self.clock, self.log),
            TESTING_LIFE if settings.oauth_testing_mode else None,
            self._governor(),
        )

    @property
    def public_origin(self) -> str:
        """Scheme, host and port of our own pages."""
        return "/".join(self.settings.public_url.split("/")[:3])

    @property
    def announcing(self) -> AnnounceServices:
        """What telling the CRM of an event needs."""
        topic = self.settings.events_topic
        return AnnounceServices(self.orgs, self.publisher.publish, topic, self.clock, self.log)

    def announce_notices(
        self, mailbox: Mailbox, notices: Sequence[Notice], contacts: Mapping[str, str]
    ) -> None:
        """Tells the CRM of new notices."""
        announce_notices(mailbox, notices, contacts, self.announcing)

    def announce_warnings(self, mailbox: Mailbox, warnings: Sequence[Warned]) -> int:
        """Tells the CRM of what will end at a known moment."""
        return announce_warnings(mailbox, warnings, self.announcing)

    def entry_point(self, name: str) -> EntryPoint:
        """The edge of a private entry point of this function."""
        settings = self.settings
        admit = InvokerTokens(
            self._invoker_keys,
            settings.invoker_issuer,
            settings.invoker_audience or f"{settings.public_url}/{name}",
            settings.invoker_email or "",
        )
        return EntryPoint(name, admit, self.log)

    def _consent(self) -> GoogleOAuth:
        settings = self.settings
        endpoints = GoogleEndpoints(
            authorization_url=settings.google_authorization_url,
            token_url=settings.google_token_url,
            revoke_url=settings.google_revoke_url,
            issuer=settings.google_issuer,
            client_id=settings.google_client_id,
            redirect_uri=f"{settings.public_url}/oauth/callback",
        )
        keys = Jwks(self.pool, settings.google_jwks_url)
        return GoogleOAuth(
            self.pool, endpoints, self._secret(settings.google_client_secret), keys, self.clock
        )

    def _governor(self) -> Governor:
        percent, per_minute = self.settings.gmail_percent_for_people, self.settings.gmail_units_per_minute
        if not 0 <= percent <= 90 or per_minute < LEAST_PER_MINUTE:
            raise Misconfigured(
                "GMAIL_PERCENT_FOR_PEOPLE is not from 0 to 90, or GMAIL_UNITS_PER_MINUTE is below 12000.",
                code="settings_invalid",
            )
        return Governor(FirestoreQuotaShards(self.quota_documents), per_minute, percent / 100)

    def _webhook_secret(self) -> str:
        if self.settings.webhook_secret is None:
            raise Misconfigured("WEBHOOK_SECRET is not set.", code="settings_invalid")
        return self.secrets.latest(self.settings.webhook_secret).payload.decode()

    def _secret(self, name: str) -> Callable[[], str]:
        def read() -> str:
            return self.secrets.latest(name).payload.decode()

        return read
