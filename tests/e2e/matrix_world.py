"""The sharing matrix as a data set: Olga's mailbox with one conversation, a mail in it for each way in which contacts
may be on it and each exclusion, and a CRM user for each kind of viewer.
"""

import base64
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.domain.sharing_oracle import Case, is_visible
from tests.domain.test_sharing import EVERY_CASE, EXCLUSIONS, OWNER, RELATIONS, A, B, headers_of, labels_of

THREAD = "matrixthread"
BODY = (
    "Subject: Hidden or not\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nHello.\r\n"
    '--b\r\nContent-Type: text/plain; name="plan.txt"\r\nContent-Disposition: attachment; filename="plan.txt"\r\n\r\n'
    "The plan.\r\n--b--\r\n"
)


@dataclass(frozen=True)
class Person:
    """Who a kind of viewer is in this CRM."""

    user: str
    roles: tuple[str, ...]
    org: str = "harbour"


PEOPLE: Mapping[str, Person] = {
    "owner": Person("olga", ("sales", "trainee")),
    "colleague": Person("cleo", ("sales",)),
    "colleague without the record": Person("norm", ("sales",)),
    "colleague by role": Person("rita", ("support",)),
    "superior": Person("sue", ("sales",)),
    "outside share_with": Person("max", ("intern",)),
    # The same user id as a colleague's whom the policy names, elsewhere.
    "stranger of another organisation": Person("cleo", ("sales",), "other"),
}
MAILS: Mapping[str, tuple[str, str]] = {
    f"matrixmail{number:02}": kinds for number, kinds in enumerate(itertools.product(RELATIONS, EXCLUSIONS))
}
"""The relation and the exclusion of each mail, by its id."""
CONTACTS = {"matrix-a": A, "matrix-b": B}


def users() -> list[dict[str, Any]]:
    """For `crm.yaml`."""
    return [
        {
            "id": person.user,
            "name": person.user.title(),
            "email": OWNER if kind == "owner" else f"{person.user}@own.example",
            "roles": list(person.roles),
            "permissions": ["mail_integration"],
            **({"superior": PEOPLE["superior"].user} if kind == "owner" else {}),
        }
        for kind, person in PEOPLE.items()
        if person.org == "harbour"
    ]


def contacts() -> list[dict[str, Any]]:
    """For `crm.yaml`: A is hidden from one kind of colleague, B from all but the owner."""
    without = {"colleague without the record", "stranger of another organisation"}
    sees_a = sorted({person.user for kind, person in PEOPLE.items() if kind not in without})
    visible = {"matrix-a": sees_a, "matrix-b": ["olga"]}
    return [
        {
            "id": name,
            "name": contact.name,
            "addresses": list(contact.addresses),
            "visible_to": visible[name],
        }
        for name, contact in CONTACTS.items()
    ]


def messages() -> list[dict[str, Any]]:
    """For `gmail.yaml`."""
    return [_message(message_id) for message_id in MAILS]


def _message(message_id: str) -> dict[str, Any]:
    case = cell(EVERY_CASE[0], message_id)
    headers = "".join(f"{name}: {value}\r\n" for name, value in headers_of(case))
    raw = f"Message-ID: <{message_id}@own.example>\r\n{headers}{BODY}".encode()
    return {
        "id": message_id,
        "user_email": OWNER,
        "thread_id": THREAD,
        "raw": base64.urlsafe_b64encode(raw).decode(),
        "label_ids": sorted(labels_of(case)),
    }


def cell(house: Case, message_id: str) -> Case:
    """One mail's situation in a house: a viewer under one policy and one choice of the owner's."""
    relation, exclusion = MAILS[message_id]
    return replace(house, relation=relation, exclusion=exclusion)


def visible_mails(house: Case, other: Callable[[Case], Case] = lambda case: case) -> frozenset[str]:
    """Which mails the oracle shows; `other` asks it about another situation than each mail's own."""
    return frozenset(message_id for message_id in MAILS if is_visible(other(cell(house, message_id))))


def policy_for(house: Case) -> dict[str, Any]:
    """The organisation's policy of a house, as `PUT /oauth/org` takes it."""
    everybody, by_user, by_role = _FIXED[house.fixed]
    named = ("colleague", "colleague without the record", "superior")
    return {
        "sharing": {"all": everybody, "users": by_user, "roles": by_role},
        "excluded_domains": ["excluded.example", "own.example"],
        "superiors_see": house.superiors_see,
        "share_with": {"users": [PEOPLE[kind].user for kind in named], "roles": ["support"]},
    }


_FIXED: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, str]]] = {
    "nothing": ("users_choice", {}, {}),
    "everybody private": ("private", {}, {}),
    "everybody public": ("public", {}, {}),
    "user public, everybody private": ("private", {"olga": "public"}, {}),
    "role private, user public": ("users_choice", {"olga": "public"}, {"sales": "private"}),
    "roles custom and public": ("private", {}, {"sales": "public", "trainee": "custom"}),
}


def houses() -> Sequence[Case]:
    """Every situation but for the mail itself."""
    first = (RELATIONS[0], EXCLUSIONS[0])
    return [case for case in EVERY_CASE if (case.relation, case.exclusion) == first]
