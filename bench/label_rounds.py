"""`python -m bench.label_rounds [mailboxes] [mails] [rounds]`: deals change at random, an oracle looks at every mail.

In this process, with all real adapters. Between the rounds the CRM and Gmail fail at random; the last ticks are calm.
"""

import json
import random
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import urllib3

from bench.results_file import report
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from local.crm.models import Seed
from shared.errors import AppError
from tests.e2e.in_process import House, running_house

SEED: Final = 20261124
NOON: Final = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
CONTACTS: Final = 40
STATES: Final = ("open", "won", "lost")
CLOSING: Final = (None, "2026-10-05", "2026-11-30", "2026-12-24")


def main() -> None:
    """Runs the rounds and compares. Exits with 1 where the oracle disagrees anywhere."""
    mailboxes, mails, rounds = (int(a) for a in (*sys.argv[1:], *("5", "200", "30")[len(sys.argv) - 1 :]))
    chance = random.Random(SEED)  # noqa: S311 - no secret
    print("seed", SEED)
    users = [f"user{n}" for n in range(mailboxes)]
    with TemporaryDirectory() as name, running_house(_crm(users), Path(name)) as house:
        house.servers.clock.set(NOON)
        started = time.monotonic()
        sent = {user: _fill(house, user, mails, chance) for user in users}
        deals: dict[str, Mapping[str, Any]] = {}
        for _ in range(rounds):
            for contact in chance.sample(range(CONTACTS), 4):
                deals[f"c{contact}"] = _change(house, f"c{contact}", chance)
            _tick(house, failing=chance.random() < 0.3)
        for _ in range(12):
            _tick(house, failing=False)
        wrong, foreign = _compare(house, sent, deals)
    report(
        "label_rounds",
        {
            "mailboxes": mailboxes,
            "mails in each": mails,
            "rounds": rounds,
            "mails where the oracle disagrees": wrong,
            "mails that lost a label of the user's": foreign,
            "seconds": round(time.monotonic() - started),
        },
    )
    sys.exit(1 if wrong or foreign else 0)


def oracle(deal: Mapping[str, Any] | None, today: date) -> str | None:
    """Product word 4 for a contact with at most one deal."""
    if deal is None or deal["state"] == "lost":
        return None
    if deal["state"] == "won":
        return "customers"
    return "closing_this_month" if str(deal["closing_date"])[:7] == f"{today:%Y-%m}" else "open_deals"


def _crm(users: list[str]) -> Seed:
    permitted = ["mail_integration"]
    rows = [{"id": u, "name": u, "email": f"{u}@acme.example", "permissions": permitted} for u in users]
    contacts = [
        {"id": f"c{n}", "name": f"C{n}", "addresses": [f"c{n}@client.example"], "deals": []}
        for n in range(CONTACTS)
    ]
    return Seed.model_validate({"org": {"id": "acme", "name": "Acme"}, "users": rows, "contacts": contacts})


def _fill(house: House, user: str, mails: int, chance: random.Random) -> dict[str, str]:
    """Half of the mail is there before labels go on; a fifth is from strangers."""
    house.connect(user)
    senders = [f"c{chance.randrange(CONTACTS * 5 // 4)}" for _ in range(mails)]
    addresses = [f"{sender}@client.example" for sender in senders]
    half = mails // 2
    ids = house.deliver(user, *addresses[:half])
    house.change(user, mailmagnet=True)
    house.change(user, labels=True)
    ids += house.deliver(user, *addresses[half:])
    return dict(zip(ids, senders, strict=True))


def _change(house: House, contact: str, chance: random.Random) -> Mapping[str, Any]:
    deal = {"name": "Deal", "state": chance.choice(STATES), "closing_date": chance.choice(CLOSING)}
    answer = urllib3.request("PUT", f"{house.servers.crm}/contacts/{contact}/deals/d", json=deal)
    assert answer.status in (200, 201), answer.data
    house.servers.clock.advance(1)
    return deal


def _tick(house: House, *, failing: bool) -> None:
    """Ten minutes pass, and a run; a turn that fails comes again with the next run."""
    house.servers.clock.advance(600)
    faults = f"{house.servers.gmail}/_emulator/faults"
    if failing:
        fault = {"match": {"path": "/gmail/"}, "kind": "status", "status": 503, "rate": 0.2}
        urllib3.request("POST", faults, json=fault)
    published = house.publisher.published
    at = len(published)
    start_run(house.labeler)
    while at < len(published):
        try:
            take_turn(published[at][1], house.labeler)
        except AppError as error:
            _confirm_or_go_on(error)
        at += 1
    urllib3.request("DELETE", faults)
    for row in [json.loads(message) for _, message in published[-50:]]:
        if "mailbox" in row:
            house.labeler.labelings.confirm(row["mailbox"], "acme")


def _confirm_or_go_on(error: AppError) -> None:
    if error.act != "retry":
        raise error


def _compare(
    house: House, sent: Mapping[str, Mapping[str, str]], deals: Mapping[str, Mapping[str, Any]]
) -> tuple[int, int]:
    today = house.servers.clock.now().date()
    wrong = foreign = 0
    for user, messages in sent.items():
        mailbox = house.call(house.oauth, "GET", "/oauth/mailbox", user)
        ours = {label["id"]: category for category, label in mailbox["labels"].items()}
        listed = urllib3.request("GET", f"{house.servers.gmail}/_emulator/messages?user={user}@acme.example")
        for row in json.loads(listed.data):
            carried = [ours[label] for label in row["labelIds"] if label in ours]
            want = oracle(deals.get(messages[row["id"]]), today)
            wrong += carried != ([want] if want else [])
            foreign += "UNREAD" not in row["labelIds"]
    return wrong, foreign


if __name__ == "__main__":
    main()
