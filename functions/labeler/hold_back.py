"""The brake: where too much of a mailbox would change, nothing does until the organisation's admin says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from functions.labeler.desk import Desk
from functions.labeler.find_mail import list_ids
from shared.domain.labels import STOP_ABOVE, STOP_FROM, Deed, is_too_much
from shared.domain.mailbox import Health, Mailbox

CHANGES_HELD = "label_changes_held"


def must_stop(deeds: Sequence[Deed], unchecked: int, desk: Desk) -> bool:
    """Whether so many changes, with those that are not checked yet, are more than the mailbox may take unasked.

    Counts the labelled mail as far as it matters: 5 units per 500. Stops the mailbox.
    """
    changes = len(deeds) + unchecked
    if desk.row.confirmed or changes < STOP_FROM:
        return False
    labelled, enough = 0, int(changes / STOP_ABOVE) + 1
    for label in desk.mailbox.labels.values():
        labelled += len(list_ids(desk.gmail, label=label.id, most=enough))
    if not is_too_much(changes, labelled):
        return False
    desk.row = replace(desk.row, held=True)
    desk.services.log.event("labels.held", "WARNING", mailbox=desk.mailbox.id, count=changes)
    return True


def told_held(mailbox: Mailbox, now: datetime) -> Mailbox:
    """A held mailbox, whose health says that it waits for its admin, unless something worse stands there."""
    return replace(mailbox, health=Health(CHANGES_HELD, now)) if mailbox.health.code == "ok" else mailbox
