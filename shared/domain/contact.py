"""Contacts and deals, as the CRM tells them. They are read at each use and never stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.domain.addresses import normalize

DealState = Literal["open", "won", "lost"]


@dataclass(frozen=True)
class Deal:
    """One deal of a contact. `closing_date` is a calendar day in the organisation's time zone."""

    id: str
    name: str
    state: DealState
    closing_date: date | None = None
    amount: float | None = None


@dataclass(frozen=True)
class Contact:
    """A contact or a lead, with primary and secondary addresses."""

    id: str
    name: str
    kind: Literal["contact", "lead"]
    addresses: tuple[str, ...]
    deals: tuple[Deal, ...] = ()


def by_address(contacts: Iterable[Contact]) -> Mapping[str, tuple[Contact, ...]]:
    """Contacts by each normalised address; an address may belong to several contacts."""
    found: dict[str, tuple[Contact, ...]] = {}
    for contact in contacts:
        for address in dict.fromkeys(normalize(a) for a in contact.addresses):
            found[address] = (*found.get(address, ()), contact)
    return found
