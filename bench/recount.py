"""`python -m bench.recount [messages] [slices]`: the recount of a mailbox of 100,000 messages, in units and slices.

All adapters are the real ones, against the Gmail emulator, the embedded Firestore and the demo CRM in this process. Two
cases: an ordinary day, and the worst, where nothing was ever noticed; of that one only the first slices are run, each
as long as the next. Seconds are told as a ratio to bare calls of Gmail for as many units, in the same run.
"""

import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.results_file import report
from functions.notify.recount_notices import recount_notices
from local.crm.models import Seed
from shared.domain.recount import Recount
from tests.e2e.in_process import House, running_house
from tests.local.gmail.running import mail

START: Final = datetime(2026, 7, 1, tzinfo=UTC)
DAYS: Final = 100
CONTACT, OWNER = "ana@client.example", "ana@acme.example"
OF_CONTACTS: Final = 50
"""Every so manieth message is from a contact."""
ADDED_AT_ONCE: Final = 1000
CRM: Final = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [{"id": "ana", "name": "Ana", "email": OWNER, "permissions": ["mail_integration"]}],
        "contacts": [{"id": "ana", "name": "Ana", "addresses": [CONTACT], "deals": []}],
    }
)


def main() -> None:
    """Measures and reports."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    slices = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with TemporaryDirectory() as name, running_house(CRM, Path(name), START) as house:
        mailbox = house.connect("ana")
        house.change("ana", mailmagnet=True)
        _fill(house, mailbox, messages)
        numbers: dict[str, object] = {"messages": messages}
        numbers |= _worst(house, mailbox, slices)
        numbers |= _ordinary_day(house, mailbox)
    report("recount", numbers)


def _fill(house: House, mailbox: str, messages: int) -> None:
    """So many messages over 100 days, all behind the cursor, and no notice of any."""
    boxes = house.servers.emulator.boxes
    every = timedelta(days=DAYS) / messages
    for first in range(0, messages, ADDED_AT_ONCE):
        with boxes.store.transaction():
            for number in range(first, min(messages, first + ADDED_AT_ONCE)):
                sender = f"s{number}@nowhere.example" if number % OF_CONTACTS else CONTACT
                moment = int((START + every * (number + 1)).timestamp() * 1000)
                raw = mail(f"Mail {number}", sender, OWNER)
                boxes.messages.add(OWNER, raw, {"INBOX", "UNREAD"}, moment)
    house.servers.clock.set(START + timedelta(days=DAYS, minutes=10))
    state = house.common.syncs.get(mailbox)
    row = house.common.mailboxes.get(mailbox)
    assert state is not None
    assert row is not None
    _, newest = house.common.gmail.open(row).address_and_cursor()
    house.common.syncs.save(replace(state, cursor=newest, handled_at=house.common.clock.now()))


def _worst(house: House, mailbox: str, slices: int) -> dict[str, object]:
    """The whole period is counted, and nothing of it was noticed: slice after slice, by the ticks."""
    before, units, seconds = _peak_mb(), [], []
    for slice_ in range(slices):
        started = time.monotonic()
        visit = (lambda: recount_notices(house.notify)) if slice_ == 0 else house.tick
        units.append(house.cost_of(visit).units)
        seconds.append(time.monotonic() - started)
        house.servers.clock.advance(600)
    grown = _peak_mb() - before
    recount = house.common.notices.recount(mailbox)
    assert recount is not None
    assert not recount.done
    done = (recount.counted_to or recount.start) - recount.start
    return {
        "worst: slices run": slices,
        "worst: units of a slice, at most": max(units),
        "worst: notices repaired": recount.repaired,
        "worst: slices for all of it, by the share done": round(
            slices * (recount.end - recount.start) / done
        ),
        "worst: seconds of a slice, at most": round(max(seconds), 1),
        "worst: seconds to a floor of bare calls": round(max(seconds) / _floor(house, mailbox), 2),
        "worst: MB by which the process grew, emulators with it": round(grown),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _floor(house: House, mailbox: str) -> float:
    """Seconds for what one slice cannot do without: a list of the period, and 150 headers."""
    row = house.common.mailboxes.get(mailbox)
    assert row is not None
    gmail = house.common.gmail.open(row)
    started = time.monotonic()
    ids: list[str] = []
    token: str | None = None
    while True:
        page = gmail.list_messages(query=f"after:{int(START.timestamp())}", limit=500, page_token=token)
        ids += [message_id for message_id, _ in page.ids]
        token = page.next_page_token
        if token is None:
            break
    for part in range(0, 150, 50):
        gmail.get_metadata(ids[part : part + 50], ["From"])
    return time.monotonic() - started


def _ordinary_day(house: House, mailbox: str) -> dict[str, object]:
    """The day's recount of that mailbox: it looks at a day and an hour, however much there is before."""
    now = house.common.clock.now()
    state = house.common.syncs.get(mailbox)
    assert state is not None
    yesterday = Recount(now - timedelta(days=2), now - timedelta(days=1))
    house.common.notices.keep_with(replace(state, recounting=False), (), yesterday)
    units, visits, started = 0, 0, time.monotonic()
    while visits == 0 or (recount := house.common.notices.recount(mailbox)) is None or not recount.done:
        units += house.cost_of(lambda: recount_notices(house.notify)).units
        visits += 1
        house.servers.clock.advance(60)
    return {
        "a day: visits": visits,
        "a day: units": units,
        "a day: expected": recount.expected,
        "a day: repaired": recount.repaired,
        "a day: seconds": round(time.monotonic() - started, 1),
    }


if __name__ == "__main__":
    main()
