"""Rotating the token key: every stored grant is sealed again under the newest version of the key."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from shared.domain.audit import found_at_google
from shared.domain.connection import SealedToken
from shared.domain.mailbox import NEEDS_RECONNECT, Health, Mailbox
from shared.errors import GrantLost, NotFound, Stale
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.mailboxes import MailboxStore, SealedGrants
from shared.ports.tokens import RotatingCipher

PAGE: Final = 100

Outcome = Literal["current", "resealed", "changed", "unreadable", "without_mailbox"]


@dataclass(frozen=True)
class ResealServices:
    """What the rotation needs. It never calls Google."""

    grants: SealedGrants
    mailboxes: MailboxStore
    cipher: RotatingCipher
    clock: Clock
    log: Log


@dataclass
class Resealed:
    """How many grants there were, by what came of each.

    `current` were under the newest key already; `changed` were replaced or deleted by somebody else meanwhile;
    `unreadable` open under no key, and their mailboxes say so; `without_mailbox` belong to no mailbox any more.
    """

    current: int = 0
    resealed: int = 0
    changed: int = 0
    unreadable: int = 0
    without_mailbox: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing but what cannot be read is left under an older key."""
        return not (self.resealed or self.changed)

    def as_counts(self) -> Mapping[str, int]:
        """By name, for the operator."""
        return asdict(self)


def reseal_grants(services: ResealServices) -> Resealed:
    """Seals page by page; one read a grant, and two reads and one write more for each that is not current.

    A run that is killed anywhere leaves every grant readable, under the old key or the new one; the next run does the
    rest. Each write names the grant that was read, so a reconnect in between is never overwritten.
    """
    counts, newest = Resealed(), services.cipher.newest()
    after: str | None = None
    while page := services.grants.page(after, PAGE):
        for mailbox, sealed in page:
            outcome = "current" if sealed.key_version == newest else _reseal(mailbox, sealed, services)
            setattr(counts, outcome, getattr(counts, outcome) + 1)
        after = page[-1][0]
    services.log.event("grants.resealed", count=counts.resealed, skipped=counts.current)
    return counts


def _reseal(identifier: str, sealed: SealedToken, services: ResealServices) -> Outcome:
    mailbox = services.mailboxes.get(identifier)
    if mailbox is None:
        return "without_mailbox"
    bound_to = (mailbox.org, mailbox.user, mailbox.id)
    try:
        token = services.cipher.open(sealed, bound_to)
    except GrantLost:
        # The page may be older than the row: a reconnect in between has brought a grant that can be read.
        if services.grants.get(identifier) != sealed:
            return "changed"
        _mark(mailbox, services)
        return "unreadable"
    try:
        services.grants.replace(identifier, sealed, services.cipher.seal(token, bound_to))
    except (Stale, NotFound):
        return "changed"
    return "resealed"


def _mark(mailbox: Mailbox, services: ResealServices) -> None:
    if mailbox.health.code in NEEDS_RECONNECT:
        return
    now = services.clock.now()
    marked = replace(mailbox, health=Health("token_unreadable", now))
    told = found_at_google(mailbox, "grant.lost", now, health=(mailbox.health.code, "token_unreadable"))
    try:
        services.mailboxes.update(marked, "health", if_unchanged=True, audit=[told])
    except (Stale, NotFound):
        # Connected again, or disconnected, meanwhile; the next run looks again.
        return
    services.log.event("mailbox.needs_reconnect", "WARNING", mailbox=mailbox.id, code="token_unreadable")
