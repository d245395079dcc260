"""One mail, one conversation, one attachment: read from Gmail at the call."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from functions.proxy.own_mailbox import checked_id, no_such_message
from functions.proxy.services import Services
from functions.proxy.show_mail import Images, Showing, show_mail
from functions.proxy.viewing import LookInto, Viewing, find_viewing, viewed
from shared.domain.attachments import list_attachments, part_id, serve_as
from shared.domain.caller import Caller
from shared.domain.mail import Mail, Part
from shared.domain.message_body import plan_body
from shared.domain.mime_parameters import attachment_disposition
from shared.errors import NotFound, TooLarge
from shared.ports.gmail import GmailReader, LiveGmail

ATTACHMENT_LIMIT: Final = 25 * 1024 * 1024


@dataclass(frozen=True)
class ReadMessage:
    """One mail of one mailbox."""

    caller: Caller
    mailbox: str
    message_id: str
    images: Images = "block"


@dataclass(frozen=True)
class ReadThread:
    """One conversation of one mailbox."""

    caller: Caller
    mailbox: str
    thread_id: str
    images: Images = "block"


@dataclass(frozen=True)
class ReadAttachment:
    """One attachment; `attachment_id` is the number of its MIME part."""

    caller: Caller
    mailbox: str
    message_id: str
    attachment_id: str


@dataclass(frozen=True)
class AttachmentContent:
    """Bytes to be saved, in pieces, never shown as a page: type and headers are safe."""

    content: Iterator[bytes]
    content_type: str
    name: str

    @property
    def headers(self) -> dict[str, str]:
        """What keeps a browser from showing or sniffing the content, and from running it if it did."""
        return {
            "Content-Disposition": attachment_disposition(self.name),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }


def read_message(values: ReadMessage, services: Services) -> dict[str, Any]:
    """A Message (contract, section 3): one read, 20 units. Raises NotFound for hidden and missing alike.

    A colleague's costs two reads and some CRM calls more, and one write: the owner is told who opened it.
    """
    viewing = find_viewing(LookInto(values.caller, values.mailbox), services)
    message_id = checked_id(values.message_id)
    with viewed(viewing, services) as gmail:
        mail = _visible(gmail.get_mail(message_id), viewing)
        return show_mail(mail, _showing(values, viewing, gmail, services))


def read_thread(values: ReadThread, services: Services) -> dict[str, Any]:
    """The mails of a conversation that the caller may see, oldest first: one read, 40 to 200 units.

    Raises NotFound as above, also for a conversation of which nothing may be seen.
    """
    viewing = find_viewing(LookInto(values.caller, values.mailbox), services)
    thread_id = checked_id(values.thread_id)
    with viewed(viewing, services) as gmail:
        mails = gmail.get_thread(thread_id)
        viewing.expect(mail.metadata for mail in mails)
        shown = [mail for mail in mails if viewing.shows(mail.metadata)]
        if not shown:
            no_such_message()
        viewing.note(*(mail.metadata.id for mail in shown))
        showing = _showing(values, viewing, gmail, services)
        # The newest first: of a conversation too long for one call the old mails do without.
        newest_first = [show_mail(mail, showing) for mail in reversed(shown)]
    return {"id": thread_id, "items": newest_first[::-1]}


def read_attachment(values: ReadAttachment, services: Services) -> AttachmentContent:
    """One attachment: one read, 20 units for the mail's outline and 20 for the bytes.

    The outline is read first because Gmail's attachment ids change at every call. The bytes pass through in pieces of
    48 KiB. Raises NotFound, and TooLarge above 25 MiB.
    """
    viewing = find_viewing(LookInto(values.caller, values.mailbox), services)
    message_id = checked_id(values.message_id)
    with viewed(viewing, services) as gmail:
        mail = _visible(gmail.get_outline(message_id), viewing)
        part = _find(plan_body(mail.root).attachments, values.attachment_id)
        if part.attachment_id is None and part.body is None and part.size > 0:
            # A small one stands in the mail itself.
            part = _find(plan_body(gmail.get_mail(message_id).root).attachments, values.attachment_id)
        if part.size > ATTACHMENT_LIMIT:
            raise TooLarge(
                "The attachment is larger than 25 MB; open it in Gmail.", code="attachment_too_large"
            )
        content = _content(part, message_id, gmail)
        # What cannot be had is answered as an error: until the first piece is there, nothing has been.
        first = next(content, b"")
    described = list_attachments([part])[0]
    return AttachmentContent(chain([first], content), serve_as(first), described.name)


def _showing(
    values: ReadMessage | ReadThread, viewing: Viewing, gmail: GmailReader, services: Services
) -> Showing:
    return Showing(viewing.mailbox, values.caller.user, values.images, gmail, services.clean_html)


def _visible(mail: Mail, viewing: Viewing) -> Mail:
    if not viewing.shows(mail.metadata):
        no_such_message()
    viewing.note(mail.metadata.id)
    return mail


def _find(parts: tuple[Part, ...], attachment_id: str) -> Part:
    for part in parts:
        if part_id(part) == attachment_id:
            return part
    raise NotFound("There is no such attachment.")


def _content(part: Part, message_id: str, gmail: LiveGmail) -> Iterator[bytes]:
    if part.attachment_id is None:
        return iter((part.body or b"",))
    return gmail.stream_attachment(message_id, part.attachment_id)
