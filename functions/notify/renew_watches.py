"""Renewing watches: Gmail forgets one after seven days, so each is renewed every day, in its mailbox's own hour."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from functions.notify.services import Services
from functions.notify.warn_of_ends import warn_of_ends
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.domain.sync import SLOTS, place_of_day
from shared.domain.watching import LAPSED, LATE, WATCH_CODES, health_after, is_alarming, is_fresh
from shared.errors import AppError, NotFound, Stale
from shared.usecases.at_once import at_once
from shared.usecases.leave import stop_watch
from shared.usecases.lost_grant import noting_lost_grant
from shared.usecases.pages import pages

PAGE: Final = 300
AT_ONCE: Final = 8
"""Gmail accounts renewed at the same time."""
ATTEMPTS: Final = 8
"""How often a renewal is noted again when others write to the same row; each time somebody else has won."""


def renew_watches(services: Services) -> Mapping[str, int]:
    """Renews the watches of this hour's mailboxes, and of any that a day has passed by: 100 units each.

    One failure does not stop the rest; it is told by mailbox, and as an alarm with less than 48 hours left. Then the
    CRM is warned of what ends soon.
    """
    outcomes = list(at_once(AT_ONCE, _due(services), lambda m: (m, _renewed(m, services))))
    failed = [(mailbox, code) for mailbox, code in outcomes if code is not None]
    # A consent that is lost is told of as such, and has taken its watch along.
    warned = warn_of_ends([m for m, code in failed if code not in NEEDS_RECONNECT], services)
    return {"renewed": len(outcomes) - len(failed), "failed": len(failed), "warned": warned}


def _due(services: Services) -> Iterable[Mailbox]:
    now = services.clock.now()
    seen: set[str] = set()
    for mailbox in services.mailboxes.watch_ending(now - LAPSED, now + LATE):
        seen.add(mailbox.id)
        if is_watched(mailbox):
            yield mailbox
    for page in pages(lambda after: services.syncs.in_hour(now.hour, PAGE, after)):
        for mailbox in services.mailboxes.get_many([i for i in page if i not in seen]):
            if is_watched(mailbox) and not is_fresh(mailbox.watch_expires_at, now):
                yield mailbox


def is_watched(mailbox: Mailbox) -> bool:
    """Whether MailMagnet is at work in this mailbox."""
    return mailbox.works and mailbox.settings.mailmagnet


def watched_mailboxes(services: Services) -> Iterable[Mailbox]:
    """Every mailbox that works and has MailMagnet on, once round from the place of the day.

    So a run that its time-out cuts off leaves out others each day, however little of the way it comes.
    """
    for page in _round(services):
        yield from filter(is_watched, services.mailboxes.get_many(page))


def _round(services: Services) -> Iterable[Sequence[str]]:
    first, place = place_of_day(services.clock.now())
    yield from pages(lambda after: services.syncs.in_slot(first, PAGE, after or place))
    for slot in (*range(first + 1, SLOTS), *range(first)):
        yield from pages(lambda after, slot=slot: services.syncs.in_slot(slot, PAGE, after))  # type: ignore[misc]
    for page in pages(lambda after: services.syncs.in_slot(first, PAGE, after)):
        yield [mailbox for mailbox in page if mailbox <= place]
        if page[-1] > place:
            return


def _renewed(mailbox: Mailbox, services: Services) -> str | None:
    """Renews one watch and answers None, or the code of what went wrong."""
    try:
        with noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log):
            gmail = services.gmail.open(mailbox, "background")
            watch = gmail.watch(services.gmail_topic)
    except AppError as error:
        services.log.event("watch.not_renewed", "WARNING", mailbox=mailbox.id, code=error.code)
        if is_alarming(mailbox.watch_expires_at, services.clock.now()):
            services.log.event("watch.expiring", "ERROR", mailbox=mailbox.id, code=error.code)
        _keep(mailbox, error.code, None, services)
        return error.code
    other = _keep(mailbox, None, watch.expires_at, services)
    if other is not None:
        # Its watch was stopped before we began it anew. Where Gmail fails now, its pushes are passed over.
        with suppress(AppError):
            stop_watch(other, gmail, services.mailboxes)
    return None


def _keep(
    mailbox: Mailbox, failure: str | None, expires_at: datetime | None, services: Services
) -> Mailbox | None:
    """Writes what has changed of the row: the watch's end, and the health where this renewal has a say in it.

    Answers the row as it is now where MailMagnet is no longer at work in it: nothing is written then. One write, and a
    read and a write more for each time that somebody else was first.
    """
    for _ in range(ATTEMPTS):
        fields = _changes(mailbox, failure, expires_at, services.clock.now())
        try:
            if fields:
                services.mailboxes.update(replace(mailbox, **fields), *fields, if_unchanged=True)
        except NotFound:
            # Disconnected meanwhile: there is nothing left to write to.
            return None
        except Stale:
            current = services.mailboxes.get(mailbox.id)
            if current is None or not is_watched(current):
                return current
            mailbox = current
        else:
            return None
    services.log.event("watch.not_noted", "WARNING", mailbox=mailbox.id)
    return None


def _changes(
    mailbox: Mailbox, failure: str | None, expires_at: datetime | None, now: datetime
) -> dict[str, Any]:
    fields: dict[str, Any] = {} if expires_at is None else {"watch_expires_at": expires_at}
    code = health_after(failure, expires_at or mailbox.watch_expires_at, now)
    # A Google that is down passes by itself; a watch that has lapsed stops notices until somebody has acted.
    ours = mailbox.health.code in WATCH_CODES | {"ok", "google_down"}
    if code is not None and ours and code != mailbox.health.code:
        fields["health"] = Health(code, now)
    return fields
