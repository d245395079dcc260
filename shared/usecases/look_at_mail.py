"""One look at messages in Gmail: who wrote them, whether the CRM knows the sender, what that leads to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.contact import by_address
from shared.domain.mail import MailMetadata
from shared.domain.mailbox import Health, Mailbox
from shared.domain.notice import NOTICE_HEADERS, EarlierLooks, Notice, NoticePlan, plan_notices, sender_of
from shared.domain.sync import SyncState
from shared.errors import AppError, NotFound, Stale
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.connector import Connector
from shared.ports.gmail import Gmail
from shared.ports.mailboxes import MailboxStore
from shared.ports.notices import NoticeStore

SET_ASIDE: Final = "messages_set_aside"
ASK_AGAIN: Final = timedelta(minutes=50)
"""A message that was set aside is asked for again at the mailbox's hourly visit."""
ASK_AGAIN_AT_ONCE: Final = 25
LOOK_UNITS: Final = 20
"""What Gmail takes for one message's header."""

AnnounceNotices = Callable[[Mailbox, Sequence[Notice], Mapping[str, str]], object]
"""Mailbox, its new notices, contact ids by sender."""


def tell_nobody(_mailbox: Mailbox, _notices: Sequence[Notice], _contacts: Mapping[str, str]) -> None:
    """Where no webhook is wanted."""


@dataclass(frozen=True)
class CollectServices:
    """What collecting needs. `announce` tells the CRM of notices, at least once each."""

    notices: NoticeStore
    connector: Connector
    mailboxes: MailboxStore
    clock: Clock
    log: Log
    announce: AnnounceNotices = tell_nobody


def waiting_ids(state: SyncState, now: datetime) -> list[str]:
    """Ids from earlier looks whose turn it is again."""
    late = [message_id for message_id, asked in state.set_aside.items() if now - asked >= ASK_AGAIN]
    return [*state.unseen, *late[:ASK_AGAIN_AT_ONCE]]


def may_look_at(count: int, gmail: Gmail) -> int:
    """At how many of so many messages there are units to look now; they are kept for it."""
    return gmail.afford(LOOK_UNITS * count) // LOOK_UNITS


def look_at(
    mailbox: Mailbox, state: SyncState, message_ids: Sequence[str], gmail: Gmail, services: CollectServices
) -> NoticePlan:
    """Reads one header of each and asks the CRM about the senders: 20 units a message, one call per 200 senders."""
    mails: Mapping[str, MailMetadata | AppError] = (
        gmail.get_metadata(message_ids, NOTICE_HEADERS) if message_ids else {}
    )
    senders = {s for mail in mails.values() if isinstance(mail, MailMetadata) and (s := sender_of(mail))}
    known = _known(mailbox.org, senders, services.connector)
    earlier = EarlierLooks(state.unseen, state.tries, state.set_aside)
    return replace(plan_notices(mails, known, earlier, services.clock.now()), contacts=known)


def _known(org: str, senders: Collection[str], connector: Connector) -> Mapping[str, str]:
    """Those senders that the CRM knows, with a contact's id; its answer is matched exactly, whatever it searched by."""
    if not senders:
        return {}
    contacts = by_address(connector.lookup(org, senders))
    return {sender: contacts[sender][0].id for sender in senders if contacts.get(sender)}


def after_look(mailbox: Mailbox, state: SyncState, asked: Sequence[str], plan: NoticePlan) -> SyncState:
    """The row after a look at `asked`: what earns a label is queued, what could not be read is remembered."""
    queued = [notice.message_id for notice in plan.notices] if mailbox.settings.labels else []
    done = frozenset(asked)
    return replace(
        state,
        unsorted=tuple(dict.fromkeys([*state.unsorted, *queued])),
        archived=state.archived | (plan.archived & frozenset(queued)),
        unseen={i: when for i, when in state.unseen.items() if i not in done} | dict(plan.unseen),
        tries={i: n for i, n in state.tries.items() if i not in done} | dict(plan.tries),
        set_aside={i: when for i, when in state.set_aside.items() if i not in done} | dict(plan.set_aside),
    )


def tell(mailbox: Mailbox, before: SyncState, plan: NoticePlan, services: CollectServices) -> None:
    """Logs what a look led to, and by ids what it could not read."""
    for message_id in plan.gone:
        services.log.event("message.gone", mailbox=mailbox.id, message_id=message_id)
    for message_id in plan.set_aside.keys() - before.set_aside.keys():
        services.log.event("message.set_aside", "ERROR", mailbox=mailbox.id, message_id=message_id)
    if plan.notices or plan.unseen:
        found = len(plan.notices)
        services.log.event("notices.collected", mailbox=mailbox.id, notices=found, count=len(plan.unseen))


def note_set_aside(mailbox: Mailbox, state: SyncState, services: CollectServices) -> None:
    """Says in the mailbox's health that messages are set aside, and when none is any more: one write if it changes."""
    code = SET_ASIDE if state.set_aside else "ok"
    if mailbox.health.code in ("ok", SET_ASIDE) and mailbox.health.code != code:
        marked = replace(mailbox, health=Health(code, services.clock.now()))
        # Whoever has just changed the row knows better, or it is gone; the next visit looks again.
        with suppress(Stale, NotFound):
            services.mailboxes.update(marked, "health", if_unchanged=True)
