"""Contacts and deals of the CRM, in every state that the labels distinguish."""

import calendar
import random
from datetime import date, timedelta
from typing import Any

from local.demo.cast import CONTACTS, ORGANISATION, USERS, Person

# One row per contact, repeated; 15 deals in 10 contacts. The words are read by `_deal`.
_PROFILES: tuple[tuple[str, ...], ...] = (
    ("this_month",),
    ("this_month", "won"),
    ("overdue",),
    ("later", "lost"),
    ("undated",),
    ("won", "won"),
    ("won", "later"),
    ("lost",),
    (),
    ("this_month", "overdue", "won"),
)
_SUBJECTS = ("Lighting", "Cold store", "Sensor kit", "Service contract", "Spare parts", "Refit")
# Contacts that only some colleagues may see; all others are visible to all.
_VISIBLE_TO = {
    6: ["alice", "bob"],
    12: ["alice", "bob"],
    22: ["bob", "chloe"],
    31: ["daniel"],
    47: ["chloe"],
}


def crm_records(rng: random.Random, today: date) -> dict[str, Any]:
    """The content of `crm.yaml`: organisation, users, contacts with their deals."""
    numbers = iter(range(1, 1000))
    return {
        "org": ORGANISATION,
        "users": [_user(user) for user in USERS],
        "contacts": [
            _contact(index, person, [_deal(rng, next(numbers), word, today) for word in _profile(index)])
            for index, person in enumerate(CONTACTS)
        ],
    }


def _profile(index: int) -> tuple[str, ...]:
    # The shift keeps a language (ten or so contacts in a row) from having one profile only at each company.
    return _PROFILES[(index * 3 + index // 10) % len(_PROFILES)]


def _user(user: Any) -> dict[str, Any]:
    record = {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "roles": list(user.roles),
        "permissions": list(user.permissions),
    }
    return record | ({"superior": user.superior} if user.superior else {})


def _contact(index: int, person: Person, deals: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "kind": "lead" if index % 3 == 2 else "contact",
        "addresses": list(person.addresses),
        "visible_to": _VISIBLE_TO.get(index, "all"),
        "deals": deals,
    }


def _deal(rng: random.Random, number: int, word: str, today: date) -> dict[str, Any]:
    closing = _closing_date(rng, word, today)
    return {
        "id": f"d{number:03}",
        "name": f"{rng.choice(_SUBJECTS)} {today.year}-{number:03}",
        "state": word if word in {"won", "lost"} else "open",
        "closing_date": closing.isoformat() if closing else None,
        "amount": rng.randrange(8, 900) * 100,
    }


def _closing_date(rng: random.Random, word: str, today: date) -> date | None:
    first = today.replace(day=1)
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if word == "this_month":
        return first + timedelta(days=rng.randrange((last - first).days + 1))
    if word == "later":
        return last + timedelta(days=rng.randrange(1, 200))
    if word == "undated":
        return None
    return first - timedelta(days=rng.randrange(1, 120))
