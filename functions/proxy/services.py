"""What the use cases of this function may reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.domain.clean_html import AttachmentUrl, CleanHtml
from shared.domain.contact import Contact
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.gmail import SendingOpener
from shared.ports.mailboxes import MailboxStore
from shared.ports.sending import SendStore
from shared.usecases.shared_mail import SharingServices


class ContactReader(Protocol):
    """The CRM's contacts."""

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        """Raises NotFound if there is none or that user may not see it."""
        ...


class CursorSealer(Protocol):
    """Signs positions in lists."""

    def seal(self, position: Mapping[str, Any], bound_to: Sequence[str]) -> str: ...

    def open(self, cursor: str, bound_to: Sequence[str]) -> Mapping[str, Any]:
        """Raises BadInput (code invalid_cursor) for one that is not ours for this question."""
        ...


class HtmlCleaner(Protocol):
    """Makes a mail's HTML safe."""

    def __call__(self, document: str, *, attachment_url: AttachmentUrl, show_images: bool) -> CleanHtml: ...


@dataclass(frozen=True)
class Services:
    """All of reading and sending mail live; each use case names the few of these that it uses."""

    mailboxes: MailboxStore
    gmail: SendingOpener
    contacts: ContactReader
    cursors: CursorSealer
    clean_html: HtmlCleaner
    sends: SendStore
    sharing: SharingServices
    clock: Clock
    log: Log
