"""Finding contacts' mail without history: by Gmail's search, oldest first, in parts that a visit can afford.

Search is used for what came after a moment, in epoch seconds (dates would mean midnight Pacific). Its index lags
behind, so what has just come may be absent: whoever moves a cursor on its word asks once more later (`second_look`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.mailbox import Mailbox
from shared.domain.notice import NoticePlan
from shared.domain.sync import VISIBLE_WITHIN, SyncState
from shared.ports.gmail import Gmail
from shared.ports.notices import NoticeStore
from shared.usecases.lease import Held
from shared.usecases.look_at_mail import CollectServices, after_look, look_at, may_look_at, tell

OVERLAP: Final = timedelta(hours=1)
"""How far before the last handled time a search starts: Gmail's search index lags behind."""
SECOND: Final = timedelta(seconds=1)
LIST_PAGE: Final = 500
NOT_WRITTEN_HERE: Final = "-in:sent -in:drafts"
"""Of single messages: a conversation with an answer of the user's is not left out."""
NOTICE_PAGE: Final = 300
PART: Final = 50
PARTS: Final = 4
"""Parts read in one visit: 200 messages, 4,000 of a user's 6,000 units a minute. More only where so many came in one
second that the visit would not get on."""


def recover(mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices) -> bool:
    """The cursor is too old for Gmail. Takes a new one first, lists what came since, and only then moves.

    Answers whether the next visit has to go on: then the cursor has not moved, and `relist_from` says how far we are.
    """
    services.log.event("history.expired", "WARNING", mailbox=mailbox.id)
    now = services.clock.now()
    _, fresh = gmail.address_and_cursor()
    start = held.state.relist_from or held.state.handled_at - OVERLAP
    more = _repair_from(mailbox, held, gmail, services, start)
    if not more:
        cursor = max(fresh, held.state.cursor)
        held.state = replace(held.state, cursor=cursor, handled_at=now, relist_from=now - OVERLAP)
    return more


def is_second_look_due(state: SyncState, now: datetime) -> bool:
    """Whether an expired cursor was replaced so long ago that the index has caught up."""
    return state.relist_from is not None and now >= state.relist_from + OVERLAP + VISIBLE_WITHIN


def second_look(mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices) -> None:
    """Lists once more what came about when the cursor was replaced, and repairs what was missing."""
    start = held.state.relist_from or services.clock.now() - OVERLAP
    if not _repair_from(mailbox, held, gmail, services, start):
        held.state = replace(held.state, relist_from=None)


def _repair_from(
    mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices, start: datetime
) -> bool:
    """Repairs from `start` on; where that is too much for one visit, `relist_from` is where to go on (True)."""
    held.settle()
    start = max(start, held.state.since or start)
    wanted = unnoticed(mailbox, gmail, services, start)
    position, done = start, 0
    while done < len(wanted) and (done < PART * PARTS or position <= start + SECOND):
        part = wanted[done : done + PART]
        if may_look_at(len(part), gmail) < len(part):
            break
        newest = repair(mailbox, held, part, gmail, services).newest
        done += PART
        position = max(position, newest or position)
        held.state = replace(held.state, relist_from=position)
    return done < len(wanted)


def unnoticed(
    mailbox: Mailbox, gmail: Gmail, services: CollectServices, start: datetime, end: datetime | None = None
) -> list[str]:
    """Ids of all mail between these times that has no notice, oldest first."""
    known = noticed_since(mailbox.id, start - SECOND, services.notices)
    return [message_id for message_id in list_between(gmail, start, end) if message_id not in known]


def noticed_since(mailbox: str, since: datetime, notices: NoticeStore) -> frozenset[str]:
    """Ids of the mailbox's notices of mail that came at `since` or later: one read each."""
    found: list[str] = []
    before: tuple[datetime, str] | None = None
    while page := notices.page(mailbox, since=since, before=before, limit=NOTICE_PAGE):
        found += [notice.message_id for notice in page]
        before = (page[-1].received_at, page[-1].message_id)
        if len(page) < NOTICE_PAGE:
            break
    return frozenset(found)


def list_between(gmail: Gmail, start: datetime, end: datetime | None = None) -> list[str]:
    """Ids of all mail from `start` (to `end`), oldest first, without spam, trash, sent mail and drafts: 5 units per
    500. What was sent is not incoming, also where it was sent to oneself, and would cost 20 units to be looked at.

    Whole seconds, and one more at each end: whether `after:` counts the second it names is not documented.
    """
    query = f"{NOT_WRITTEN_HERE} after:{int((start - SECOND).timestamp())}"
    if end is not None:
        query += f" before:{int((end + 2 * SECOND).timestamp())}"
    found: list[str] = []
    token: str | None = None
    while True:
        page = gmail.list_messages(query=query, limit=LIST_PAGE, page_token=token)
        found += [message_id for message_id, _ in page.ids]
        token = page.next_page_token
        if token is None:
            return found[::-1]


def repair(
    mailbox: Mailbox, held: Held, message_ids: Sequence[str], gmail: Gmail, services: CollectServices
) -> NoticePlan:
    """Keeps the missing notices of these messages, and answers what the look at them led to.

    None of them may have a notice: one that exists was sorted before, and what the user undid since stays undone.
    """
    before = held.state
    plan = look_at(mailbox, before, message_ids, gmail, services)
    held.state = after_look(mailbox, before, message_ids, plan)
    # Announced before they exist: a run that dies in between would otherwise take them for told.
    services.announce(mailbox, plan.notices, plan.contacts)
    held.keep(plan.notices, services.notices)
    held.settle()
    tell(mailbox, before, plan, services)
    return plan
