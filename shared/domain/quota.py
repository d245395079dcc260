"""Gmail's quota as token buckets: how much a user and the project may spend, who may spend it, who waits.

Google counts units in windows of a minute (https://developers.google.com/workspace/gmail/api/reference/quota). Units
are handed out to processes in slices that they may spend for `LEASE_S`, and a request may be on its way for `LATE_S`.
So what is handed out within those and a minute must not exceed the minute's limit: capacity + rate * 75 <= limit.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

Urgency = Literal["interactive", "prompt", "background"]
"""Somebody waits for the answer; somebody waits for the notice of a mail; nobody waits."""

PROJECT_PER_MINUTE: Final = 1_200_000
USER_PER_MINUTE: Final = 6_000
LEAST_PER_MINUTE: Final = 12_000
"""A project with less would have a bucket of under 1,000 units: a batch of 25 threads would never get its own."""
LEASE_S: Final = 10.0
"""Seconds in which a process may spend a slice that it took."""
LATE_S: Final = 5.0
BURST_S: Final = 10.0
"""A full bucket holds what it gets in so many seconds."""
UNITS_A_SHARD: Final = 75_000
"""Units a minute that one document hands out: about one write in two seconds, of the one in a second that it bears."""

KEPT: Final[Mapping[Urgency, float]] = {"interactive": 0.0, "prompt": 0.5, "background": 1.0}
"""The part of the reserve for people that each leaves alone."""
FAIR: Final = 0.5
"""The part of the rest that an organisation which asks for everything leaves to the others."""
MODEST_UNITS: Final = 10_000
"""Whoever asks for a few turns is not taken for one who asks for all, although a process has seen nobody else yet."""
ALONE: Final = 0.5
"""The largest share while no other is known: others may come, or there is none."""
PATIENCE_S: Final[Mapping[Urgency, float]] = {"interactive": 2.0, "prompt": 10.0, "background": 60.0}
"""How long a request waits for units before it is put off: the less, the more its organisation asks for."""
LEAST_PATIENCE_S: Final = 2.0
"""Not less: in so long new units come. Not more: who waits is in the way of those who come next."""


@dataclass(frozen=True)
class Bucket:
    """Units that come at `rate` a second, up to `capacity`. `full_at`, in seconds since 1970: when it is full again.

    One moment tells all: no clock that runs behind can fill it twice.
    """

    rate: float
    capacity: float
    full_at: float = 0.0

    def level(self, now: float) -> float:
        """The units in it."""
        return self.capacity - max(0.0, self.full_at - now) * self.rate

    def after(self, units: float, now: float) -> "Bucket":
        """The bucket without so many units; it may owe some."""
        return replace(self, full_at=max(self.full_at, now) + units / self.rate)

    def above(self, kept: float, now: float) -> float:
        """Units to be had while the part `kept` (0 to 1) of the capacity stays in it; not negative."""
        return max(0.0, self.level(now) - kept * self.capacity)

    def wait_s(self, units: float, kept: float, now: float) -> float:
        """Seconds until so many can be had, if nobody else takes any. A full bucket gives them in any case."""
        floor = min(kept * self.capacity, max(0.0, self.capacity - units))
        return max(0.0, (units + floor - self.level(now)) / self.rate)


def shards_of(per_minute: int) -> int:
    """Over how many documents the project's units are spread, so that none is written too often."""
    return max(1, math.ceil(per_minute / UNITS_A_SHARD))


def shard_bucket(per_minute: int, full_at: float = 0.0) -> Bucket:
    """One shard's part of the project's units."""
    rate = per_minute / shards_of(per_minute) / (60.0 + LEASE_S + LATE_S + BURST_S)
    return Bucket(rate, rate * BURST_S, full_at)


def kept_back(urgency: Urgency, share: float, reserve: float) -> float:
    """The part of a bucket (0 to 1) that a request leaves in it.

    `reserve` is for people; `share` is the part of all that was lately asked for which the request's organisation asked
    for. Who asks for much must leave much, so that whoever asks for little finds some at any time.
    """
    if urgency == "interactive":
        return 0.0
    return reserve * KEPT[urgency] + (1.0 - reserve) * FAIR * share


def patience_s(urgency: Urgency, share: float) -> float:
    """Seconds that a request may wait for its units."""
    if urgency == "interactive":
        return PATIENCE_S[urgency]
    return max(LEAST_PATIENCE_S, PATIENCE_S[urgency] * (1.0 - share) ** 2)


def share_of(org: str, asked: Mapping[str, float]) -> float:
    """The part (0 to 1) of what was lately asked for that is this organisation's.

    Small where little was asked for at all, and not much more than `ALONE` where the others ask for little: units that
    nobody else wants are not to be left.
    """
    total, own = sum(asked.values()), asked.get(org, 0.0)
    others = min(1.0, (total - own) / MODEST_UNITS)
    return min(own / max(total, MODEST_UNITS), ALONE + (1.0 - ALONE) * others)


USER_BURST: Final = 4_500
USER_RATE: Final = USER_BURST / 600.0
"""Background work of one mailbox: a full turn every ten minutes. In the worst minute 4,950 units of Google's 6,000: the
user can open a page of 50 mails (1,005), where no other mailbox is of the same account (docs/quota.md). A turn stops
where its units end; only a watch is renewed without them: 100 units a day."""
ENDING_UNITS: Final = 300
"""What looks leave of a turn's units for what comes after them: searches of the brake, and history that was told of."""
LONGEST_REST_S: Final = 2 * USER_BURST / USER_RATE
"""A turn may spend more than was left, but never as much as two full buckets."""


def user_bucket(rested_at: datetime | None, now: datetime) -> Bucket:
    """What background work may still spend of a user's units; `rested_at` is when it may spend all again (UTC).

    A moment further off than any rest takes was written by a clock that was ahead, and counts for nothing.
    """
    full_at = rested_at.timestamp() if rested_at else 0.0
    return Bucket(USER_RATE, USER_BURST, full_at if full_at <= now.timestamp() + LONGEST_REST_S else 0.0)


def affordable(rested_at: datetime | None, now: datetime) -> int:
    """Units that background work may spend in a user's mailbox now."""
    return max(0, int(user_bucket(rested_at, now).level(now.timestamp())))


def rested_after(rested_at: datetime | None, units: int, now: datetime) -> datetime | None:
    """When background work may spend all again, after so many units more."""
    if not units:
        return rested_at
    return datetime.fromtimestamp(user_bucket(rested_at, now).after(units, now.timestamp()).full_at, UTC)
