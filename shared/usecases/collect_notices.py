"""From Gmail's history to notices: what MailMagnet does on a push, on a sweep and on a recount.

Read, decide, write; the cursor moves last, with the lease given back, in one write.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.addresses import normalize
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Mailbox
from shared.domain.notice import NOTICE_HEADERS, NoticePlan, is_incoming, plan_notices, sender_of
from shared.domain.sync import SyncState
from shared.errors import AppError
from shared.log import Log
from shared.ports import Clock, Connector, Gmail, History, HistoryExpired, NoticeStore
from shared.usecases.lease import Held

OVERLAP: Final = timedelta(hours=1)
"""How far before the last handled time a search starts: Gmail's search index lags behind."""
LIST_PAGE: Final = 500


@dataclass(frozen=True)
class CollectServices:
    """What collecting needs."""

    notices: NoticeStore
    connector: Connector
    clock: Clock
    log: Log


@dataclass(frozen=True)
class Collected:
    """What came of it: new notices, and messages that Gmail does not show yet."""

    created: int
    waiting: int


def collect_notices(mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices) -> Collected:
    """Reads what is new in a leased mailbox, keeps notices, and sets `held.state` to go on from there.

    Gmail: 2 units a history page and 20 a message; one connector call per 200 senders; one write a notice.
    """
    state, now = held.state, services.clock.now()
    history = gmail.history(state.cursor)
    if isinstance(history, HistoryExpired):
        return _recover(mailbox, held, gmail, services, now)
    added = [message.id for message in history.added if is_incoming(message.label_ids)]
    plan = _look(mailbox, list(dict.fromkeys([*added, *state.unseen])), state.unseen, gmail, services)
    created = [services.notices.create(mailbox.id, notice) for notice in plan.notices]
    # Also those that were there already: a run that died after create() had not queued them.
    held.state = _moved(mailbox, state, plan, history, now)
    return _collected(mailbox, sum(created), plan, services)


def repair_notices(
    mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices, since: datetime
) -> Collected:
    """Lists what came after `since`, whatever history says, and keeps the notices that are missing.

    A notice that exists was sorted before and is not queued again: what the user undid since then stays undone.
    """
    state, now = held.state, services.clock.now()
    listed = _listed(gmail, since)
    known = {notice.message_id for notice in services.notices.get_many(mailbox.id, listed)}
    asked = list(dict.fromkeys([*(i for i in listed if i not in known), *state.unseen]))
    plan = _look(mailbox, asked, state.unseen, gmail, services)
    unchanged = History((), state.cursor)
    held.state = _moved(mailbox, state, plan, unchanged, now)
    if plan.notices:
        # Queued before they exist: a run that dies in between would otherwise take them for sorted.
        held.checkpoint()
    created = [services.notices.create(mailbox.id, notice) for notice in plan.notices]
    return _collected(mailbox, sum(created), plan, services)


def _recover(
    mailbox: Mailbox, held: Held, gmail: Gmail, services: CollectServices, now: datetime
) -> Collected:
    """The cursor is too old for Gmail: take a new one first, list what came since, and only then move."""
    services.log.event("history.expired", "WARNING", mailbox=mailbox.id)
    _, fresh = gmail.address_and_cursor()
    collected = repair_notices(mailbox, held, gmail, services, held.state.handled_at - OVERLAP)
    held.state = replace(held.state, cursor=max(fresh, held.state.cursor), handled_at=now)
    return collected


def _listed(gmail: Gmail, since: datetime) -> list[str]:
    """Ids of all mail after `since`, whatever folder; only epoch seconds are exact in a search."""
    found: list[str] = []
    token: str | None = None
    while True:
        page = gmail.list_messages(query=f"after:{int(since.timestamp())}", limit=LIST_PAGE, page_token=token)
        found += [message_id for message_id, _ in page.ids]
        token = page.next_page_token
        if token is None:
            return found


def _look(
    mailbox: Mailbox,
    message_ids: Sequence[str],
    unseen: Mapping[str, datetime],
    gmail: Gmail,
    services: CollectServices,
) -> NoticePlan:
    mails: Mapping[str, MailMetadata | AppError] = (
        gmail.get_metadata(message_ids, NOTICE_HEADERS) if message_ids else {}
    )
    senders = {s for mail in mails.values() if isinstance(mail, MailMetadata) and (s := sender_of(mail))}
    return plan_notices(mails, _known(mailbox.org, senders, services.connector), unseen, services.clock.now())


def _known(org: str, senders: Collection[str], connector: Connector) -> frozenset[str]:
    """Those senders that the CRM knows; its answer is matched exactly, whatever it searched by."""
    if not senders:
        return frozenset()
    contacts = connector.lookup(org, senders)
    return frozenset(normalize(a) for contact in contacts for a in contact.addresses) & frozenset(senders)


def _moved(
    mailbox: Mailbox, state: SyncState, plan: NoticePlan, history: History, now: datetime
) -> SyncState:
    queued = [notice.message_id for notice in plan.notices] if mailbox.settings.labels else []
    return replace(
        state,
        cursor=max(state.cursor, history.cursor),
        handled_at=now,
        unsorted=tuple(dict.fromkeys([*state.unsorted, *queued])),
        unseen=plan.unseen,
        due=False,
    )


def _collected(mailbox: Mailbox, created: int, plan: NoticePlan, services: CollectServices) -> Collected:
    for message_id in plan.gone:
        services.log.event("message.gone", mailbox=mailbox.id, message_id=message_id)
    if created or plan.unseen:
        services.log.event("notices.collected", mailbox=mailbox.id, notices=created, count=len(plan.unseen))
    return Collected(created, len(plan.unseen))
