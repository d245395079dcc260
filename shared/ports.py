"""What the use cases need from outside, as small Protocols. Nothing beyond these may be assumed.

All of them may raise `UpstreamDown` (no answer, a fault on the other side), and `Misconfigured` where a
resource or permission of the deployment is missing. Times are aware and in UTC.
"""
# long because: the ports that more than one function uses stand in one place, where a reader looks first.

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.audit import AuditEntry
from shared.domain.connection import Connection, SealedToken
from shared.domain.contact import Contact
from shared.domain.mail import Mail, MailMetadata
from shared.domain.mailbox import GmailLabel, Mailbox
from shared.domain.notice import Notice
from shared.domain.policy import Policy
from shared.domain.recount import Recount
from shared.domain.sync import SyncState
from shared.errors import AppError


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime: ...


class MailboxStore(Protocol):
    """The rows of connected mailboxes."""

    def get(self, mailbox: str) -> Mailbox | None:
        """One read."""
        ...

    def by_email(self, email: str) -> Sequence[Mailbox]:
        """Every mailbox of one Gmail account; several CRM users may have connected it. One query."""
        ...

    def of_org(self, org: str) -> Sequence[Mailbox]:
        """All mailboxes of an organisation. One query, one read per mailbox."""
        ...

    def get_many(self, mailboxes: Collection[str]) -> Sequence[Mailbox]:
        """Those that exist, ordered by id: one read each, one round trip."""
        ...

    def page_of_org(self, org: str, after: str | None, limit: int) -> Sequence[Mailbox]:
        """A page of an organisation's mailboxes, ordered by id, following the id `after`."""
        ...

    def watch_ending(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        """The mailboxes whose watch ends between these times, soonest first, at most a thousand. One read each."""
        ...

    def leaving(self, limit: int) -> Sequence[Mailbox]:
        """Mailboxes whose disconnect has begun, the earliest first. One query, one read each, at least one."""
        ...

    def with_sharing(self, org: str, sharing: str) -> Sequence[Mailbox]:
        """The mailboxes whose owners have stored this sharing. One query, one read each, at least one."""
        ...

    def create(self, mailbox: Mailbox, *audit: AuditEntry, grant: SealedToken | None = None) -> Mailbox:
        """Writes a new row, with its grant and `audit` in the same commit, and answers it with its version.

        Raises Conflict if there is such a row already.
        """
        ...

    def update(
        self,
        mailbox: Mailbox,
        *fields: str,
        if_unchanged: bool = False,
        audit: Collection[AuditEntry] = (),
        grant: SealedToken | None = None,
    ) -> Mailbox:
        """Writes the named fields only, and answers the row with its new version. `audit`, and a `grant` that takes
        the place of the one before, are of the same commit.

        Raises NotFound if the row is gone, and Stale if `if_unchanged` and the row is not the one read.
        """
        ...

    def delete(self, mailbox: str, *audit: AuditEntry, version: object = None) -> int:
        """Deletes the row and its grant, with `audit` in the same commit, and answers the number of rows.

        Raises Stale if there is a row that is not of this `version`, where one is given.
        """
        ...


class GrantStore(Protocol):
    """Sealed refresh tokens, by mailbox."""

    def get(self, mailbox: str) -> SealedToken | None: ...

    def put(self, mailbox: str, token: SealedToken) -> None: ...

    def delete(self, mailbox: str) -> int: ...


class SyncStore(Protocol):
    """Cursors, leases and waiting ids."""

    def get(self, mailbox: str) -> SyncState | None: ...

    def create(self, state: SyncState) -> None:
        """Writes a first row; an existing one stays as it is, so that a reconnect keeps its cursor."""
        ...

    def save(self, state: SyncState) -> SyncState:
        """Writes the row if it is still the version that was read. Raises TryAgain if it is not."""
        ...

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of mailboxes whose row says that work waits, ordered, at most `limit`, following `after`."""
        ...

    def in_slot(self, slot: int, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of the mailboxes to be asked in this slot of the hour, ordered, following `after`."""
        ...

    def in_hour(self, hour: int, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of the mailboxes whose daily work falls into this hour (UTC), ordered, following `after`."""
        ...

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        """Ids of an organisation's mailboxes, ordered, following `after`."""
        ...

    def unannounced(self, limit: int) -> Sequence[str]:
        """The organisation of each mailbox that pushes have failed, at most `limit`: one read each."""
        ...

    def delete(self, mailbox: str) -> int: ...


class NoticeStore(Protocol):
    """Notices of a mailbox."""

    def create(self, mailbox: str, notice: Notice) -> bool:
        """Keeps a notice once; False if it was there already."""
        ...

    def get_many(self, mailbox: str, message_ids: Sequence[str]) -> Sequence[Notice]:
        """Those that exist; one round trip."""
        ...

    def page(
        self, mailbox: str, *, since: datetime | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Notice]:
        """Newest first: received at or after `since`, and after (older than) the row `before` names."""
        ...

    def read_marks(self, mailbox: str, message_ids: Sequence[str]) -> frozenset[str]:
        """Which of these the user has marked as read."""
        ...

    def marks(self, mailbox: str, after: str | None, limit: int) -> Sequence[str]:
        """Message ids that the user has marked as read, in order, following `after`. One query."""
        ...

    def mark_read(self, mailbox: str, message_id: str) -> None: ...

    def count(self, mailbox: str) -> int: ...

    def recount(self, mailbox: str) -> Recount | None: ...

    def keep_recount(self, mailbox: str, recount: Recount) -> None: ...

    def delete_all(self, mailbox: str) -> int:
        """Erases notices, read marks and the recount; answers how many notices there were."""
        ...


class ConnectionStore(Protocol):
    """Connects in progress."""

    def create(self, connection: Connection) -> None: ...

    def get(self, connection: str) -> Connection | None: ...

    def save(self, connection: Connection) -> Connection:
        """Writes the row if it is still the version that was read. Raises Stale if it is not."""
        ...

    def delete(self, connection: str) -> bool:
        """Whether it was there: of two callers only one is told so."""
        ...

    def of_user(self, org: str, user: str) -> Sequence[Connection]: ...

    def expired(self, now: datetime, limit: int) -> Sequence[Connection]: ...


class OrgStore(Protocol):
    """Policies of organisations."""

    def get(self, org: str) -> Policy:
        """One read; defaults where the organisation has set nothing."""
        ...

    def put(self, org: str, policy: Policy, *audit: AuditEntry) -> None:
        """Replaces the policy, together with the audit entries that tell of it."""
        ...

    def get_with_version(self, org: str) -> tuple[Policy, object]:
        """The same as `get`, with the version that was read, for `replace`."""
        ...

    def replace(self, org: str, policy: Policy, version: object, *audit: AuditEntry) -> None:
        """The same as `put`. Raises Stale if the stored policy is not the version that was read."""
        ...


class TokenCipher(Protocol):
    """Seals refresh tokens. `bound_to` (organisation, user, mailbox) must be the same when opened."""

    def seal(self, token: str, bound_to: Sequence[str]) -> SealedToken: ...

    def open(self, sealed: SealedToken, bound_to: Sequence[str]) -> str:
        """Raises GrantLost (code token_unreadable) for a swapped, cut or foreign ciphertext."""
        ...


@dataclass(frozen=True, repr=False)
class Consent:
    """What the token endpoint answered to a code: who consented, to what."""

    email: str
    google_sub: str
    scopes: tuple[str, ...]
    refresh_token: str | None
    access_token: str
    expires_in_s: int


@dataclass(frozen=True, repr=False)
class AccessToken:
    """A bearer token for Gmail; `expires_at` is UTC. Lives in memory only."""

    token: str
    expires_at: datetime
    scopes: tuple[str, ...]


class GoogleConsent(Protocol):
    """Google's OAuth server."""

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, scopes: Sequence[str]) -> str:
        """Where the user consents to `scopes`; no request is made."""
        ...

    def exchange(self, code: str, *, code_verifier: str, nonce: str) -> Consent:
        """Redeems a code and checks the id_token. Raises BadInput for a code that is not good any more."""
        ...

    def refresh(self, refresh_token: str) -> AccessToken:
        """Raises GrantLost on `invalid_grant`, which is final; Throttled and UpstreamDown are not."""
        ...

    def revoke(self, token: str) -> bool:
        """Revokes a grant. True also if Google did not know the token any more."""
        ...


@dataclass(frozen=True)
class Watch:
    """A push registration: `cursor` is the historyId it began at."""

    cursor: int
    expires_at: datetime


@dataclass(frozen=True)
class AddedMessage:
    """A message that came into the mailbox, with the labels it had when history was read."""

    id: str
    label_ids: frozenset[str]


@dataclass(frozen=True)
class History:
    """New messages after a cursor; `cursor` is where to go on from, and `more` whether there is more."""

    added: tuple[AddedMessage, ...]
    cursor: int
    more: bool = False


@dataclass(frozen=True)
class HistoryExpired:
    """Gmail no longer knows what came after the cursor: a value, not an error."""


@dataclass(frozen=True)
class MessagePage:
    """One page of ids, newest first: (message id, thread id)."""

    ids: tuple[tuple[str, str], ...]
    next_page_token: str | None


class GmailReader(Protocol):
    """Reads one mailbox. All may raise GrantLost, ScopeMissing, Throttled, UpstreamDown, NotFound."""

    @property
    def units(self) -> int:
        """Quota units that this client has asked for so far."""
        ...

    def list_messages(
        self,
        *,
        query: str = "",
        label_ids: Sequence[str] = (),
        limit: int = 50,
        page_token: str | None = None,
        include_spam_trash: bool = False,
    ) -> MessagePage:
        """messages.list: 5 units."""
        ...

    def get_metadata(
        self, message_ids: Sequence[str], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        """messages.get format=metadata: 20 units each, in batches of 25; each id has its own outcome."""
        ...

    def get_mail(self, message_id: str) -> Mail:
        """messages.get format=full: 20 units."""
        ...

    def get_thread(self, thread_id: str) -> Sequence[Mail]:
        """threads.get format=full: 40 units. All mails of a conversation, oldest first."""
        ...

    def get_attachment(self, message_id: str, attachment_id: str) -> bytes:
        """messages.attachments.get: 20 units."""
        ...

    def list_labels(self) -> Sequence[GmailLabel]:
        """labels.list: 1 unit."""
        ...


class Gmail(GmailReader, Protocol):
    """Reads and changes one mailbox."""

    def address_and_cursor(self) -> tuple[str, int]:
        """getProfile: the account's address and its newest historyId. 1 unit."""
        ...

    def watch(self, topic: str) -> Watch:
        """watch on all mail: 100 units. Raises Misconfigured: topic_not_granted, or other_push_client, of which Gmail
        allows one for each account and project.
        """
        ...

    def stop_watch(self) -> None:
        """stop: 50 units."""
        ...

    def history(self, cursor: int, most: int = 100) -> History | HistoryExpired:
        """history.list: 2 units a page. Stops after the record with which there are `most` new messages."""
        ...

    def create_label(self, name: str) -> GmailLabel:
        """labels.create: 5 units. Raises Conflict where the name is taken."""
        ...

    def delete_label(self, label_id: str) -> None:
        """labels.delete: 5 units. Raises NotFound where it is gone already."""
        ...

    def modify(
        self, message_ids: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Mapping[str, AppError]:
        """Changes labels; answers the messages it failed for.

        Up to ten: messages.modify, 5 units each in one batch. More: batchModify, 50 units per 1,000 ids.
        Raises LabelGone if one of the labels does not exist any more.
        """
        ...


class GmailOpener(Protocol):
    """Builds a Gmail client for one mailbox, new for each call."""

    def open(self, mailbox: Mailbox) -> Gmail:
        """Raises GrantLost where there is no usable grant."""
        ...

    def hold(self, attempt: str, consent: Consent) -> None:
        """Keeps the access token of a consent that is not claimed yet, in memory."""
        ...

    def hand_over(self, attempt: str, mailbox: str) -> None:
        """The consent was claimed: its token, if this process holds it, saves the mailbox a refresh."""
        ...


class Connector(Protocol):
    """The CRM."""

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]:
        """Contacts and leads with any of these addresses; one call per 200."""
        ...

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        """Raises NotFound if there is none or that user may not see it."""
        ...


class Publisher(Protocol):
    """Pub/Sub."""

    def publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
        """Publishes and waits; answers the message ids."""
        ...
