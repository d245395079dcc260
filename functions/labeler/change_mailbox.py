"""A change of the mailbox's row that writes over nothing others have written to it meanwhile."""

from collections.abc import Callable
from dataclasses import fields

from functions.labeler.services import Services
from shared.domain.audit import found_at_google, settings_changes
from shared.domain.mailbox import Mailbox
from shared.errors import NotFound, Stale
from shared.usecases.lease import SAVES, busy


def change_mailbox(mailbox: Mailbox, change: Callable[[Mailbox], Mailbox], services: Services) -> Mailbox:
    """Writes what `change` makes of the row, and answers it: one write, none where it changes nothing.

    A read and a write more for each time that others were first: then `change` is asked again, about what is stored
    by then. Changed settings come with their audit entry. Raises NotFound where the mailbox was disconnected meanwhile,
    also where it is connected anew, and TryAgain where others never stop writing.
    """
    found = mailbox
    for _ in range(SAVES):
        after = change(found)
        changed = [f.name for f in fields(Mailbox) if getattr(after, f.name) != getattr(found, f.name)]
        if not changed:
            return found
        told = settings_changes(found.settings, after.settings)
        now = services.clock.now()
        audit = [found_at_google(found, "settings.changed", now, **told)] if told else []
        try:
            return services.mailboxes.update(after, *changed, if_unchanged=True, audit=audit)
        except Stale:
            current = services.mailboxes.get(mailbox.id)
            if current is None or current.connected_at != mailbox.connected_at:
                raise NotFound("This mailbox was disconnected meanwhile.", code="no_work") from None
            found = current
    raise busy()
