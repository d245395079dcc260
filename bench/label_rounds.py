"""`python -m bench.label_rounds [mailboxes] [mails] [rounds]`: deals change at random, an oracle looks at every mail.

On the running stack, over HTTP. Contacts and leads have up to three addresses and three deals. Deals change, mail
arrives, Gmail fails, pushes are lost and functions are killed, and half-way the month turns in the organisation's zone,
fourteen hours before it does in UTC; the last ticks are calm. Ends with exit code 1 where the oracle disagrees about a
mail, a label of the user's is gone or a mailbox is not well.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parseaddr
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

import requests

from bench.processes import function_processes, kill
from bench.results_file import report
from tests.e2e.driver import Driver, Seller
from tests.e2e.stacks import running_stack
from tests.local.waiting import until

SEED: Final = 20261128
ORG: Final = "acme"
DOMAIN: Final = "acme.example"
CONTACTS: Final = 400
CHANGES_A_ROUND: Final = 2
MAILS_A_ROUND: Final = 25
OWN: Final = "Label_own"
UNDER_OWN: Final = 0.05
"""Share of the mails that lie under a label of the user's, which no run may touch."""
ZONE: Final = ZoneInfo("Pacific/Kiritimati")
DEALS: Final = 3
"""The most of a contact."""
STATES: Final = ("open", "won", "lost")
KILLED: Final = ("label_mailbox", "on_gmail_push", "tick", "labeler")
FAULTS: Final = (
    {"kind": "status", "status": 503, "rate": 0.1},
    {"kind": "status", "status": 429, "rate": 0.1},
    {"kind": "reset", "when": "after", "rate": 0.05},
    {"kind": "drop_push", "rate": 0.3},
)
WRONG: Final = (
    "mails where the oracle disagrees",
    "mails under a label of ours and in the Inbox",
    "mails that lost a label of the user's",
    "strangers' mails taken out of the Inbox",
    "mailboxes that are not well",
)
CALM_TICKS: Final = 12
"""Two hours: each mailbox is swept once an hour, for what lost pushes have hidden."""

Deal = Mapping[str, Any]
Deals = dict[str, dict[str, Deal]]
"""By contact, and by deal."""


@dataclass
class Trial:
    """A stack under trial. `deals` is what the CRM was told."""

    driver: Driver
    sellers: list[Seller]
    deals: Deals
    chance: random.Random
    kills: int = 0
    faults: int = 0
    unfinished: int = 0


def main() -> None:
    # long because: one line prepares, runs or reports each step of the benchmark, in their order.
    """Writes a data set, starts the stack on it, runs the rounds and compares."""
    mailboxes, mails, rounds = (int(a) for a in (*sys.argv[1:], *("5", "200", "30")[len(sys.argv) - 1 :]))
    chance = random.Random(SEED)  # noqa: S311 - no secret
    print("seed", SEED)
    started = time.monotonic()
    with TemporaryDirectory() as name:
        folder = Path(name)
        users = [f"user{number}" for number in range(mailboxes)]
        begin = _before_the_month_turns(rounds)
        deals = _deals(begin.astimezone(ZONE).date(), chance)
        data = _write(folder / "data", users, deals, mails, chance)
        ready_s = 120 + mailboxes * mails / 100
        without = ("java", "node", "npm", "gcloud")
        with running_stack(data, folder, without=without, ready_s=ready_s, scheduled=True) as driver:
            driver.call("POST", "/local/clock", {"now": begin.isoformat()}, expect=200)
            trial = Trial(driver, [_connected(driver, user) for user in users], deals, chance)
            backfill = _tick_until_sorted(trial)
            print(f"{backfill} ticks sorted what was there, {time.monotonic() - started:.0f} s", flush=True)
            for number in range(rounds):
                _round(trial)
                if number % 10 == 9:
                    print(f"round {number + 1}, {time.monotonic() - started:.0f} s", flush=True)
            driver.call("DELETE", "/local/faults")
            # A function that was killed in the last round is not back at once.
            until(lambda: _run(trial), "a tick finishes")
            for _ in range(CALM_TICKS):
                _tick(trial)
            _tick_until_sorted(trial)
            outcome = _compare(trial, expected_own=int(mails * UNDER_OWN) * mailboxes)
    report(
        "label_rounds",
        {
            "mailboxes": mailboxes,
            "mails in each at first": mails,
            "rounds": rounds,
            "functions killed": trial.kills,
            "rounds with a fault of Gmail's": trial.faults,
            "ticks that did not finish": trial.unfinished,
            **outcome,
            "seconds": round(time.monotonic() - started),
        },
    )
    sys.exit(1 if any(outcome[wrong] for wrong in WRONG) else 0)


def oracle(deals: Iterable[Deal], today: date) -> str | None:
    """Product word 4 for a contact with these deals. `today` is the organisation's."""
    states = {deal["state"] for deal in deals}
    closing = {str(deal["closing_date"])[:7] for deal in deals if deal["state"] == "open"}
    if f"{today:%Y-%m}" in closing:
        return "closing_this_month"
    return "open_deals" if "open" in states else "customers" if "won" in states else None


def _before_the_month_turns(rounds: int) -> datetime:
    """A moment to come from which the month in ZONE turns about the middle of the rounds, each ten minutes long."""
    lead, first = timedelta(minutes=10 * (rounds // 2 + 3)), datetime.now(ZONE)
    while first - lead <= datetime.now(ZONE):
        first = (first.replace(day=1) + timedelta(days=32)).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
    return (first - lead).astimezone(UTC)


def _deals(today: date, chance: random.Random) -> Deals:
    """Every other contact has some."""
    return {
        f"c{number}": {f"d{n}": _deal(today, chance) for n in range(chance.randint(1, DEALS))}
        for number in range(0, CONTACTS, 2)
    }


def _addresses(number: int) -> list[str]:
    """One to three."""
    name = f"c{number}"
    return [f"{name}@client.example", f"{name}.second@elsewhere.example", f"{name}.third@client.example"][
        : 1 + number % 3
    ]


def _deal(today: date, chance: random.Random) -> Deal:
    days = chance.choice((None, -50, 0, 2, 50))
    closing = None if days is None else today + timedelta(days=days)
    return {
        "name": "Deal",
        "state": chance.choice(STATES),
        "closing_date": None if closing is None else closing.isoformat(),
    }


def _write(folder: Path, users: list[str], deals: Deals, mails: int, chance: random.Random) -> Path:
    """A data set: `mails` mails in each Inbox over fifty days, a fifth from strangers, a few under the user's label."""
    now = datetime.now(UTC)
    folder.mkdir()
    messages = []
    for user in users:
        box = folder / "mail" / f"{user}@{DOMAIN}"
        box.mkdir(parents=True)
        for number in range(mails):
            sender, when = _sender(chance), now - timedelta(minutes=chance.randrange(10, 50 * 24 * 60))
            if number < int(mails * UNDER_OWN):
                messages.append(_under_own(user, number, sender, when))
                continue
            (box / f"{number}.eml").write_text(
                f"From: {sender}\nTo: {user}@{DOMAIN}\nSubject: Mail {number}\nDate: {format_datetime(when)}\n"
                f"Message-ID: <{user}-{number}@mail.example>\n\nHello.\n",
                encoding="utf-8",
            )
    labels = [{"id": OWN, "user_email": f"{user}@{DOMAIN}", "name": "My own"} for user in users]
    accounts = [{"email": f"{user}@{DOMAIN}", "name": user} for user in users]
    _dump(folder / "gmail.yaml", {"users": accounts, "labels": labels, "messages": messages})
    permissions = ["mail_integration"]
    people = [{"id": u, "name": u, "email": f"{u}@{DOMAIN}", "permissions": permissions} for u in users]
    contacts = [
        {
            "id": f"c{number}",
            "name": f"c{number}",
            "kind": "contact" if number % 4 else "lead",
            "addresses": _addresses(number),
            "visible_to": "all",
            "deals": [{"id": name, **deal} for name, deal in deals.get(f"c{number}", {}).items()],
        }
        for number in range(CONTACTS)
    ]
    organisation = {"id": ORG, "name": "Acme", "time_zone": ZONE.key, "domains": [DOMAIN]}
    _dump(folder / "crm.yaml", {"org": organisation, "users": people, "contacts": contacts})
    return folder


def _under_own(user: str, number: int, sender: str, when: datetime) -> Mapping[str, Any]:
    owner = f"{user}@{DOMAIN}"
    return {
        "id": f"{number:06x}{int(user.removeprefix('user')):06x}",
        "user_email": owner,
        "from": sender,
        "to": owner,
        "subject": f"Mail {number}",
        "body_text": "Hello.",
        "date": when.isoformat(),
        "label_ids": ["INBOX", OWN],
    }


def _dump(file: Path, document: Mapping[str, Any]) -> None:
    # JSON is YAML, and far quicker to write.
    file.write_text(json.dumps(document), encoding="utf-8")


def _sender(chance: random.Random) -> str:
    number = chance.randrange(CONTACTS * 5 // 4)
    return chance.choice(_addresses(number)) if number < CONTACTS else f"s{number}@strangers.example"


def _connected(driver: Driver, user: str) -> Seller:
    token, email = driver.token(user), f"{user}@{DOMAIN}"
    mailbox = driver.connect(token, email)
    for settings in ({"mailmagnet": True}, {"labels": True}):
        driver.call("PATCH", "/oauth/mailbox", settings, token=token, expect=200)
    return Seller(token, email, str(mailbox["id"]))


def _round(trial: Trial) -> None:
    """Deals change, mail arrives, something breaks, ten minutes pass."""
    driver, chance = trial.driver, trial.chance
    driver.call("DELETE", "/local/faults")
    if chance.random() < 0.5:
        trial.faults += 1
        driver.call("POST", "/local/faults", chance.choice(FAULTS), expect=201)
    for contact in chance.sample(range(CONTACTS), CHANGES_A_ROUND):
        _change(trial, f"c{contact}", f"d{chance.randrange(DEALS)}")
    for seller in chance.choices(trial.sellers, k=MAILS_A_ROUND):
        driver.deliver(seller.email, _sender(chance))
    if chance.random() < 0.3:
        for pid in function_processes(driver.port, [chance.choice(KILLED)]):
            kill(pid)
            trial.kills += 1
    _tick(trial)


def _change(trial: Trial, contact: str, name: str) -> None:
    deal = _deal(_today(trial.driver), trial.chance)
    trial.driver.call("PUT", f"/crm/contacts/{contact}/deals/{name}", deal)
    trial.deals.setdefault(contact, {})[name] = deal


def _today(driver: Driver) -> date:
    now = driver.call("GET", "/local/clock", expect=200)["now"]
    return datetime.fromisoformat(now).astimezone(ZONE).date()


def _tick(trial: Trial) -> None:
    """Ten minutes pass, and a run; what does not finish now is finished by the next."""
    trial.driver.call("POST", "/local/clock", {"advance_s": 600}, expect=200)
    trial.unfinished += not _run(trial)


def _run(trial: Trial) -> bool:
    """Whether it finished."""
    with suppress(requests.RequestException):
        return trial.driver.raw("POST", "/local/tick/labeler").status_code == 200
    return False


def _tick_until_sorted(trial: Trial) -> int:
    """How many ticks it took until no mailbox had anything left of its first time."""
    ticks = 0
    while (
        any(_labeling(trial.driver, seller)["state"] == "backfill" for seller in trial.sellers) or not ticks
    ):
        _tick(trial)
        ticks += 1
    return ticks


def _labeling(driver: Driver, seller: Seller) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _mailbox(driver, seller)["labeling"]
    return found


def _mailbox(driver: Driver, seller: Seller) -> Mapping[str, Any]:
    # With a new token: a long run outlives the first.
    token = driver.token(seller.email.partition("@")[0])
    found: Mapping[str, Any] = driver.call("GET", "/oauth/mailbox", token=token, expect=200)
    return found


def _compare(trial: Trial, expected_own: int) -> dict[str, int]:
    driver = trial.driver
    today = _today(driver)
    counts: Counter[str] = Counter()
    for seller in trial.sellers:
        mailbox = _mailbox(driver, seller)
        ours = {label["id"]: category for category, label in mailbox["labels"].items()}
        counts["mailboxes that are not well"] += mailbox["health"]["code"] != "ok"
        for row in _messages(driver, seller.email):
            address = parseaddr(row["from"])[1]
            contact = address.partition("@")[0].partition(".")[0]
            want = oracle(trial.deals.get(contact, {}).values(), today)
            carried = [ours[label] for label in row["labelIds"] if label in ours]
            counts["mails"] += 1
            counts["mails under a label of ours"] += bool(carried)
            counts["wrong"] += carried != ([want] if want else [])
            counts["strangers' mails taken out of the Inbox"] += (
                address.startswith("s") and "INBOX" not in row["labelIds"]
            )
            counts["left"] += bool(carried) and "INBOX" in row["labelIds"]
            counts["own"] += OWN in row["labelIds"]
    return {
        "mails": counts["mails"],
        "mails under a label of ours": counts["mails under a label of ours"],
        "mails where the oracle disagrees": counts["wrong"],
        "mails under a label of ours and in the Inbox": counts["left"],
        "mails that lost a label of the user's": expected_own - counts["own"],
        "strangers' mails taken out of the Inbox": counts["strangers' mails taken out of the Inbox"],
        "mailboxes that are not well": counts["mailboxes that are not well"],
    }


def _messages(driver: Driver, email: str) -> list[Mapping[str, Any]]:
    """All of a user's messages, from the emulator itself: they cost no units."""
    gateway = json.loads((driver.logs.parent / "gateway.json").read_text(encoding="utf-8"))
    url = f"http://127.0.0.1:{gateway['gmail_port']}/_emulator/messages"
    answer = requests.get(url, params={"user": email}, timeout=60)
    found: list[Mapping[str, Any]] = answer.json()
    return found


if __name__ == "__main__":
    main()
