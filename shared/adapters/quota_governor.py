"""The governor of Gmail units in one process: takes slices of the project's units and hands them to requests.

A slice costs one Firestore write and lasts for ten seconds; in between nothing is asked. People's requests come first,
background work leaves a reserve, and an organisation that asks for much leaves more to the others.
"""

import math
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from shared.deadline import remaining
from shared.domain.quota import (
    ENDING_UNITS,
    LEASE_S,
    USER_RATE,
    Bucket,
    Urgency,
    kept_back,
    patience_s,
    shard_bucket,
    shards_of,
    share_of,
)
from shared.errors import Postponed, Stale, UpstreamDown
from shared.ports.quota import QuotaStore, Shard

SLICE_UNITS: Final = 1_000
"""The smallest slice, where the bucket has so many: a page of 50 mails."""
STEP_UNITS: Final = 500
"""What is taken at a time for work that can be cut: a batch of 25 headers."""
TRIES: Final = 4
STORE_S: Final = 2.0
"""Seconds that a request waits for another's call of the store; then it goes its way without the store."""
SHORTEST_WAIT_S: Final = 0.001
LATELY_S: Final = 300.0
"""Who asked for how much is remembered for one to two of these."""


class _Slices:
    """Units that this process has taken and not yet spent, oldest first."""

    def __init__(self) -> None:
        self._slices: list[list[float]] = []

    def add(self, units: float, ends_at: float) -> None:
        self._slices.append([ends_at, units])

    def left(self, now: float) -> float:
        self._slices = [piece for piece in self._slices if piece[0] > now and piece[1] > 0]
        return sum(units for _, units in self._slices)

    def spend(self, units: float) -> float:
        """Answers until when what was taken may be used."""
        ends_at = math.inf
        for piece in self._slices:
            part = min(units, piece[1])
            piece[1] -= part
            units -= part
            if part > 0:
                ends_at = min(ends_at, piece[0])
        return ends_at


class _Lately:
    """Sums of the running period and the one before it."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._ends_at = 0.0
        self.running: Counter[str] = Counter()
        self.before: Counter[str] = Counter()

    def add(self, name: str, units: float, now: float) -> None:
        if now >= self._ends_at:
            is_next = now < self._ends_at + self._period_s
            self.before = self.running if is_next else Counter()
            self.running = Counter()
            self._ends_at = now + self._period_s
        self.running[name] += int(units)


class Governor:
    """Safe under threads. `seconds` is the time since 1970, `wait` sleeps."""

    def __init__(
        self,
        store: QuotaStore,
        per_minute: int,
        reserve: float,
        *,
        seconds: Callable[[], float] = time.time,
        wait: Callable[[float], object] = time.sleep,
        dice: random.Random | None = None,
    ) -> None:
        self._store = store
        self._per_minute = per_minute
        self._reserve = reserve
        self._seconds = seconds
        self._wait = wait
        self._shards = shards_of(per_minute)
        self._known: dict[int, Shard] = {}
        self._dice = dice or random.SystemRandom()
        self._home = self._dice.randrange(self._shards)
        self._slices = _Slices()
        self._asked = _Lately(LATELY_S)
        self._spent = _Lately(LEASE_S)
        self._lock = threading.Lock()
        # Of its own: the other is held while the store is asked.
        self._asking = threading.Lock()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._seconds()

    def note(self, units: int, org: str) -> None:
        """An organisation asks for so many units: its share of all that is asked for grows."""
        with self._asking:
            self._asked.add(org, units, self._seconds())

    def draw(self, units: int, org: str, urgency: Urgency, most_wait_s: float = math.inf) -> float:
        """Takes units that were noted; waits for them for a while. Answers until when they may be spent.

        Raises Postponed. A person's request goes out even while Firestore does not answer; others raise UpstreamDown.
        """
        waited = 0.0
        while True:
            with self._asking:
                share = share_of(org, self._asked.running + self._asked.before)
            try:
                with self._store_free():
                    wait_s = self._take(units, kept_back(urgency, share, self._reserve))
                    if wait_s == 0.0:
                        return self._slices.spend(units)
            except (UpstreamDown, Stale):
                if urgency == "interactive":
                    return self._seconds()
                raise UpstreamDown("The quota's rows cannot be written.", code="store_contended") from None
            # A number of seconds since 1970 does not tell less than a microsecond.
            # Who has waited for the same comes back one after the other.
            wait_s = max(wait_s, SHORTEST_WAIT_S) * (1.0 + self._dice.random() / 2)
            left = remaining()
            patience = min(patience_s(urgency, share), most_wait_s) - waited
            if wait_s > (patience if left is None else min(patience, left)):
                raise Postponed("Gmail's quota is used up for now.", retry_after_s=wait_s)
            self._wait(wait_s)
            waited += wait_s

    @contextmanager
    def _store_free(self) -> Iterator[None]:
        """Raises UpstreamDown where another's call of the store does not end."""
        if not self._lock.acquire(timeout=STORE_S):
            raise UpstreamDown("The quota's rows do not answer.", code="store_down")
        try:
            yield
        finally:
            self._lock.release()

    def _take(self, units: int, kept: float) -> float:
        """0 if the units are there, or the seconds to wait for them."""
        now = self._seconds()
        lacking = units - self._slices.left(now)
        if lacking > 0:
            wait_s = self._take_slice(lacking, kept)
            if wait_s > 0.0:
                return wait_s
        self._spent.add("", units, now)
        return 0.0

    def _take_slice(self, need: float, kept: float) -> float:
        waits: list[float] = []
        # All ask for the same: else whoever needs little would be served first for ever.
        need = max(need, min(SLICE_UNITS, shard_bucket(self._per_minute).capacity / 8))
        for _ in range(TRIES):
            now = self._seconds()
            number = self._choose(need, kept, now)
            shard = self._known.get(number)
            if shard is None:
                shard = self._known[number] = self._store.read(number)
            bucket = self._bucket(shard)
            wait_s = bucket.wait_s(need, kept, now)
            if wait_s > 0.0:
                # Not read again: others can only have taken more since.
                waits.append(wait_s)
                if len(self._known) == self._shards:
                    break
                continue
            units = max(need, min(self._wanted(bucket), bucket.above(kept, now) / 2))
            after = bucket.after(units, now)
            try:
                self._known[number] = self._store.write(replace(shard, full_at=after.full_at))
            except Stale:
                del self._known[number]
                continue
            self._slices.add(units, now + LEASE_S)
            return 0.0
        if waits:
            return min(waits)
        raise Stale("Other processes keep taking units.")

    def _choose(self, need: float, kept: float, now: float) -> int:
        """The home shard while it has enough or is not known yet; else one that was never asked; else the fullest."""
        known = self._known.get(self._home)
        if known is None or self._bucket(known).wait_s(need, kept, now) == 0.0:
            return self._home
        unknown = [number for number in range(self._shards) if number not in self._known]
        if unknown:
            self._home = self._dice.choice(unknown)
        else:
            self._home = max(self._known, key=lambda number: self._bucket(self._known[number]).level(now))
        return self._home

    def _wanted(self, bucket: Bucket) -> float:
        """As much as the last ten seconds took, so that one slice lasts for ten; at most half of a full bucket."""
        lately = max(self._spent.before[""], self._spent.running[""])
        return min(max(SLICE_UNITS, lately * 1.25), bucket.capacity / 2)

    def _bucket(self, shard: Shard) -> Bucket:
        return shard_bucket(self._per_minute, shard.full_at)


class Meter:
    """What one Gmail client may spend. `most`: units that a user's background work still has; None: no limit.

    A person's call, whom no `most` stops, is `interactive`.
    """

    def __init__(self, governor: Governor, org: str, urgency: Urgency, most: int | None) -> None:
        self._governor = governor
        self._org = org
        self._urgency = urgency
        self._most = None if urgency == "interactive" else most
        self._held = _Slices()
        self._spent = 0

    def spend(self, units: int) -> None:
        """Before each request. Raises Postponed where the project, or the user's background work, has no units now."""
        if self._most is not None and self._spent + units > self._most:
            lacking = self._spent + units - self._most
            raise Postponed(
                "Background work has spent what it may of this user's units.",
                retry_after_s=lacking / USER_RATE,
                code="user_quota_postponed",
            )
        if self._left() >= units:
            self._held.spend(units)
        else:
            # Not together with what is held: that may expire while the rest is waited for.
            self._governor.note(units, self._org)
            self._governor.draw(units, self._org, self._urgency)
        self._spent += units

    def afford(self, units: int) -> int:
        """Takes up to so many units for the requests that follow, and answers how many are there."""
        if self._urgency == "interactive":
            return units
        wanted = units
        if self._most is not None:
            wanted = max(0, min(units, self._most - ENDING_UNITS - self._spent))
        lacking = wanted - self._left()
        self._governor.note(max(0, lacking), self._org)
        most_wait_s = math.inf
        while lacking > 0:
            step = min(STEP_UNITS, lacking)
            try:
                self._held.add(step, self._governor.draw(step, self._org, self._urgency, most_wait_s))
            except Postponed:
                break
            lacking -= step
            # What was taken first must not expire while the rest is waited for.
            most_wait_s = LEASE_S / 10
        return min(self._left(), wanted)

    def _left(self) -> int:
        return int(self._held.left(self._governor.now()))
