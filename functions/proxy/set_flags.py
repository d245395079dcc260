"""Read, starred, archived: what a user marks on a mail of their own."""

from dataclasses import dataclass
from typing import Any

from functions.proxy.own_mailbox import checked_id, find_own, no_such_message, opened
from functions.proxy.services import Services
from shared.domain.caller import Caller
from shared.domain.mail import MailMetadata
from shared.domain.message import SUMMARY_HEADERS, summarize


@dataclass(frozen=True)
class SetFlags:
    """The marks to change; None leaves one as it is."""

    caller: Caller
    message_id: str
    read: bool | None = None
    starred: bool | None = None
    archived: bool | None = None


def set_flags(values: SetFlags, services: Services) -> dict[str, Any]:
    """The mail's MessageSummary afterwards: one read, 5 units for the change and 20 for the mail.

    Raises NotFound for a mail that is not in the caller's own mailbox.
    """
    mailbox = find_own(values.caller, services)
    message_id = checked_id(values.message_id)
    # Gmail's labels say the opposite of two of our words: UNREAD, and INBOX for what is not archived.
    wanted = {
        "UNREAD": None if values.read is None else not values.read,
        "STARRED": values.starred,
        "INBOX": None if values.archived is None else not values.archived,
    }
    add = [label for label, on in wanted.items() if on is True]
    remove = [label for label, on in wanted.items() if on is False]
    with opened(mailbox, services) as gmail:
        if add or remove:
            for failure in gmail.modify([message_id], add=add, remove=remove).values():
                raise failure
        outcome = gmail.get_metadata([message_id], SUMMARY_HEADERS).get(message_id)
    if outcome is None:
        no_such_message()
    if not isinstance(outcome, MailMetadata):
        raise outcome
    return summarize(outcome, mailbox, values.caller.user)
