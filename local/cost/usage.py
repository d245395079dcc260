"""What a mailbox does in a day, and what that comes to in a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from local.cost import prices
from local.cost.counted import Counted
from local.cost.prices import Price

DAYS: Final = 30
HOURS: Final = 730
TICKS: Final = 144
TICK_SECONDS: Final = 0.3
INSTANCES: Final = 10
"""Those that start however little is asked, each of which reads its secrets once an hour."""
MAILBOXES_OF_AN_ORG: Final = 50
KIB: Final = 1024
GIB: Final = 1024**3
TIB: Final = 1024**4
STREAMS_OF_AN_INSTANCE: Final = 48
"""60 % of the concurrency of `notify` in infra/terraform/functions.tf: where Cloud Run starts another instance."""
STREAM_SLOTS: Final = 64
"""The most that one instance takes: functions/notify/services.py."""
NOTIFY_INSTANCES: Final = 20
"""The most of `notify`, as in infra/terraform/functions.tf."""
MEMORY_GIB: Final = 0.5
PROXY_GIB: Final = 1.0
"""The proxy holds mails while it reads and sends them. Both as in infra/terraform/functions.tf."""
SECRETS: Final = 5
PUSH_BYTES: Final = 1000
"""The least that Pub/Sub charges for a publish, and again for its delivery."""


BUSY: Final = 3
"""How much more the busiest minute asks than the average one of a day of eight hours."""
Share = Literal["people's pages", "notices", "labels", "sweeps", "recount", "watch"]
"""For whom units are asked: whoever waits, and the work behind."""


@dataclass(frozen=True)
class Habit:
    """Something that happens so often a day in each mailbox. `row` names its cost in docs/quota.md.

    `seconds` of one instance, which is assumed and not measured; `calls` of functions from outside or by Pub/Sub;
    `less_units`: what of the row's units is not asked here. `gib`: memory of that instance. `share`: for whose
    sake the units are asked.
    """

    row: str
    share: Share
    a_day: float
    seconds: float
    calls: int = 1
    outside: bool = False
    less_units: int = 0
    gib: float = MEMORY_GIB
    why: str = ""


STREAM: Final = "opening a stream of notices"
STRANGER: Final = "a push with 1 new mail of a stranger"

HABITS: Final = (
    Habit("a push with 1 new mail of a contact", "notices", 8, 0.6, why="mail of contacts"),
    Habit(STRANGER, "notices", 32, 0.6, why="all other mail"),
    Habit(STRANGER, "notices", 60, 0.3, less_units=20, why="reading, archiving, sending: no new mail, no header"),
    Habit(
        "a tick with 30 new mails that pushes announced", "labels", 10, 1.5, why="turns with mail; as dear as with 30"
    ),
    Habit("the hourly check of a quiet mailbox", "sweeps", 14, 0.4, why="the other hours"),
    Habit("renewing a watch", "watch", 1, 0.5, 0, why="daily"),
    Habit("a recount of 8 notices and 32 mails of strangers", "recount", 1, 1.0, 0, why="daily"),
    Habit(
        "a page of 50 mails of a contact", "people's pages", 10, 1.5, outside=True, gib=PROXY_GIB,
        why="records opened in the CRM",
    ),
    Habit("one message", "people's pages", 15, 0.4, outside=True, gib=PROXY_GIB, why="mails opened"),
    Habit(
        "marking a mail as read", "people's pages", 8, 0.4, outside=True, gib=PROXY_GIB,
        why="own unread mails opened: contacts' mail, once each",
    ),
    Habit("sending a new mail", "people's pages", 3, 1.5, outside=True, gib=PROXY_GIB, why="mails sent"),
    Habit("listing 50 notices", "people's pages", 3, 0.4, outside=True, why="the page of notices"),
    Habit(
        STREAM, "people's pages", 48, 600 / STREAMS_OF_AN_INSTANCE, outside=True,
        why="open eight hours, renewed each ten minutes",
    ),
    Habit("a notice on an open stream", "people's pages", 8, 0.0, 0, why="each notice once"),
)  # fmt: skip

# Of a mailbox a day: documents that end by themselves, bytes to the browser for a call from outside, bytes of log
# for any call, spans for any call, bytes kept for a mailbox and for a notice over ninety days.
ENDING: Final = 8 + 10
ANSWER_BYTES: Final = 40 * KIB
LOG_BYTES: Final = 1500
SPANS_OF_A_CALL: Final = 5
TRACED: Final = 0.1
KEPT_BYTES: Final = 20 * KIB + 8 * 90 * 512


@dataclass(frozen=True)
class Month:
    """How much of each thing `mailboxes` use, and the units that they ask of Gmail in a day."""

    mailboxes: int
    units_a_day: int
    amounts: Mapping[Price, float]

    def usd(self, price: Price) -> float:
        """What one line costs."""
        return self.amounts[price] / price.per * price.usd

    @property
    def total(self) -> float:
        """What the month costs."""
        return sum(map(self.usd, self.amounts))


def month(mailboxes: int, rows: Mapping[str, Counted]) -> Month:
    """Raises KeyError where docs/quota.md has lost a row that a habit names."""
    days = mailboxes * DAYS
    quiet = rows["a tick while all mailboxes are quiet"]
    turns = TICKS * DAYS * max(1, mailboxes / MAILBOXES_OF_AN_ORG)
    reads = days * sum(habit.a_day * rows[habit.row].reads for habit in HABITS) + turns * quiet.reads
    writes = days * sum(habit.a_day * rows[habit.row].writes for habit in HABITS)
    published = days * sum(habit.a_day * rows[habit.row].messages for habit in HABITS) + turns
    pushed = days * sum(habit.a_day for habit in HABITS if habit.row.startswith("a push"))
    calls = days * sum(habit.a_day * habit.calls for habit in HABITS) + turns
    outside = days * sum(habit.a_day for habit in HABITS if habit.outside)
    seconds = days * sum(habit.a_day * habit.seconds for habit in HABITS) + turns * TICK_SECONDS
    gib_seconds = days * sum(habit.a_day * habit.seconds * habit.gib for habit in HABITS)
    instances = INSTANCES + seconds / (DAYS * 86400)
    answers_gib = outside * ANSWER_BYTES / GIB
    amounts = {
        prices.READS: reads,
        prices.WRITES: writes,
        prices.DELETES: days * ENDING,
        prices.STORED: mailboxes * KEPT_BYTES / GIB,
        prices.CALLS: calls,
        prices.CPU: seconds,
        prices.MEMORY: gib_seconds + turns * TICK_SECONDS * MEMORY_GIB,
        prices.PUBSUB: (published + pushed) * 2 * PUSH_BYTES / TIB,
        prices.SECRETS: SECRETS,
        prices.SECRET_READS: instances * SECRETS * HOURS,
        prices.LOGS: calls * LOG_BYTES / GIB,
        prices.SPANS: calls * SPANS_OF_A_CALL * TRACED,
        prices.BALANCER: HOURS,
        prices.BALANCED: answers_gib,
        prices.ARMOR: 1,
        prices.ARMORED: outside,
        prices.EGRESS: answers_gib,
        prices.SCHEDULES: 3,
    }
    return Month(mailboxes, units_a_day(mailboxes, rows), amounts)


def units_a_day(mailboxes: int, rows: Mapping[str, Counted]) -> int:
    """Gmail's units."""
    return round(mailboxes * sum(shares(rows).values()))


def shares(rows: Mapping[str, Counted]) -> Mapping[Share, float]:
    """Gmail's units that one mailbox asks in a day, by what they are asked for."""
    found: dict[Share, float] = dict.fromkeys(get_args(Share), 0.0)
    for habit in HABITS:
        found[habit.share] += habit.a_day * (rows[habit.row].units - habit.less_units)
    return found


def share_of_streams() -> float:
    """The part of all seconds in which an instance only holds streams open."""
    seconds = {habit.row: habit.a_day * habit.seconds for habit in HABITS}
    return seconds[STREAM] / sum(habit.a_day * habit.seconds for habit in HABITS)
