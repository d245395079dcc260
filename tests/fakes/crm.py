"""A CRM in memory."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.addresses import normalize
from shared.domain.contact import Contact
from shared.errors import AppError, Misconfigured, NotFound
from shared.ports.connector import Audience, ChangedContact, ChangePage, CrmUser
from tests.fakes.clock import FakeClock


@dataclass
class FakeCrm:
    """Connector of one organisation. `hidden_from` names the users who may not see a contact, by its id.

    `people` None: a CRM without the optional routes. `tells_new_addresses`: a CRM with that optional field.
    """

    org: str = "acme"
    contacts: dict[str, Contact] = field(default_factory=dict)
    hidden_from: dict[str, set[str]] = field(default_factory=dict)
    people: list[CrmUser] | None = None
    tells_new_addresses: bool = True
    down: AppError | None = None
    lookups: int = 0
    clock: FakeClock = field(default_factory=FakeClock)
    changed: list[tuple[datetime, ChangedContact]] = field(default_factory=list)

    def lookup(self, org: str, addresses: Iterable[str]) -> Sequence[Contact]:
        wanted = {normalize(address) for address in addresses}
        if not wanted:
            return []
        if org != self.org:
            raise Misconfigured("The CRM knows no such organisation or route.", code="crm_not_found")
        self.lookups += 1
        if self.down is not None:
            raise self.down
        return [
            contact
            for contact in self.contacts.values()
            if wanted & {normalize(address) for address in contact.addresses}
        ]

    def changes(self, org: str, since: datetime, cursor: str | None = None) -> ChangePage:
        if self.down is not None:
            raise self.down
        changed: dict[str, ChangedContact] = {}
        for _, change in (each for each in self.changed if each[0] >= since):
            changed[change.contact.id] = _after(changed.get(change.contact.id), change)
        if since.year == 1970:
            changed |= {c.id: ChangedContact(c) for c in self.contacts.values()}
        return ChangePage(tuple(changed.values()), None, self.clock.now())

    def put(self, contact: Contact) -> None:
        """Makes or changes a contact."""
        before = self.contacts.get(contact.id)
        had = set(before.addresses if before else ())
        has = set(contact.addresses)
        self.contacts[contact.id] = contact
        new = tuple(sorted(has - had)) if self.tells_new_addresses else None
        self._note(ChangedContact(contact, tuple(sorted(had - has)), new))

    def remove(self, contact_id: str) -> None:
        """Deletes a contact."""
        gone = self.contacts.pop(contact_id)
        self._note(ChangedContact(Contact(gone.id, "", gone.kind, ()), gone.addresses, ()))

    def _note(self, change: ChangedContact) -> None:
        self.changed.append((self.clock.now(), change))

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        found = self.contacts.get(contact_id)
        if found is None or org != self.org or viewer in self.hidden_from.get(contact_id, ()):
            raise NotFound("There is no such contact.", code="contact_not_found")
        return found

    def users(self, org: str) -> Sequence[CrmUser] | None:
        return self.people

    def audience(
        self,
        org: str,
        viewers: Collection[str],
        *,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        names_for: str,
    ) -> Audience | None:
        if self.people is None:
            return None
        asked = [c for c in self.contacts.values() if (only is None or c.id in only) and c.id not in without]
        seen = {v: {c.id for c in asked if v not in self.hidden_from.get(c.id, ())} for v in sorted(viewers)}
        contacts = frozenset().union(*seen.values())
        sample = [c for c in asked if c.id in contacts and names_for not in self.hidden_from.get(c.id, ())]
        counts = tuple((viewer, len(ids)) for viewer, ids in seen.items() if ids)
        return Audience(counts, len(contacts), tuple((c.id, c.name) for c in sample[:20]))


def _after(earlier: ChangedContact | None, change: ChangedContact) -> ChangedContact:
    """A contact that changed twice: as it is now, with what is gone and new over both changes."""
    if earlier is None:
        return change
    has = set(change.contact.addresses)
    former = {*earlier.former_addresses, *change.former_addresses} - has
    if earlier.new_addresses is None or change.new_addresses is None:
        return ChangedContact(change.contact, tuple(sorted(former)))
    new = {*earlier.new_addresses, *change.new_addresses} & has
    return ChangedContact(change.contact, tuple(sorted(former)), tuple(sorted(new)))
