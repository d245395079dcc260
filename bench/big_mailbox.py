"""`python -m bench.big_mailbox [messages] [contacts] [hits]`: labels go on in a mailbox that is large and old.

The labeler's turns run in a process of their own, with all real adapters, so that its memory is its own. Most mail
lies outside the Inbox; in the Inbox are `hits` mails of contacts, a tenth as many that only look like theirs to Gmail's
search, and strangers' mail. Ends with exit code 1 where a label is wrong, or beyond a limit, and says which.
"""

import multiprocessing
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.results_file import report
from functions.labeler import wiring
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from local.crm.models import Seed
from shared.wiring import Common, CommonSettings
from tests.e2e.in_process import Cost, House, running_house
from tests.fakes.publisher import FakePublisher
from tests.local.gmail.running import mail

SEED: Final = 20261128
NOON: Final = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
IN_INBOX: Final = 0.3
"""Share of all messages that lies in the Inbox."""
LIMIT: Final = 6000
"""Units that such a mailbox may cost."""
MOST_MIB: Final = 256
"""Memory of the labeler's process: half of what its instance has."""
DEALS: Final = (
    ("closing_this_month", "open", "2026-11-30"),
    ("open_deals", "open", None),
    ("customers", "won", None),
    (None, "lost", None),
)


def main() -> None:
    """Fills the mailbox, turns labels on, ticks until all is sorted, looks at every mail."""
    messages, contacts, hits = (
        int(a) for a in (*sys.argv[1:], *("100000", "5000", "250")[len(sys.argv) - 1 :])
    )
    print("seed", SEED)
    with TemporaryDirectory() as name, running_house(_crm(contacts), Path(name), NOON) as house:
        started = time.monotonic()
        house.connect("ana")
        expected = _fill(house, messages, contacts, hits)
        print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
        house.change("ana", mailmagnet=True)
        house.change("ana", labels=True)
        ticks, peak, costs, seconds = _tick_until_sorted(house)
        wrong = _wrong(house, expected)
    headers, spent = len(expected), sum(cost.units for cost in costs)
    report(
        "big_mailbox",
        {
            "messages": messages,
            "contacts": contacts,
            "mails of contacts in the Inbox": hits,
            "mails that only look like theirs": headers - hits,
            "mails where the label is wrong": wrong,
            "ticks": ticks,
            "units": spent,
            f"units beside {headers:,} headers": spent - 20 * headers,
            f"headers for which {LIMIT:,} units suffice": (LIMIT - spent + 20 * headers) // 20,
            "most units in a tick": max(cost.units for cost in costs),
            "requests": sum(cost.requests for cost in costs),
            "round trips": sum(cost.round_trips for cost in costs),
            "CRM calls": sum(cost.crm_calls for cost in costs),
            "peak memory of the labeler's process, MiB": peak,
            "seconds": round(seconds),
        },
    )
    if told := list(beyond(wrong, spent, peak)):
        print(*told, sep="\n")
        sys.exit(1)


def beyond(wrong: int, units: int, peak_mib: int) -> Iterator[str]:
    """What these numbers do not keep."""
    if wrong:
        yield f"{wrong} mails lie under a wrong label."
    if units > LIMIT:
        yield f"It cost {units:,} units: {LIMIT:,} are allowed."
    if peak_mib > MOST_MIB:
        yield f"A labeler's process used {peak_mib} MiB: {MOST_MIB} are allowed."


def _crm(contacts: int) -> Seed:
    rows = [
        {
            "id": f"c{n}",
            "name": f"C{n}",
            "addresses": [_address(n)],
            "deals": [{"id": f"d{n}", "name": "Deal", "state": state, "closing_date": closing}],
        }
        for n in range(contacts)
        for _, state, closing in [DEALS[n % len(DEALS)]]
    ]
    user = {"id": "ana", "name": "Ana", "email": "ana@acme.example", "permissions": ["mail_integration"]}
    return Seed.model_validate({"org": {"id": "acme", "name": "Acme"}, "users": [user], "contacts": rows})


def _address(contact: int) -> str:
    return f"person.{contact}@client{contact % 500}.example"


def _fill(house: House, messages: int, contacts: int, hits: int) -> dict[str, str | None]:
    """What each mail that Gmail's search would name should get, by its id. Everything else is from strangers."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    boxes, owner = house.servers.emulator.boxes, "ana@acme.example"
    at = int(NOON.timestamp() * 1000)
    special = dict.fromkeys(chance.sample(range(messages), hits + hits // 10))
    senders = {number: chance.randrange(contacts) for number in special}
    alike = set(chance.sample(sorted(special), hits // 10))
    expected: dict[str, str | None] = {}
    for number in range(messages):
        sender, labels = f"stranger{number % 9000}@elsewhere.example", {"INBOX"}
        if number in special:
            address = _address(senders[number])
            sender = f'"{address}" <{number}@elsewhere.example>' if number in alike else address
        elif chance.random() > IN_INBOX:
            labels = {"UNREAD"}
        received = at - (messages - number) * 60_000
        added = boxes.messages.add(owner, mail(f"Mail {number}", sender, owner), labels, received)
        if number in special:
            expected[added.id] = None if number in alike else DEALS[senders[number] % len(DEALS)][0]
    return expected


def _tick_until_sorted(house: House) -> tuple[int, int, list[Cost], float]:
    costs: list[Cost] = []
    peak = 0
    started = time.monotonic()
    while True:
        peaks: list[int] = []
        costs.append(house.cost_of(lambda peaks=peaks: peaks.append(_tick(house))))  # type: ignore[misc]
        peak = max(peak, *peaks)
        labeling = house.call(house.oauth, "GET", "/oauth/mailbox", "ana")["labeling"]
        print(
            f"tick {len(costs)}: {labeling['done']} of {labeling['total']}, {costs[-1].units} units",
            flush=True,
        )
        if labeling["state"] == "idle":
            return len(costs), peak, costs, time.monotonic() - started
        house.servers.clock.advance(600)


def _tick(house: House) -> int:
    """A tick; each turn in a process of its own. Answers the most memory that one has used, in MiB."""
    published = house.publisher.published
    at, peak = len(published), 0
    start_run(house.labeler)
    while at < len(published):
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_turn, args=(house.common.settings, published[at][1], theirs))
        process.start()
        more, used = ours.recv()
        process.join()
        published += more
        peak = max(peak, used)
        at += 1
    return peak


def _turn(settings: CommonSettings, payload: bytes, answer: Connection) -> None:
    common = Common(settings)
    publisher = FakePublisher()
    take_turn(payload, replace(wiring.services(common), publisher=publisher))
    answer.send((publisher.published, _peak_mib()))


def _peak_mib() -> int:
    """The most memory this process has had, from its beginning on: what getrusage says begins with the parent's."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) // 1024


def _wrong(house: House, expected: Mapping[str, str | None]) -> int:
    mailbox = house.call(house.oauth, "GET", "/oauth/mailbox", "ana")
    ours = {label["id"]: category for category, label in mailbox["labels"].items()}
    wrong = 0
    for message in house.servers.emulator.boxes.messages.all("ana@acme.example"):
        carried = [ours[label] for label in message.label_ids if label in ours]
        want = expected.get(message.id)
        wrong += carried != ([want] if want else [])
    return wrong


if __name__ == "__main__":
    main()
