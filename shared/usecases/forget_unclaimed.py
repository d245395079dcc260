"""Consents that nobody has completed within ten minutes: revoked at Google, and forgotten (RFC 9700)."""

from collections.abc import Callable
from typing import Final

from shared.domain.connection import Connection
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.errors import AppError, GrantLost
from shared.usecases.end_consent import EndServices, end_consent

AT_ONCE: Final = 200


def forget_unclaimed(services: EndServices) -> int:
    """Ends the attempts that are too old; answers how many. One query, and one write each.

    One that Google does not take back now stays for the next time.
    """
    forgotten = 0
    for connection in services.connections.expired(services.clock.now(), AT_ONCE):
        try:
            give_back_consent(connection, services)
            services.connections.delete(connection.id)
            forgotten += 1
        except AppError as error:
            services.log.event("connection.not_forgotten", "WARNING", code=error.code)
    return forgotten


def give_back_consent(
    connection: Connection, services: EndServices, lives: Callable[[Mailbox], bool] = lambda mailbox: True
) -> None:
    """Revokes the attempt's consent, unless a mailbox lives on it: Google ends all tokens of account and client.

    `lives` tells which mailboxes count. Raises UpstreamDown, Throttled, or Misconfigured.
    """
    grant = connection.grant
    if grant is None:
        return
    bound_to = (connection.org, connection.user, mailbox_id(connection.org, connection.user))
    try:
        token = services.cipher.open(grant.sealed_token, bound_to)
    except GrantLost:
        # Unreadable, so unusable too; nothing can be revoked with it.
        return
    end_consent(grant.email, grant.google_sub, token, services, lives)
