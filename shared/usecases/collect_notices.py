"""From Gmail's history to notices: what MailMagnet does on a push and on a sweep.

Read, decide, write; the cursor moves last. A visit that has much to read saves its way after each part.
"""

from dataclasses import replace
from typing import Final

from shared.domain.mailbox import Mailbox
from shared.domain.notice import is_incoming
from shared.ports.gmail import Gmail, History, HistoryExpired
from shared.usecases.lease import Held
from shared.usecases.look_at_mail import (
    CollectServices,
    after_look,
    look_at,
    may_look_at,
    note_set_aside,
    tell,
    waiting_ids,
)
from shared.usecases.repair_notices import is_second_look_due, recover, second_look

ROUNDS: Final = 3
"""Times that one visit looks again because pushes came during it; then it is the next tick's."""
MOST: Final = 200
"""New messages that one visit looks at: 4,000 of a user's 6,000 units a minute."""


def collect_notices(
    mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices, *, pushed: bool = False
) -> None:
    """Reads what is new in a leased mailbox, and leaves notices and a moved cursor with `held`, to be saved together.

    `pushed`: a push of Gmail's brought us here; without one, new mail means that pushes do not come.
    Gmail: 2 units a history page and 20 a message; one connector call per 200 senders; one write a notice. Where
    there are no units for all of it, a next visit goes on: `due`.
    """
    more = True
    if pushed:
        held.state = replace(held.state, unannounced=False)
    looked = 0
    while looked < MOST:
        if looked:
            held.checkpoint()
        history = _affordable_history(held, gmail, services)
        if history is None:
            break
        if isinstance(history, HistoryExpired):
            more = recover(mailbox, held, gmail, services)
            break
        _collect_part(mailbox, held, history, gmail, services, first=looked == 0, pushed=pushed)
        looked += max(1, len(history.added))
        more = history.more
        if not more:
            break
    if not more and is_second_look_due(held.state, services.clock.now()):
        second_look(mailbox, held, gmail, services)
    held.state = replace(held.state, due=more)
    note_set_aside(mailbox, held.state, services)


def collect_and_go(mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices) -> None:
    """Gives the mailbox back, but first reads what pushes have told of during the visit.

    Where all of it was read already, that costs nothing.
    """
    for _ in range(ROUNDS):
        # What is due anyway is more than a user's quota allows now.
        if held.state.due or held.give_back_unless_told():
            break
        collect_notices(mailbox, held, gmail, services, pushed=True)


def _affordable_history(
    held: Held, gmail: Gmail, services: CollectServices
) -> History | HistoryExpired | None:
    """As much of what is new as there are units to look at: None where there are none."""
    history = gmail.history(held.state.cursor)
    if isinstance(history, HistoryExpired):
        return history
    new = [message for message in history.added if is_incoming(message.label_ids)]
    asked = len(new) + len(waiting_ids(held.state, services.clock.now()))
    payable = may_look_at(asked, gmail)
    if payable == asked:
        return history
    return gmail.history(held.state.cursor, most=payable) if payable else None


def _collect_part(
    mailbox: Mailbox,
    held: Held,
    history: History,
    gmail: Gmail,
    services: CollectServices,
    *,
    first: bool,
    pushed: bool,
) -> None:
    state, now = held.state, services.clock.now()
    added = [message.id for message in history.added if is_incoming(message.label_ids)]
    asked = list(dict.fromkeys([*added, *(waiting_ids(state, now) if first else [])]))
    plan = look_at(mailbox, state, asked, gmail, services)
    # Announced before they exist: a run that dies in between announces them again, and none goes untold.
    services.announce(mailbox, plan.notices, plan.contacts)
    after = after_look(mailbox, state, asked, plan)
    silent = state.unannounced or (bool(added) and not pushed)
    cursor = max(state.cursor, history.cursor)
    held.state = replace(after, cursor=cursor, handled_at=now, unannounced=silent)
    held.keep(plan.notices, services.notices)
    tell(mailbox, state, plan, services)
