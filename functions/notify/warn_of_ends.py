"""Telling the CRM, once, of what will end at a known moment: a watch, an unused consent, a consent given in testing."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from functions.notify.services import Services
from shared.domain.health import TESTING_LIFE, UNUSED_LIFE, UNUSED_WARNING, Warned, warnings_of
from shared.domain.mailbox import Mailbox
from shared.errors import AppError, NotFound

MOMENT = timedelta(microseconds=1)


def warn_of_ends(not_renewed: Collection[Mailbox], services: Services) -> int:
    """Announces each warning of `GET /oauth/mailbox` that the CRM was not told of yet; answers how many.

    `not_renewed` are the mailboxes whose watch has just not been renewed. One query, two while the app is in testing;
    one read of the policy for a mailbox to be warned of, and one write. Told before it is noted: who dies in between
    tells again, under the same id.
    """
    told = 0
    for mailbox in _candidates(not_renewed, services):
        warnings = warnings_of(mailbox, services.clock.now(), testing=services.testing)
        new = [warned for warned in warnings if mailbox.warned.get(warned.code) != warned.at]
        try:
            if new and services.announce_warnings(mailbox, new):
                _note(mailbox, warnings, services)
                told += len(new)
        except AppError as error:
            # The next hour tries again.
            services.log.event("warning.not_told", "WARNING", mailbox=mailbox.id, code=error.code)
    return told


def _candidates(not_renewed: Collection[Mailbox], services: Services) -> Iterable[Mailbox]:
    now = services.clock.now()
    found = {mailbox.id: mailbox for mailbox in not_renewed}
    unused = services.mailboxes.refreshed_between(now - UNUSED_LIFE, now - UNUSED_LIFE + UNUSED_WARNING)
    given = services.mailboxes.granted_between(now - TESTING_LIFE, now + MOMENT) if services.testing else ()
    return ({mailbox.id: mailbox for mailbox in (*unused, *given)} | found).values()


def _note(mailbox: Mailbox, warnings: Collection[Warned], services: Services) -> None:
    noted = replace(mailbox, warned={warned.code: warned.at for warned in warnings})
    # Disconnected meanwhile: there is nothing left to note.
    with suppress(NotFound):
        services.mailboxes.update(noted, "warned")
