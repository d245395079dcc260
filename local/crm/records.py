"""The records in memory, and the log of what changed when. Safe for threads: every call holds one lock."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from local.crm.models import Contact, ContactFields, Deal, DealFields, Seed, User


@dataclass(frozen=True)
class Change:
    """A contact was written or deleted. `former` are the addresses that it had just before."""

    number: int
    at: datetime
    contact_id: str
    former: tuple[str, ...]


@dataclass(frozen=True)
class ChangedContact:
    """`contact` is None where it was deleted. `former` are addresses that it had and has no longer, `new` those that it
    has and had not.
    """

    id: str
    contact: Contact | None
    former: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class ChangePage:
    """One page of changes. `last` is the number of the last change read, `more` whether others follow."""

    changed: tuple[ChangedContact, ...]
    last: int
    more: bool
    now: datetime


class Records:
    """The CRM's contacts, deals and users. `now` gives aware datetimes."""

    def __init__(self, seed: Seed, now: Callable[[], datetime]) -> None:
        self.org = seed.org
        self._users = {user.id: user for user in seed.users}
        self._contacts: dict[str, Contact] = {}
        self._log: list[Change] = []
        self._now = now
        self._latest = now()
        self._lock = threading.Lock()
        # Loading counts as a change: what was altered before a restart is lost, so all may differ from before.
        for contact in seed.contacts:
            self._write(contact.id, contact)

    def users(self) -> list[User]:
        """All users, in the seed's order."""
        return list(self._users.values())

    def user(self, user_id: str) -> User | None:
        """The user of this id."""
        return self._users.get(user_id)

    def contacts(self) -> list[Contact]:
        """All contacts, in the order in which they were made."""
        with self._lock:
            return list(self._contacts.values())

    def contact(self, contact_id: str) -> Contact | None:
        """The contact of this id."""
        with self._lock:
            return self._contacts.get(contact_id)

    def with_addresses(self, addresses: Iterable[str]) -> list[Contact]:
        """The contacts that have any of the addresses, compared without case."""
        wanted = {address.casefold() for address in addresses}
        return [
            contact
            for contact in self.contacts()
            if any(address.casefold() in wanted for address in contact.addresses)
        ]

    def put_contact(
        self, contact_id: str, fields: ContactFields, deals: tuple[Deal, ...] | None
    ) -> tuple[Contact, bool]:
        """Makes or replaces a contact; `deals` None keeps its deals. Tells whether it is new."""
        with self._lock:
            before = self._contacts.get(contact_id)
            if deals is None:
                deals = before.deals if before else ()
            contact = Contact(id=contact_id, deals=deals, **dict(fields))
            self._write(contact_id, contact)
            return contact, before is None

    def delete_contact(self, contact_id: str) -> bool:
        """Deletes a contact with its deals; False where there is none."""
        with self._lock:
            if contact_id not in self._contacts:
                return False
            self._write(contact_id, None)
            return True

    def put_deal(self, contact_id: str, deal_id: str, fields: DealFields) -> tuple[Deal, bool] | None:
        """Makes or replaces a deal in its place; None where there is no such contact."""
        with self._lock:
            contact = self._contacts.get(contact_id)
            if contact is None:
                return None
            deal = Deal(id=deal_id, **dict(fields))
            deals = {one.id: one for one in contact.deals}
            is_new = deal_id not in deals
            deals[deal_id] = deal
            self._write(contact_id, contact.model_copy(update={"deals": tuple(deals.values())}))
            return deal, is_new

    def delete_deal(self, contact_id: str, deal_id: str) -> bool:
        """Deletes a deal; False where there is none."""
        with self._lock:
            contact = self._contacts.get(contact_id)
            if contact is None or all(deal.id != deal_id for deal in contact.deals):
                return False
            kept = tuple(deal for deal in contact.deals if deal.id != deal_id)
            self._write(contact_id, contact.model_copy(update={"deals": kept}))
            return True

    def changes(self, since: datetime, after: int, limit: int) -> ChangePage:
        """Contacts changed at `since` or later, in the order of their change, after change number `after`.

        A contact changed several times in one page appears once, as it is now.
        """
        with self._lock:
            due = [change for change in self._log[after:] if change.at >= since]
            former: dict[str, set[str]] = {}
            first: dict[str, tuple[str, ...]] = {}
            last = after
            for read, change in enumerate(due):
                if change.contact_id not in former and len(former) == limit:
                    return self._page(former, first, last, more=read < len(due))
                first.setdefault(change.contact_id, change.former)
                former.setdefault(change.contact_id, set()).update(change.former)
                last = change.number
            return self._page(former, first, last, more=False)

    def _page(
        self, former: dict[str, set[str]], first: dict[str, tuple[str, ...]], last: int, more: bool
    ) -> ChangePage:
        changed = []
        for contact_id, addresses in former.items():
            contact = self._contacts.get(contact_id)
            has = set(contact.addresses if contact else ())
            gone, new = addresses - has, has.difference(first[contact_id])
            changed.append(ChangedContact(contact_id, contact, tuple(sorted(gone)), tuple(sorted(new))))
        # Taken under the lock: a change that is not in this page is not older than this moment.
        return ChangePage(tuple(changed), last, more, self._moment())

    def _write(self, contact_id: str, contact: Contact | None) -> None:
        before = self._contacts.get(contact_id)
        if contact is None:
            del self._contacts[contact_id]
        else:
            self._contacts[contact_id] = contact
        former = before.addresses if before else ()
        self._log.append(Change(len(self._log) + 1, self._moment(), contact_id, former))

    def _moment(self) -> datetime:
        # Never before a moment already told, even if the machine's clock was set back: a change would be missed.
        self._latest = max(self._latest, self._now())
        return self._latest
