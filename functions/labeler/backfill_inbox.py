"""The first time: the Inbox as it is when labels go on, from its newest mail on, as much in each turn as a user's quota
allows beside the user's own calls. What a turn has done is never done again; the next goes on below it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from functions.labeler.find_mail import read_headers, sort_inbox
from functions.labeler.inbox_search import inbox_of_contacts, sorted_addresses
from functions.labeler.keep_labels import check_labels
from shared.domain.mailbox import LabelingState
from shared.domain.sender_search import newest_first
from shared.ports.labeling import CrmCursor

INDEX_LAG: Final = timedelta(hours=1)
JUST_NOTICED: Final = 200
REMEMBERED: Final = 1000
"""Messages that a turn leaves to the next ones with their ids: these need no search. 35 KB in the row."""
FEW: Final = 10
"""Where no more than these are left of them, the rest is searched for: Gmail may refuse the last ones for long."""


def backfill_inbox(desk: Desk) -> None:
    """One part of the Inbox's mail from contacts.

    1 unit for the labels, 5 per search of 150 addresses once for 1,000 messages, 20 a header (40 for two or more in a
    thread), 50 for each category's change (5 a message up to ten messages). Progress stands in the mailbox row; one
    write at its begin, one at the end of the turn.
    """
    check_labels(desk)
    row, labeling = desk.row, desk.mailbox.labeling
    threads, more = dict(row.backfill_left), row.backfill_more
    if not threads or (more and len(threads) <= FEW):
        threads, more = threads | _search(desk), False
    order = list(threads)
    # At once: a turn that is put off at the headers has searched for the next one too.
    _remember(order, threads, more, desk)
    done = labeling.done if row.backfill_before else 0
    total = done + len(order)
    if row.backfill_more and desk.row.backfill_more:
        # Counted when the rest was last searched for; before that it is another backfill's.
        total = max(total, labeling.total)
    _tell(done, total, desk)
    known = {message_id: thread for message_id, thread in threads.items() if thread}
    mails, unread = read_headers(order, desk, known)
    failed = carry_out(sort_inbox(mails, desk, remembers=_remembers(desk)), desk)
    left = [message_id for message_id in order if message_id in unread | failed]
    _move_on(order, left, desk)
    _remember(left, threads, more, desk)
    _tell(done + len(order) - len(left), total, desk)


def _search(desk: Desk) -> dict[str, str]:
    """What is to be sorted, newest first, with its threads (empty: not known): all that is not done yet."""
    services, position = desk.services, desk.row.backfill_before
    found = sorted_addresses(desk.mailbox.org, desk.policy, desk.now, services.connector)
    services.crm_cursors.begin(CrmCursor(desk.mailbox.org, found.at, desk.calendar))
    threads = dict.fromkeys(_just_noticed(desk), "") | inbox_of_contacts(found, desk.gmail)
    order = sorted(threads, key=newest_first, reverse=True)
    return {i: threads[i] for i in order if not position or newest_first(i) < newest_first(position)}


def _just_noticed(desk: Desk) -> list[str]:
    """Notices of the last hour: Gmail's search may not know their mail yet, and nothing has queued it before labels."""
    notices = desk.services.notices.page(
        desk.mailbox.id, since=desk.now - INDEX_LAG, before=None, limit=JUST_NOTICED
    )
    return [notice.message_id for notice in notices]


def _remembers(desk: Desk) -> bool:
    """Whether there is anything to look up: on the very first turn there is not."""
    return bool(desk.row.backfill_before or desk.row.calendar) or desk.services.label_runs.has_any(
        desk.mailbox.id
    )


def _move_on(order: Sequence[str], left: Sequence[str], desk: Desk) -> None:
    """To the last message from which on all newer ones are done or remembered."""
    row = desk.row
    reached = order[: order.index(left[REMEMBERED])] if len(left) > REMEMBERED else order
    before = reached[-1] if reached else row.backfill_before
    # Labels are right for this month by what was just asked; what came before them has its own turn.
    desk.row = replace(row, calendar=row.calendar or desk.calendar, backfill_before=before)


def _remember(left: Sequence[str], threads: Mapping[str, str], more: bool, desk: Desk) -> None:
    """What is to be sorted next; `more`: and what is to be searched for after it."""
    more = more or len(left) > REMEMBERED
    row = replace(
        desk.row, backfill_left=tuple((i, threads[i]) for i in left[:REMEMBERED]), backfill_more=more
    )
    desk.row = row if left or more else replace(row, backfill=False, backfill_before="")


def _tell(done: int, total: int, desk: Desk) -> None:
    state: LabelingState = "backfill" if done < total else "idle"
    labeling = replace(desk.mailbox.labeling, state=state, done=done, total=total)
    desk.change_mailbox(lambda mailbox: replace(mailbox, labeling=labeling))
