"""Ending a consent at Google, and what becomes of one that is given at the same moment.

Google ends every token of an account and client at once (ADR 0007), also one that was given a moment before and whose
mailbox is not written yet. So the end is noted before anybody asks whether a mailbox lives on the account, and whoever
keeps a grant looks for the note after the mailbox is written (ADR 0020). Of the two, one sees the other:

- the note was not there: the mailbox was written before the note, so it is seen to live, and nothing is ended;
- the note was there: the grant is tried, by the one who keeps it and again after the end. A dead one is marked at once.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

from shared.domain.connection import CONNECT_WITHIN
from shared.domain.mailbox import Mailbox
from shared.errors import AppError, GrantLost
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.connections import ConnectionStore
from shared.ports.google_consent import GoogleConsent
from shared.ports.mailboxes import GrantStore, MailboxStore
from shared.ports.tokens import TokenCipher
from shared.usecases.lost_grant import note_lost_grant

NOTED_FOR: Final[timedelta] = 2 * CONNECT_WITHIN
"""So long an end is remembered: as long as a consent that it may have met can be completed, and as long again for
clocks that differ and a Google that is slow."""


class EndServices(Protocol):
    """What ending a consent needs: part of what those have who do it."""

    @property
    def connections(self) -> ConnectionStore: ...

    @property
    def mailboxes(self) -> MailboxStore: ...

    @property
    def grants(self) -> GrantStore: ...

    @property
    def consent(self) -> GoogleConsent: ...

    @property
    def cipher(self) -> TokenCipher: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def log(self) -> Log: ...


def end_consent(
    email: str,
    google_sub: str,
    token: str,
    services: EndServices,
    lives: Callable[[Mailbox], bool] = lambda mailbox: True,
) -> bool:
    """Revokes the consent of a Google account, unless a mailbox lives on it; answers whether Google has.

    `lives` tells which mailboxes count. One write and two queries. Raises UpstreamDown or Throttled.
    """
    services.connections.note_end(google_sub, services.clock.now() + NOTED_FOR)
    if _living(email, google_sub, services, lives):
        return False
    revoked = services.consent.revoke(token)
    for mailbox in _living(email, google_sub, services, lives):
        try_grant(mailbox, services)
    return revoked


def check_kept_grant(mailbox: Mailbox, services: EndServices) -> Mailbox:
    """Tries the grant of a mailbox that was just written, where its consent may have been ended meanwhile.

    One read; where an end is noted, one token call more. Answers the row as it is then.
    """
    if not services.connections.is_ending(mailbox.google_sub, services.clock.now()):
        return mailbox
    try_grant(mailbox, services)
    return services.mailboxes.get(mailbox.id) or mailbox


def try_grant(mailbox: Mailbox, services: EndServices) -> None:
    """Marks the mailbox where Google has ended its consent, so that its owner is told what to do. One token call.

    Where Google does not answer, the next use tells.
    """
    sealed = services.grants.get(mailbox.id)
    if sealed is None:
        return
    try:
        services.consent.refresh(services.cipher.open(sealed, (mailbox.org, mailbox.user, mailbox.id)))
    except GrantLost as error:
        note_lost_grant(mailbox, error, services.mailboxes, services.clock, services.log)
    except AppError as error:
        services.log.event("grant.not_tried", "WARNING", mailbox=mailbox.id, code=error.code)


def _living(
    email: str, google_sub: str, services: EndServices, lives: Callable[[Mailbox], bool]
) -> list[Mailbox]:
    found = services.mailboxes.by_email(email)
    return [mailbox for mailbox in found if mailbox.google_sub == google_sub and lives(mailbox)]
