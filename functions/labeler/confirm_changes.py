"""The admin's word that a run which has stopped, because much would change, may go on."""

from functions.labeler.services import Services
from shared.domain.caller import Caller
from shared.errors import NotFound


def confirm_changes(caller: Caller, mailbox: str, services: Services) -> None:
    """Lets the next tick go on with what was held. Raises NotFound where nothing of this organisation's is held."""
    if not mailbox.isalnum() or not services.labelings.confirm(mailbox, caller.org):
        raise NotFound("Nothing waits for your word in this mailbox.", code="nothing_held")
    services.log.event("labels.confirmed", mailbox=mailbox)
