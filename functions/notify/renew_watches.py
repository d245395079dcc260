"""Renewing watches: Gmail forgets one after seven days, so each is renewed every day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

from functions.notify.services import Services
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SLOTS
from shared.errors import AppError, NotFound
from shared.usecases.lost_grant import noting_lost_grant

PAGE: Final = 300


def renew_watches(services: Services) -> Mapping[str, int]:
    """Renews the watch of every mailbox with MailMagnet on: 100 units each. One failure does not stop the rest."""
    renewed = failed = 0
    for mailbox in watched_mailboxes(services):
        try:
            _renew(mailbox, services)
            renewed += 1
        except AppError as error:
            failed += 1
            services.log.event("watch.not_renewed", "WARNING", mailbox=mailbox.id, code=error.code)
    return {"renewed": renewed, "failed": failed}


def watched_mailboxes(services: Services) -> Iterable[Mailbox]:
    """Every mailbox that works and has MailMagnet on, read one by one."""
    for identifier in chain.from_iterable(_slot(slot, services) for slot in range(SLOTS)):
        mailbox = services.mailboxes.get(identifier)
        if mailbox is not None and mailbox.works and mailbox.settings.mailmagnet:
            yield mailbox


def _slot(slot: int, services: Services) -> Iterable[str]:
    after: str | None = None
    while page := services.syncs.in_slot(slot, PAGE, after):
        yield from page
        after = page[-1]


def _renew(mailbox: Mailbox, services: Services) -> None:
    with noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log):
        watch = services.gmail.open(mailbox).watch(services.gmail_topic)
    try:
        services.mailboxes.update(replace(mailbox, watch_expires_at=watch.expires_at), "watch_expires_at")
    except NotFound:
        services.log.event("mailbox.gone", mailbox=mailbox.id)
