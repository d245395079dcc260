"""What sending needs from outside, beside `shared.ports`: drafts and aliases at Gmail, and the record of keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.outgoing import Alias
from shared.domain.sending import SendRecord
from shared.live_ports import LiveGmail
from shared.ports import Consent


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

    def create_draft(self, raw: bytes, thread_id: str | None = None) -> Draft:
        """drafts.create: 10 units. After UpstreamDown there may be a draft, or not."""
        ...

    def update_draft(self, draft_id: str, raw: bytes, thread_id: str | None = None) -> Draft:
        """drafts.update: 15 units. Raises NotFound."""
        ...

    def delete_draft(self, draft_id: str) -> None:
        """drafts.delete: 10 units. Raises NotFound."""
        ...

    def get_draft(self, draft_id: str) -> tuple[Draft, MailMetadata]:
        """drafts.get format=metadata: 5 units. Raises NotFound for one that was sent or deleted."""
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


class SendingOpener(Protocol):
    """Builds a Gmail client for one mailbox, new for each call."""

    def open(self, mailbox: Mailbox) -> SendingGmail:
        """Raises GrantLost where there is no usable grant."""
        ...

    def hold(self, attempt: str, consent: Consent) -> None: ...

    def hand_over(self, attempt: str, mailbox: str) -> None: ...


class SendStore(Protocol):
    """Keys by mailbox. May raise UpstreamDown."""

    def get(self, mailbox: str, record: str) -> SendRecord | None:
        """One read."""
        ...

    def create(self, mailbox: str, record: SendRecord) -> SendRecord | None:
        """Writes the first row of a key, with its version; None if there is one already."""
        ...

    def save(self, mailbox: str, record: SendRecord) -> SendRecord:
        """Writes the row if it is still the version that was read. Raises Stale if it changed or is gone."""
        ...

    def delete(self, mailbox: str, record: str) -> int: ...

    def open_ones(self, mailbox: str, limit: int) -> Sequence[SendRecord]:
        """Keys of which no sent mail is known. One query."""
        ...

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[SendRecord]:
        """Keys ordered by id, following the id `after`. One query."""
        ...

    def count(self, mailbox: str) -> int: ...

    def delete_all(self, mailbox: str) -> int: ...
