"""The caller's own mailbox, and what its Gmail may be used for."""

from collections.abc import Collection, Mapping, Sequence

from functions.labeler.services import Services
from shared.domain.caller import Caller
from shared.domain.mail import Mail, MailMetadata
from shared.domain.mailbox import GmailLabel, Mailbox, mailbox_id
from shared.errors import AppError, NotFound
from shared.ports.gmail import GmailReader, MessagePage


def find_own(caller: Caller, services: Services) -> Mailbox:
    """One read. Raises NotFound (code not_connected)."""
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    return mailbox


def find_in_org(caller: Caller, identifier: str, services: Services) -> Mailbox:
    """A mailbox of the admin's organisation: one read. Raises NotFound, for another organisation's too."""
    mailbox = services.mailboxes.get(identifier) if identifier.isalnum() else None
    if mailbox is None or mailbox.org != caller.org:
        raise NotFound("There is no such mailbox in your organisation.", code="mailbox_not_found")
    return mailbox


class ReadingOnly:
    """GmailReader and nothing more: who is given this cannot change a mailbox."""

    def __init__(self, reader: GmailReader) -> None:
        self._reader = reader

    @property
    def units(self) -> int:
        return self._reader.units

    def list_messages(
        self,
        *,
        query: str = "",
        label_ids: Sequence[str] = (),
        limit: int = 50,
        page_token: str | None = None,
        include_spam_trash: bool = False,
    ) -> MessagePage:
        return self._reader.list_messages(
            query=query,
            label_ids=label_ids,
            limit=limit,
            page_token=page_token,
            include_spam_trash=include_spam_trash,
        )

    def get_metadata(
        self, message_ids: Sequence[str], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        return self._reader.get_metadata(message_ids, headers)

    def get_listed(
        self, ids: Sequence[tuple[str, str]], headers: Collection[str]
    ) -> Mapping[str, MailMetadata | AppError]:
        return self._reader.get_listed(ids, headers)

    def get_mail(self, message_id: str) -> Mail:
        return self._reader.get_mail(message_id)

    def get_thread(self, thread_id: str) -> Sequence[Mail]:
        return self._reader.get_thread(thread_id)

    def get_attachment(self, message_id: str, attachment_id: str) -> bytes:
        return self._reader.get_attachment(message_id, attachment_id)

    def list_labels(self) -> Sequence[GmailLabel]:
        return self._reader.list_labels()
