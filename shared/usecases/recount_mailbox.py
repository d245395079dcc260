"""One mailbox's recount: what Gmail has of contacts' mail against what was noticed; gaps are repaired and named."""

from dataclasses import replace
from typing import Final

from shared.domain.mailbox import Mailbox
from shared.domain.recount import NAMED, Recount, next_recount
from shared.ports.gmail import Gmail
from shared.usecases.lease import Held
from shared.usecases.look_at_mail import CollectServices, may_look_at
from shared.usecases.repair_notices import SECOND, list_between, noticed_since, repair, unnoticed

PART: Final = 50
PARTS: Final = 3
"""Parts in one visit: 150 messages, 3,000 of a user's 6,000 units a minute."""


def recount_mailbox(mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices) -> Recount:
    """Counts one part of the period, or all of it where that is affordable, and keeps the proof.

    Gmail: 5 units per 500 messages of the period, and 20 for each that has no notice, strangers' mail among them, up
    to 150 a visit. Where that is not all, `held.state.recounting` asks the next tick to go on.
    """
    held.settle()
    since = held.state.since or mailbox.connected_at
    kept = services.notices.recount(mailbox.id)
    recount = next_recount(kept, since, services.clock.now())
    recount = _count(mailbox, held, recount, gmail, services)
    if recount.done:
        recount = _prove(mailbox, held, recount, gmail, services)
    held.keep((), services.notices, recount)
    held.state = replace(held.state, recounting=not recount.done)
    if recount.repaired:
        services.log.event("recount.repaired", "WARNING", mailbox=mailbox.id, count=recount.repaired)
    return recount


def _count(
    mailbox: Mailbox, held: Held, recount: Recount, gmail: Gmail, services: CollectServices
) -> Recount:
    start = recount.counted_to or recount.start
    wanted = unnoticed(mailbox, gmail, services, start, recount.end)
    before, position, done = held.created, start, 0
    repaired_ids = list(recount.repaired_ids)
    while done < len(wanted) and (done < PART * PARTS or position <= start + SECOND):
        part = wanted[done : done + PART]
        if may_look_at(len(part), gmail) < len(part):
            break
        plan = repair(mailbox, held, part, gmail, services)
        repaired_ids += [notice.message_id for notice in plan.notices]
        done += PART
        position = max(position, plan.newest or position)
    return replace(
        recount,
        repaired=recount.repaired + held.created - before,
        repaired_ids=tuple(repaired_ids[:NAMED]),
        counted_to=position if done < len(wanted) else None,
    )


def _prove(
    mailbox: Mailbox, held: Held, recount: Recount, gmail: Gmail, services: CollectServices
) -> Recount:
    """The numbers of the whole period: Gmail is listed once more, now that the gaps are closed."""
    listed = list_between(gmail, recount.start, recount.end)
    noticed = len(noticed_since(mailbox.id, recount.start - SECOND, services.notices).intersection(listed))
    unread = held.state.unseen.keys() | held.state.set_aside.keys()
    missing = tuple(message_id for message_id in listed if message_id in unread)
    return replace(
        recount,
        expected=noticed + len(missing),
        seen=max(0, noticed - recount.repaired),
        missing=missing[:NAMED],
    )
