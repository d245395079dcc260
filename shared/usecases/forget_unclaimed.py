"""Consents that nobody has completed within ten minutes: revoked at Google, and forgotten (RFC 9700)."""

from dataclasses import dataclass
from typing import Final

from shared.domain.connection import Connection
from shared.domain.mailbox import mailbox_id
from shared.errors import AppError, GrantLost
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.connections import ConnectionStore
from shared.ports.google_consent import GoogleConsent
from shared.ports.mailboxes import MailboxStore
from shared.ports.tokens import TokenCipher

AT_ONCE: Final = 200


@dataclass(frozen=True)
class ForgetServices:
    """What forgetting needs."""

    connections: ConnectionStore
    mailboxes: MailboxStore
    consent: GoogleConsent
    cipher: TokenCipher
    clock: Clock
    log: Log


def forget_unclaimed(services: ForgetServices) -> int:
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


def give_back_consent(connection: Connection, services: ForgetServices) -> None:
    """Revokes the attempt's consent, unless a mailbox lives on it: Google ends all tokens of account and client."""
    grant = connection.grant
    if grant is None or is_account_in_use(grant.email, grant.google_sub, services.mailboxes):
        return
    bound_to = (connection.org, connection.user, mailbox_id(connection.org, connection.user))
    try:
        token = services.cipher.open(grant.sealed_token, bound_to)
    except GrantLost:
        # Unreadable, so unusable too; nothing can be revoked with it.
        return
    services.consent.revoke(token)


def is_account_in_use(email: str, google_sub: str, mailboxes: MailboxStore) -> bool:
    """Whether some CRM user's mailbox lives on this Google account: one query."""
    return any(mailbox.google_sub == google_sub for mailbox in mailboxes.by_email(email))
