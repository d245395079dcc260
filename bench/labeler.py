"""`python -m bench.labeler [mailboxes]`: what labels cost in one mailbox, and how long a tick takes over many.

All adapters are the real ones, against the Gmail emulator, the embedded Firestore and the demo CRM in this process;
Pub/Sub is replaced by a list, so publishing is not in the seconds. simplegmail is fetched for its comparison, and
missing from it where the package index cannot be reached.
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.results_file import report
from bench.throwaway import NotFetched, run_with
from functions.labeler.start_run import start_run
from local.cli.progress import complain
from local.cost import prices
from local.cost.background import DAILY_UNITS, DEAL, DEALS_A_DAY, units_in_any_case, units_of_mails
from local.cost.counted import PAGE, counted
from local.crm.models import Seed
from shared.adapters.firestore.documents import Write
from shared.adapters.firestore.syncs import _fields
from shared.domain.mailbox import mailbox_id
from shared.domain.sync import SLOTS, TICK, SyncState, slot_at, slot_of
from tests.e2e.in_process import Cost, House, running_house

NOON: Final = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
SENDERS: Final = ("closing@client.example", "open@client.example", "won@client.example")
MAILS: Final = 200
SIMPLEGMAIL: Final = "simplegmail==5.0.0"
JOB: Final = Path(__file__).with_name("simplegmail_job.py")
WRITES_AT_ONCE: Final = 400
TARGET: Final = 100_000
WITH_WORK: Final = 0.05
"""Share of the mailboxes that got a contact's mail within ten minutes."""
MAILS_A_DAY: Final = 30
"""Contacts' mails that a mailbox gets on a day, for the simulated month."""
STRANGERS_A_DAY: Final = 30
A_DAY: Final = {
    "a push with 1 new mail of a contact": MAILS_A_DAY,
    "a push with 1 new mail of a stranger": STRANGERS_A_DAY,
    "a tick with 30 new mails that pushes announced": 8,
    "the hourly check of a quiet mailbox": 24,
    DEAL: DEALS_A_DAY,
    "a recount of 8 notices and 32 mails of strangers": 1,
    "renewing a watch": 1,
}
"""Row of docs/quota.md -> how often a mailbox has it on a day."""


def _contact(name: str, state: str, closing: str | None) -> dict[str, object]:
    deal = {"id": f"{name}-deal", "name": name, "state": state, "closing_date": closing}
    return {"id": name, "name": name, "addresses": [f"{name}@client.example"], "deals": [deal]}


CRM: Final = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": name, "name": name, "email": f"{name}@acme.example", "permissions": ["mail_integration"]}
            for name in ("ana", "ben", "cem")
        ],
        "contacts": [
            _contact("closing", "open", "2026-11-30"),
            _contact("open", "open", None),
            _contact("won", "won", None),
        ],
    }
)


def main() -> None:
    """Measures and reports."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with TemporaryDirectory() as name, running_house(CRM, Path(name), NOON) as house:
        numbers: dict[str, object] = {}
        numbers |= _told("first time", _first_time(house), headers=MAILS)
        numbers |= _told("new mail, sorted", _new_mail(house))
        numbers |= _simplegmail(house)
        numbers |= _told("floor: three batchModify", _floor(house))
        numbers |= _tick(house, many)
        numbers |= _month()
    report("labeler", numbers)


def _timed(house: House, work: Callable[[], object]) -> tuple[Cost, float]:
    started = time.monotonic()
    cost = house.cost_of(work)
    return cost, time.monotonic() - started


def _told(what: str, measured: tuple[Cost, float], headers: int = 0) -> Mapping[str, object]:
    cost, seconds = measured
    told: dict[str, object] = {f"{what}: units": cost.units}
    if headers:
        told[f"{what}: units beside {headers} headers"] = cost.units - 20 * headers
    return told | {
        f"{what}: requests": cost.requests,
        f"{what}: Firestore reads": cost.reads,
        f"{what}: Firestore writes": cost.writes,
        f"{what}: seconds": round(seconds, 2),
    }


def _first_time(house: House) -> tuple[Cost, float]:
    """200 mails in three categories lie in the Inbox when labels go on."""
    house.connect("ana")
    house.deliver("ana", *_senders())
    house.change("ana", mailmagnet=True)
    house.change("ana", labels=True)
    return _timed(house, house.tick)


def _new_mail(house: House) -> tuple[Cost, float]:
    """200 mails have come in and pushes have announced them."""
    before = len(house.servers.pushes)
    house.deliver("ana", *_senders())
    for at, push in enumerate(house.servers.pushes[before:]):
        if at % (MAILS // 2) == 0:
            # So that the user's units suffice for reading each mail when it is announced.
            house.servers.clock.advance(timedelta(hours=1).total_seconds())
        house.hand_on(push)
    _leave_slot(house, "ana")
    return _timed(house, house.tick)


def _simplegmail(house: House) -> Mapping[str, object]:
    """The same 200 mails, three labels and Inbox with simplegmail itself: one get and one modify for each mail.

    With one label instead of three it is 5,011 units and 403 requests.
    """
    mailbox = house.connect("ben")
    house.deliver("ben", *_senders())
    row = house.common.mailboxes.get(mailbox)
    assert row is not None
    token = house.common.gmail._token(row, None)
    told: list[Mapping[str, float]] = []

    def work() -> None:
        told.append(run_with(SIMPLEGMAIL, JOB, f"{house.servers.gmail}/", token))

    try:
        cost = house.cost_of(work)
    except NotFetched as reason:
        complain(f"\n{SIMPLEGMAIL} IS MISSING from this comparison, because it cannot be fetched: {reason}\n")
        return {SIMPLEGMAIL: "MISSING: it cannot be fetched from the package index"}
    assert told[0]["labels"] == len(SENDERS)
    left = house.common.gmail.open(row).list_messages(label_ids=["INBOX"]).ids
    assert not left, "simplegmail has done all of it"
    return _told(SIMPLEGMAIL, (cost, told[0]["seconds"]))


def _floor(house: House) -> tuple[Cost, float]:
    """What remains where everything is known already: three calls that change labels."""
    mailbox = house.connect("cem")
    ids = house.deliver("cem", *_senders())
    row = house.common.mailboxes.get(mailbox)
    assert row is not None
    gmail = house.common.gmail.open(row)
    labels = [gmail.create_label(f"Floor {n}") for n in range(3)]

    def work() -> None:
        for n, label in enumerate(labels):
            gmail.modify(ids[n::3], add=[label.id], remove=["INBOX"])

    return _timed(house, work)


def _senders() -> list[str]:
    return [SENDERS[n % 3] for n in range(MAILS)]


def _leave_slot(house: House, user: str) -> None:
    """Goes to a time at which the mailbox is not swept."""
    slot = (slot_of(mailbox_id("acme", user)) + 1) % SLOTS
    ahead = (slot - slot_at(house.servers.clock.now())) % SLOTS
    house.servers.clock.advance((ahead * TICK).total_seconds())


def _tick(house: House, many: int) -> Mapping[str, object]:
    """A tick over `many` mailboxes, some of which have work; then the same with as many idle ones again."""
    busy = int(many * WITH_WORK)
    _fill(house, many, busy, "first")
    first, seconds = _timed(house, lambda: start_run(house.labeler))
    in_slot = first.published
    idle_slot = (slot_at(house.servers.clock.now()) + 1) % SLOTS
    _fill(house, many, 0, "second", slot=idle_slot)
    second, _ = _timed(house, lambda: start_run(house.labeler))
    return {
        "tick: mailboxes": many,
        "tick: of these with work or in their slot": in_slot,
        "tick: seconds": round(seconds, 2),
        "tick: Firestore reads": first.reads,
        "tick: reads more with as many idle mailboxes again": second.reads - first.reads,
        "tick: Gmail units": first.units + second.units,
        f"tick: seconds for {TARGET:,}, in proportion to what is published": round(
            seconds * TARGET / many, 1
        ),
        f"tick: reads for {TARGET:,}": first.reads * TARGET // many,
    }


def _fill(house: House, many: int, busy: int, prefix: str, slot: int | None = None) -> None:
    rows = [
        SyncState(
            mailbox=name,
            org=f"org{at // 50}",
            cursor=1,
            handled_at=NOON - timedelta(minutes=5),
            slot=slot_of(name) if slot is None else slot,
            unsorted=("18c0ffee",) if at < busy else (),
        )
        for at, name in enumerate(mailbox_id(prefix, str(n)) for n in range(many))
    ]
    for start in range(0, many, WRITES_AT_ONCE):
        part = rows[start : start + WRITES_AT_ONCE]
        house.common.documents.commit(
            *(Write("create", f"syncs/{row.mailbox}", _fields(replace(row))) for row in part)
        )


def _month() -> Mapping[str, object]:
    """100,000 mailboxes over a month of 30 days, from the rows of docs/quota.md (each measured by its test).

    A turn with work is taken to be as dear as with 30 mails.
    """
    rows = counted(PAGE.read_text(encoding="utf-8"))
    units = round(units_of_mails(MAILS_A_DAY, STRANGERS_A_DAY, rows) + units_in_any_case(rows))
    reads = sum(times * rows[what].reads for what, times in A_DAY.items())
    writes = sum(times * rows[what].writes for what, times in A_DAY.items())
    cost = reads * prices.READS.usd / prices.READS.per + writes * prices.WRITES.usd / prices.WRITES.per
    return {
        "month: contacts' mails a mailbox and day (assumed)": MAILS_A_DAY,
        "month: strangers' mails a mailbox and day (assumed)": STRANGERS_A_DAY,
        f"month: units a day for {TARGET:,} mailboxes": units * TARGET,
        "month: share of Google's 80,000,000 a day": round(units * TARGET / DAILY_UNITS, 2),
        "month: mailboxes that fit into Google's 80,000,000 a day": DAILY_UNITS // units,
        f"month: Firestore USD for {TARGET:,} mailboxes": round(30 * TARGET * cost),
    }


if __name__ == "__main__":
    main()
