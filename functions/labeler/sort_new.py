"""Mail that has come in since the last turn: its senders are known from its notices, so Gmail is only written to."""

from dataclasses import replace
from typing import Final

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from shared.domain.labels import Deed, plan_labels
from shared.usecases.lease import Held

AT_ONCE: Final = 1000
"""Notices sorted in one turn; the rest waits for the next, so that a turn ends well within its deadline."""


def sort_new(held: Held, desk: Desk) -> None:
    """Sorts what waits in the mailbox's queue and takes it off the queue. One read a notice."""
    waiting = held.state.unsorted[:AT_ONCE]
    if not waiting:
        return
    notices = desk.services.notices.get_many(desk.mailbox.id, waiting)
    contacts = desk.contacts_of({notice.sender for notice in notices})
    plan = plan_labels(
        notices,
        contacts,
        desk.zone,
        desk.now,
        count_won_this_month=desk.policy.count_won_this_month,
    )
    deeds = [Deed(message, None, category) for category, ids in plan.labelled.items() for message in ids]
    again = carry_out(deeds, desk) | frozenset(plan.waiting)
    # At the end of the queue: what cannot be done now does not hold up the rest.
    queue = (*held.state.unsorted[AT_ONCE:], *(message for message in waiting if message in again))
    held.state = replace(held.state, unsorted=queue)
