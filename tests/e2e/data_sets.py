"""A small data set of the tests' own: another organisation than the demo's, with a contact of every kind."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.domain.test_sharing import OWNER
from tests.e2e import matrix_world
from tests.e2e.own_signer import own_keys

DOMAIN = "harbour-lights.example"
ZONE = "Pacific/Auckland"
"""The organisation's: there the month turns half a day earlier than in UTC."""
SELLERS = tuple(f"seller{number}" for number in range(1, 181))
"""CRM users with a Gmail account each: a test takes its own, and with it a full minute's quota."""
FILED = f"filed@{DOMAIN}"
"""The account whose mail comes from files and from the seed."""

MALFORMED = b"From: =?x-unknown?q?=FF?= <ivy@late.example\r\nnot a header line\r\n\r\n\xff\xfe broken \x00"


def contacts(today: date) -> list[dict[str, Any]]:
    """One contact for each thing that deals can say, by id. `today` is the organisation's."""
    this_month = today.replace(day=1).isoformat()
    past = (today.replace(day=1) - timedelta(days=40)).isoformat()
    later = (today + timedelta(days=70)).isoformat()

    def deal(name: str, state: str, closing: str | None) -> dict[str, Any]:
        return {"id": f"deal-{name}", "name": name, "state": state, "closing_date": closing}

    def contact(name: str, *deals: dict[str, Any], kind: str = "contact") -> dict[str, Any]:
        addresses = [f"{name}@customers.example", f"{name}.second@elsewhere.example"]
        return {
            "id": name,
            "name": name.title(),
            "kind": kind,
            "addresses": addresses,
            "visible_to": "all",
            "deals": list(deals),
        }

    return [
        contact("closing", deal("closing", "open", this_month)),
        contact("closing-and-won", deal("cw1", "won", past), deal("cw2", "open", this_month)),
        contact("open-later", deal("later", "open", later)),
        contact("open-past", deal("past", "open", past)),
        contact("open-undated", deal("undated", "open", None)),
        contact("won", deal("won", "won", past)),
        contact("won-and-lost", deal("wl1", "won", this_month), deal("wl2", "lost", past)),
        contact("lost", deal("lost", "lost", past)),
        contact("no-deals"),
        contact("lead", deal("lead", "open", later), kind="lead"),
    ]


EXPECTED = {
    "closing": "closing_this_month",
    "closing-and-won": "closing_this_month",
    "open-later": "open_deals",
    "open-past": "open_deals",
    "open-undated": "open_deals",
    "won": "customers",
    "won-and-lost": "customers",
    "lost": None,
    "no-deals": None,
    "lead": "open_deals",
}
"""The category each contact's mail earns, by product word 4; None: it stays where it is."""


def write(folder: Path) -> Path:
    """Writes gmail.yaml, crm.yaml and mail/ and answers the folder."""
    # long because: the two seed files stand here as they will be read.
    folder.mkdir(parents=True)
    gmail = {
        "users": [{"email": f"{name}@{DOMAIN}", "name": name.title()} for name in (*SELLERS, "filed")]
        + [{"email": OWNER, "name": "Olga"}],
        "oauth_clients": [
            {
                "client_id": "tests.apps.googleusercontent.com",
                "client_secret": "a-secret-of-the-tests",
                "name": "Tests",
                "redirect_uris": ["http://localhost:1/elsewhere"],
            }
        ],
        "labels": [{"id": "Label_own", "user_email": FILED, "name": "My own"}],
        "messages": [
            {
                "id": "seeded0001",
                "user_email": FILED,
                "from": "closing@customers.example",
                "to": FILED,
                "subject": "Before anything was connected",
                "body_text": "An old mail.",
                "label_ids": ["INBOX", "Label_own"],
            },
            *matrix_world.messages(),
        ],
    }
    crm = {
        "keys": [{**key, "alg": key["kid"]} for key in own_keys().public_keys()],
        "org": {
            "id": "harbour",
            "name": "Harbour Lights",
            "time_zone": ZONE,
            "domains": [DOMAIN],
        },
        "users": [
            *(_user(name, ["sales"], ["mail_integration"]) for name in (*SELLERS, "filed")),
            _user("admin", ["admin"], ["mail_integration", "mail_admin"]),
            _user("nobody", ["support"], []),
            *matrix_world.users(),
        ],
        "contacts": [*contacts(datetime.now(ZoneInfo(ZONE)).date()), *matrix_world.contacts()],
    }
    (folder / "gmail.yaml").write_text(yaml.safe_dump(gmail), encoding="utf-8")
    (folder / "crm.yaml").write_text(yaml.safe_dump(crm, allow_unicode=True), encoding="utf-8")
    box = folder / "mail" / FILED
    box.mkdir(parents=True)
    (box / "01-plain.eml").write_bytes(
        b"From: Won <won@customers.example>\nTo: filed@harbour-lights.example\nSubject: From a file\n"
        b"Message-ID: <file-1@customers.example>\nDate: Tue, 03 Nov 2026 10:00:00 +0000\n\nHello from a file.\n"
    )
    (box / "02-malformed.eml").write_bytes(MALFORMED)
    (box / "03-empty.eml").write_bytes(b"")
    return folder


def _user(name: str, roles: list[str], permissions: list[str]) -> dict[str, Any]:
    address = f"{name}@{DOMAIN}"
    return {"id": name, "name": name.title(), "email": address, "roles": roles, "permissions": permissions}
