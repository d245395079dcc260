"""One mailbox at Gmail: read, change, send."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.mail import Mail, MailMetadata
from shared.domain.mailbox import GmailLabel, Mailbox
from shared.domain.mime_writer import Letter
from shared.domain.outgoing import Alias
from shared.domain.quota import Urgency
from shared.errors import AppError
from shared.ports.google_consent import Consent


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

    def get_listed(
        self, ids: Sequence[tuple[str, str]], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        """The mails of a list's (message id, thread id): an outcome for each message id, in batches of 25.

        Where two or more share a thread the thread is asked for once, 40 units; each other mail is 20 units.
        """
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
    """Reads and changes one mailbox. Background work may be Postponed at any call."""

    def afford(self, units: int) -> int:
        """How many of these units may be spent now; they are kept for the calls that follow. All, for a person."""
        ...

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

        Up to ten: messages.modify, 5 units each in one batch. More: batchModify, 50 units per 1,000 ids; where Gmail
        refuses that for one of them, by halves until ten are left (725 units of 1,000 ids), as far as there are units
        and Gmail answers: the rest has failed with Throttled or UpstreamDown.
        Raises LabelGone if one of the labels does not exist any more, GrantLost if the consent does not allow it.
        """
        ...


class LiveGmail(Gmail, Protocol):
    """Reads and changes one mailbox while somebody waits for the answer."""

    def get_outline(self, message_id: str) -> Mail:
        """messages.get format=full, masked: 20 units. The mail with its MIME tree, but no part has a `body`."""
        ...

    def stream_attachment(self, message_id: str, attachment_id: str) -> Iterator[bytes]:
        """messages.attachments.get: 20 units. In pieces of some 64 KiB; a piece may raise UpstreamDown."""
        ...

    def newest_if_changed(self, cursor: int) -> int | None:
        """history.list: 2 units. None where nothing at all happened in the mailbox after `cursor`, else the newest.

        1 unit more where Gmail does not know any more what happened.
        """
        ...


@dataclass(frozen=True)
class Draft:
    """A draft of Gmail's. Its message id changes whenever it is saved, its own id does not."""

    id: str
    message_id: str
    thread_id: str


@dataclass(frozen=True)
class Sent:
    """A mail that has been sent."""

    id: str
    thread_id: str


class SendingGmail(LiveGmail, Protocol):
    """Reads, changes and sends. Nothing that makes or sends a draft is ever tried again by itself."""

    def list_aliases(self) -> Sequence[Alias]:
        """settings.sendAs.list: 1 unit."""
        ...

    def create_draft(self, letter: Letter, thread_id: str | None = None) -> Draft:
        """drafts.create: 10 units. After UpstreamDown there may be a draft, or not."""
        ...

    def update_draft(self, draft_id: str, letter: Letter, thread_id: str | None = None) -> Draft:
        """drafts.update: 15 units. Raises NotFound."""
        ...

    def delete_draft(self, draft_id: str) -> None:
        """drafts.delete: 10 units. Raises NotFound."""
        ...

    def get_draft(self, draft_id: str) -> tuple[Draft, MailMetadata]:
        """drafts.get format=metadata: 5 units. Raises NotFound for one that was sent or deleted."""
        ...

    def newest_drafts(self, most: int) -> Sequence[tuple[Draft, Mail]]:
        """drafts.list, 5 units, and drafts.get format=full, 5 for each: newest first, without those gone meanwhile."""
        ...

    def find_draft(self, message_id: str) -> Draft | None:
        """drafts.list by the RFC 5322 Message-ID it was written with: 5 units. Gmail's search lags."""
        ...

    def send_draft(self, draft_id: str) -> Sent:
        """drafts.send: 100 units. Raises NotFound for one that was sent before. UpstreamDown leaves it open."""
        ...

    def thread_metadata(self, thread_id: str, headers: Sequence[str]) -> Sequence[MailMetadata]:
        """threads.get format=metadata: 40 units. Raises NotFound."""
        ...

    def get_raw(self, message_id: str) -> bytes:
        """messages.get format=raw: 20 units. The mail as it came."""
        ...


class GmailOpener(Protocol):
    """Builds a Gmail client for one mailbox, new for each call."""

    def open(self, mailbox: Mailbox, urgency: Urgency = "interactive", most: int | None = None) -> Gmail:
        """`urgency`: who waits for it. `most`: units that `afford` answers in all.

        Raises GrantLost where there is no usable grant.
        """
        ...

    def hold(self, attempt: str, consent: Consent) -> None:
        """Keeps the access token of a consent that is not claimed yet, in memory."""
        ...

    def hand_over(self, attempt: str, mailbox: str) -> None:
        """The consent was claimed: its token, if this process holds it, saves the mailbox a refresh."""
        ...


class SendingOpener(Protocol):
    """Builds a Gmail client for one mailbox, new for each call."""

    def open(self, mailbox: Mailbox) -> SendingGmail:
        """Raises GrantLost where there is no usable grant."""
        ...

    def hold(self, attempt: str, consent: Consent) -> None: ...

    def hand_over(self, attempt: str, mailbox: str) -> None: ...
