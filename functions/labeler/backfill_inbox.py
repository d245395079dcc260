"""The first time: the Inbox as it is when labels go on, from its newest mail on, as much in each turn as a user's quota
allows beside the user's own calls. What a turn has done is never done again; the next goes on below it."""

from collections.abc import Sequence
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


def backfill_inbox(desk: Desk) -> None:
    """One part of the Inbox's mail from contacts.

    1 unit for the labels, 5 per search of 100 addresses, 20 a header (40 for two or more in a thread), 50 for each
    category's change (5 a message up to ten messages). Progress stands in the mailbox row; one write at its begin, one
    at the end of the turn.
    """
    check_labels(desk)
    services, position = desk.services, desk.row.backfill_before
    found = sorted_addresses(desk.mailbox.org, desk.policy, desk.now, services.connector)
    services.crm_cursors.begin(CrmCursor(desk.mailbox.org, found.at, desk.calendar))
    threads = inbox_of_contacts(found, desk.gmail)
    order = sorted({*threads, *_just_noticed(desk)}, key=newest_first, reverse=True)
    if position:
        order = [message_id for message_id in order if newest_first(message_id) < newest_first(position)]
    done = desk.mailbox.labeling.done if position else 0
    _tell(done, done + len(order), desk)
    mails, unread = read_headers(order, desk, threads, in_parts=True)
    failed = carry_out(sort_inbox(mails, desk, remembers=_remembers(desk)), desk)
    finished = _finished(order, unread | failed)
    _move_on(order, finished, desk)
    _tell(done + finished, done + len(order), desk)


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


def _finished(order: Sequence[str], unfinished: frozenset[str]) -> int:
    """How many messages from the newest on are done without a gap."""
    return next((at for at, message_id in enumerate(order) if message_id in unfinished), len(order))


def _move_on(order: Sequence[str], finished: int, desk: Desk) -> None:
    if finished == len(order):
        # Labels are right for this month by what was just asked; what came before them has its own turn.
        calendar = desk.row.calendar or desk.calendar
        desk.row = replace(desk.row, backfill=False, backfill_before="", calendar=calendar)
    elif finished:
        desk.row = replace(
            desk.row, backfill_before=order[finished - 1], calendar=desk.row.calendar or desk.calendar
        )


def _tell(done: int, total: int, desk: Desk) -> None:
    state: LabelingState = "backfill" if done < total else "idle"
    labeling = replace(desk.mailbox.labeling, state=state, done=done, total=total)
    if labeling != desk.mailbox.labeling:
        desk.mailbox = replace(desk.mailbox, labeling=labeling)
        desk.save_mailbox("labeling")
