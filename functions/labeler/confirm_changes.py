"""The admin's word that a run which has stopped, because much would change, may go on."""

from dataclasses import dataclass

from functions.labeler.services import Services
from shared.domain.caller import Caller
from shared.errors import NotFound


@dataclass(frozen=True)
class ConfirmChanges:
    """The admin, and the mailbox whose changes may go on."""

    caller: Caller
    mailbox: str


def confirm_changes(values: ConfirmChanges, services: Services) -> None:
    """Lets the next tick go on with what was held. Raises NotFound where nothing of this organisation's is held."""
    mailbox = values.mailbox
    if not mailbox.isalnum() or not services.labelings.confirm(mailbox, values.caller.org):
        raise NotFound("Nothing waits for your word in this mailbox.", code="nothing_held")
    services.log.event("labels.confirmed", mailbox=mailbox)
