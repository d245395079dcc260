"""Disconnect: by the owner, or by the organisation's admin."""

from dataclasses import dataclass
from typing import Literal

from functions.oauth.services import Services
from shared.domain.caller import Caller
from shared.domain.mailbox import mailbox_id
from shared.errors import NotFound
from shared.usecases.leave import Receipt, begin_leaving, leave


@dataclass(frozen=True)
class Disconnect:
    """Who leaves, and what becomes of the labels in Gmail."""

    caller: Caller
    labels: Literal["keep", "remove"]


def disconnect(values: Disconnect, services: Services) -> Receipt:
    """Leaves nothing behind: shared/usecases/leave.py. A call that dies on the way is finished by the next or a sweep.

    Raises NotFound if nothing is connected; what Google or a lost grant refuses is told in the receipt.
    """
    caller = values.caller
    mailbox = services.mailboxes.get(mailbox_id(caller.org, caller.user))
    if mailbox is None:
        raise NotFound("No Gmail account is connected.", code="not_connected")
    begun = begin_leaving(mailbox, caller.user, values.labels == "remove", services)
    return leave(begun, services)


@dataclass(frozen=True)
class RemoveMailbox:
    """The admin, a mailbox of the organisation, and what becomes of the labels in Gmail."""

    caller: Caller
    mailbox: str
    labels: Literal["keep", "remove"]


def remove_mailbox(values: RemoveMailbox, services: Services) -> Receipt:
    """The same by the organisation, for a user who has left it. Raises NotFound, also for another organisation's."""
    mailbox = services.mailboxes.get(values.mailbox) if values.mailbox.isalnum() else None
    if mailbox is None or mailbox.org != values.caller.org:
        raise NotFound("There is no such mailbox.", code="mailbox_not_found")
    begun = begin_leaving(mailbox, values.caller.user, values.labels == "remove", services)
    return leave(begun, services)
