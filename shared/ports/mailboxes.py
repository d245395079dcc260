"""The rows of connected mailboxes and their sealed grants."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.audit import AuditEntry
from shared.domain.connection import SealedToken
from shared.domain.mailbox import Mailbox


class MailboxStore(Protocol):
    """The rows of connected mailboxes."""

    def get(self, mailbox: str) -> Mailbox | None:
        """One read."""
        ...

    def by_email(self, email: str) -> Sequence[Mailbox]:
        """Every mailbox of one Gmail account; several CRM users may have connected it. One query."""
        ...

    def of_org(self, org: str) -> Sequence[Mailbox]:
        """All mailboxes of an organisation. One query, one read per mailbox."""
        ...

    def get_many(self, mailboxes: Collection[str]) -> Sequence[Mailbox]:
        """Those that exist, ordered by id: one read each, one round trip."""
        ...

    def page_of_org(self, org: str, after: str | None, limit: int) -> Sequence[Mailbox]:
        """A page of an organisation's mailboxes, ordered by id, following the id `after`."""
        ...

    def watch_ending(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        """The mailboxes whose watch ends between these times, soonest first, at most a thousand. One read each."""
        ...

    def refreshed_between(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        """The mailboxes whose consent was last used between these times, at most a thousand. One read each, at least
        one.
        """
        ...

    def granted_between(self, after: datetime, before: datetime) -> Sequence[Mailbox]:
        """The mailboxes whose present consent was given between these times, likewise."""
        ...

    def leaving(self, limit: int) -> Sequence[Mailbox]:
        """Mailboxes whose disconnect has begun, the earliest first. One query, one read each, at least one."""
        ...

    def with_sharing(self, org: str, sharing: str) -> Sequence[Mailbox]:
        """The mailboxes whose owners have stored this sharing. One query, one read each, at least one."""
        ...

    def create(self, mailbox: Mailbox, *audit: AuditEntry, grant: SealedToken | None = None) -> Mailbox:
        """Writes a new row, with its grant and `audit` in the same commit, and answers it with its version.

        Raises Conflict if there is such a row already.
        """
        ...

    def update(
        self,
        mailbox: Mailbox,
        *fields: str,
        if_unchanged: bool = False,
        audit: Collection[AuditEntry] = (),
        grant: SealedToken | None = None,
    ) -> Mailbox:
        """Writes the named fields only, and answers the row with its new version. `audit`, and a `grant` that takes
        the place of the one before, are of the same commit.

        Raises NotFound if the row is gone, and Stale if `if_unchanged` and the row is not the one read.
        """
        ...

    def delete(self, mailbox: str, *audit: AuditEntry, version: object = None) -> int:
        """Deletes the row and its grant, with `audit` in the same commit, and answers the number of rows.

        Raises Stale if there is a row that is not of this `version`, where one is given.
        """
        ...


class GrantStore(Protocol):
    """Sealed refresh tokens, by mailbox."""

    def get(self, mailbox: str) -> SealedToken | None: ...

    def put(self, mailbox: str, token: SealedToken) -> None: ...

    def delete(self, mailbox: str) -> int: ...


class SealedGrants(Protocol):
    """The stored grants as a whole, for the rotation of the key that seals them."""

    def get(self, mailbox: str) -> SealedToken | None:
        """One read."""
        ...

    def page(self, after: str | None, limit: int) -> Sequence[tuple[str, SealedToken]]:
        """Grants by mailbox id, in the order of these, following the id `after`. One query, one read a grant."""
        ...

    def replace(self, mailbox: str, before: SealedToken, after: SealedToken) -> None:
        """Writes `after` where `before` is still what is stored. Raises Stale if not, NotFound if the row is gone."""
        ...
