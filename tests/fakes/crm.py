"""A CRM in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.domain.addresses import normalize
from shared.domain.contact import Contact
from shared.errors import AppError, Misconfigured, NotFound


@dataclass
class FakeCrm:
    """Connector of one organisation. `hidden_from` names the users who may not see a contact, by its id."""

    org: str = "acme"
    contacts: dict[str, Contact] = field(default_factory=dict)
    hidden_from: dict[str, set[str]] = field(default_factory=dict)
    down: AppError | None = None
    lookups: int = 0

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

    def contact(self, org: str, contact_id: str, viewer: str) -> Contact:
        found = self.contacts.get(contact_id)
        if found is None or org != self.org or viewer in self.hidden_from.get(contact_id, ()):
            raise NotFound("There is no such contact.", code="contact_not_found")
        return found
