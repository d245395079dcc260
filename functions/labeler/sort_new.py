"""Mail that has come in since the last turn: its senders are known from its notices, so Gmail is only written to."""

from typing import Final

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from shared.domain.labels import Deed, plan_labels
from shared.usecases.lease import Held

AT_ONCE: Final = 1000
"""Notices sorted in one turn; the rest waits for the next, so that a turn ends well within its deadline."""


def sort_new(held: Held, desk: Desk) -> None:
    """Sorts what waits in the mailbox's queue and takes it off the queue.

    One read a notice, and for what we did before one a run that is found, at least one per 30 messages.
    """
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
    deeds = [
        Deed(message, None, category, inbox=message not in held.state.archived)
        for category, ids in plan.labelled.items()
        for message in ids
    ]
    # A turn that died, or a second reading of Gmail's history, may queue what we have labelled: since then it follows
    # its deals, and its user.
    last = desk.services.label_runs.last_deeds(desk.mailbox.id, [deed.message_id for deed in deeds])
    again = carry_out([d for d in deeds if d.message_id not in last], desk) | frozenset(plan.waiting)
    # At the end of the queue: what cannot be done now does not hold up the rest.
    rest = (message for message in waiting if message in again)
    held.state = held.state.with_queue([*held.state.unsorted[AT_ONCE:], *rest])
