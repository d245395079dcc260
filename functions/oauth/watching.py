"""Starting and stopping MailMagnet in Gmail: one watch per Gmail account, however many CRM users share it."""

from dataclasses import replace
from typing import TypeGuard

from functions.oauth.services import Services
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SyncState, slot_of
from shared.ports.gmail import Gmail
from shared.usecases import leave


def asks_for_work(mailbox: Mailbox | None) -> TypeGuard[Mailbox]:
    """Whether a row of work may be there: what is begun for any other mailbox is ended again."""
    return mailbox is not None and mailbox.leaving is None and mailbox.settings.mailmagnet


def start_watch(mailbox: Mailbox, gmail: Gmail, services: Services) -> Mailbox:
    """Asks Gmail for pushes on all mail and begins at the present cursor: 100 units, one write."""
    watch = gmail.watch(services.gmail_topic)
    _begin(mailbox, watch.cursor, services)
    return replace(mailbox, watch_expires_at=watch.expires_at)


def begin_paused(mailbox: Mailbox, gmail: Gmail, services: Services) -> None:
    """Begins at the present cursor and asks for no pushes: what comes during the pause is not lost. One unit."""
    _, cursor = gmail.address_and_cursor()
    _begin(mailbox, cursor, services)


def _begin(mailbox: Mailbox, cursor: int, services: Services) -> None:
    now = services.clock.now()
    services.syncs.create(
        SyncState(
            mailbox=mailbox.id,
            org=mailbox.org,
            cursor=cursor,
            handled_at=now,
            slot=slot_of(mailbox.id),
            since=now,
        )
    )


def stop_watch(mailbox: Mailbox, gmail: Gmail, services: Services) -> bool:
    """Ends the pushes, unless another CRM user's MailMagnet lives on the same account: 50 units, one query."""
    return leave.stop_watch(mailbox, gmail, services.mailboxes)
