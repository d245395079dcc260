"""The CRM."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.contact import Contact


class Connector(Protocol):
    """The CRM."""

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]:
        """Contacts and leads with any of these addresses; one call per 200."""
        ...

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        """Raises NotFound if there is none or that user may not see it."""
        ...


@dataclass(frozen=True)
class CrmUser:
    """A user of the CRM. `superior` is another user's id."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    superior: str | None = None


@dataclass(frozen=True)
class Audience:
    """Which contacts some users may see, of those that were asked about.

    `by_viewer` counts per user id; `contacts` is how many different ones at least one of them sees; `sample` names
    some of these by (id, name).
    """

    by_viewer: tuple[tuple[str, int], ...]
    contacts: int
    sample: tuple[tuple[str, str], ...]


class SharingConnector(Protocol):
    """What sharing asks the CRM."""

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]: ...

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        """Raises NotFound if there is none or that user may not see it."""
        ...

    def users(self, org: str) -> Sequence[CrmUser] | None:
        """All users; None where the CRM does not tell (an optional route)."""
        ...

    def audience(
        self,
        org: str,
        viewers: Collection[str],
        *,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        names_for: str,
    ) -> Audience | None:
        """Who of `viewers` sees which contacts: all but `without`, or those of `only`; None where it does not tell.

        The sample holds only contacts that `names_for` may see.
        """
        ...


@dataclass(frozen=True)
class ChangedContact:
    """A contact as it is now (a deleted one has no addresses), addresses that it no longer has, and those that it has
    got. `new_addresses` None: the CRM does not tell.
    """

    contact: Contact
    former_addresses: tuple[str, ...] = ()
    new_addresses: tuple[str, ...] | None = None

    @property
    def gained(self) -> tuple[str, ...]:
        """Addresses that it may not have had before: where the CRM does not tell, all of them."""
        return self.contact.addresses if self.new_addresses is None else self.new_addresses


@dataclass(frozen=True)
class ChangePage:
    """One page of changes; `now` of the first page is the `since` of the next round."""

    changed: tuple[ChangedContact, ...]
    next_cursor: str | None
    now: datetime


class ChangesConnector(Connector, Protocol):
    """The CRM, with what changed."""

    def changes(self, org: str, since: datetime, cursor: str | None = None) -> ChangePage:
        """Contacts made, changed or deleted at `since` or later; at most 200 a page."""
        ...
