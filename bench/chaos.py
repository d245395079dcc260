"""`python -m bench.chaos [mails]`: pushes are lost, doubled, reordered and delayed, and functions are killed.

Seconds are ratios to floors of the same run: a delivery to a mailbox that nobody connected, a tick without work.
Ends with exit code 1 unless, after the next sweep, exactly the contacts' mails have a notice. Two of one mail cannot
be: a notice is stored under its message's id.
"""

import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

import requests

from bench.mailboxes import CONTACTS, NOBODYS, notices, stack_with_mailboxes
from bench.processes import function_processes, kill
from bench.results_file import report
from tests.e2e.driver import Driver, Seller

T = TypeVar("T")

FAULTS = (
    {"kind": "drop_push", "rate": 0.3},
    {"kind": "duplicate_push", "rate": 0.2},
    {"kind": "reorder_push", "rate": 0.2},
)
KILL_EVERY_S = 4.0
TICKS = 6
FLOOR_MAILS = 100
KILLED = ("on_gmail_push", "label_mailbox", "notify", "tick")


def main() -> None:
    """Delivers 2,000 mails at random to 20 mailboxes, half of them from contacts."""
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = 20261124
    print(f"seed {seed}")
    started = time.monotonic()
    with stack_with_mailboxes(20) as (driver, sellers):
        delivery_s, tick_s = _floors(driver)
        for fault in FAULTS:
            driver.call("POST", "/local/faults", fault, expect=201)
        over = threading.Event()
        kills: list[str] = []
        killer = threading.Thread(target=_kill, args=(driver, random.Random(seed), over, kills))  # noqa: S311
        killer.start()
        expected, delivered_s = _timed(lambda: _deliver(driver, sellers, mails, random.Random(seed)))  # noqa: S311
        over.set()
        killer.join()
        driver.call("DELETE", "/local/faults")
        before = sum(len(ids) for ids in notices(driver).values())
        ticks, swept_s = _timed(lambda: _sweep(driver))
        found = notices(driver)
    wrong = _compare(expected, found)
    report(
        "chaos",
        {
            "mails": mails,
            "mailboxes": len(sellers),
            "of_contacts": sum(len(ids) for ids in expected.values()),
            "kills": len(kills),
            "noticed_before_the_sweep": before,
            "noticed": sum(len(ids) for ids in found.values()),
            **wrong,
            "ticks": ticks,
            "seconds": round(time.monotonic() - started),
            "a_delivery_to_floor": round(delivered_s / mails / delivery_s, 2),
            "a_tick_to_floor": round(swept_s / max(1, ticks) / tick_s, 2),
        },
    )
    sys.exit(1 if any(wrong.values()) else 0)


def _floors(driver: Driver) -> tuple[float, float]:
    """Seconds of a delivery that leads to nothing, and of a tick that finds nothing."""
    _, delivered_s = _timed(lambda: [driver.deliver(NOBODYS, CONTACTS[0]) for _ in range(FLOOR_MAILS)])
    driver.call("POST", "/local/tick/labeler", expect=200)
    _, tick_s = _timed(lambda: driver.call("POST", "/local/tick/labeler", expect=200))
    return delivered_s / FLOOR_MAILS, tick_s


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.monotonic()
    return work(), time.monotonic() - begun


def _deliver(driver: Driver, sellers: list[Seller], mails: int, chance: random.Random) -> dict[str, set[str]]:
    expected: dict[str, set[str]] = defaultdict(set)
    for number in range(mails):
        seller = chance.choice(sellers)
        contact = chance.random() < 0.5
        sender = chance.choice(CONTACTS) if contact else f"s{number}@strangers.example"
        message = driver.deliver(seller.email, sender)
        if contact:
            expected[seller.mailbox].add(message)
    return expected


def _kill(driver: Driver, chance: random.Random, over: threading.Event, kills: list[str]) -> None:
    while not over.wait(KILL_EVERY_S):
        target = chance.choice(KILLED[:2] if chance.random() < 0.7 else KILLED)
        for pid in function_processes(driver.port, [target]):
            kill(pid)
            kills.append(target)


def _sweep(driver: Driver) -> int:
    """Ticks until every mailbox has had its turn: an hour of the stack's clock. Processes come back meanwhile."""
    done = 0
    deadline = time.monotonic() + 600
    while done < TICKS and time.monotonic() < deadline:
        driver.call("POST", "/local/clock", {"advance_s": 600}, expect=200)
        try:
            status = driver.raw("POST", "/local/tick/labeler").status_code
        except requests.RequestException:
            status = 0
        done += status == 200
    return done


def _compare(expected: dict[str, set[str]], found: dict[str, list[str]]) -> dict[str, int]:
    boxes = expected.keys() | found.keys()
    return {
        "lost": sum(len(expected[box] - set(found[box])) for box in boxes),
        "of_strangers": sum(len(set(found[box]) - expected[box]) for box in boxes),
    }


if __name__ == "__main__":
    main()
