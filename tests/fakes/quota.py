"""The shards of the project's units in memory, and a time that passes only when everybody waits."""

import heapq
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from shared.errors import Stale
from shared.ports.quota import Shard


@dataclass
class FakeTime:
    """Seconds since 1970."""

    now: float = 1_800_000_000.0
    _together: bool = False
    _count: int = 0
    _sleepers: list[tuple[float, int, threading.Event]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        """Lets so much time pass: for one alone, or for those that `run` runs, until nobody comes before."""
        if not self._together:
            self.now += seconds
            return
        turn = threading.Event()
        with self._lock:
            self._count += 1
            heapq.heappush(self._sleepers, (self.now + seconds, self._count, turn))
        self._next()
        turn.wait()

    def run(self, *works: Callable[[], object]) -> None:
        """Does all of these at once, one at a time: who waits lets the one go on whose time comes next.

        The same each time, however the machine's threads are scheduled. Raises what the first to fail raised.
        """
        failures: list[BaseException] = []

        def done(work: Callable[[], object], turn: threading.Event) -> None:
            turn.wait()
            try:
                work()
            except BaseException as error:
                failures.append(error)
            self._next()

        turns = [threading.Event() for _ in works]
        threads = [threading.Thread(target=done, args=pair) for pair in zip(works, turns, strict=True)]
        self._sleepers = [(self.now, -len(turns) + at, turn) for at, turn in enumerate(turns)]
        self._together = True
        for thread in threads:
            thread.start()
        self._next()
        for thread in threads:
            thread.join()
        self._together = False
        for failure in failures:
            raise failure

    def _next(self) -> None:
        with self._lock:
            if self._sleepers:
                at, _, turn = heapq.heappop(self._sleepers)
                self.now = max(self.now, at)
                turn.set()


@dataclass
class FakeQuotaShards:
    """QuotaStore. `written` counts the writes of each shard in each second, where a time is given."""

    seconds: Callable[[], float] = float
    rows: dict[int, Shard] = field(default_factory=dict)
    reads: int = 0
    writes: int = 0
    written: Counter[tuple[int, int]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, number: int) -> Shard:
        with self._lock:
            self.reads += 1
            return self.rows.get(number, Shard(number, 0.0))

    def write(self, shard: Shard) -> Shard:
        with self._lock:
            kept = self.rows.get(shard.number)
            if (kept.version if kept else None) != shard.version:
                raise Stale("Another process has taken units meanwhile.")
            self.writes += 1
            self.written[shard.number, int(self.seconds())] += 1
            self.rows[shard.number] = replace(shard, version=self.writes)
            return self.rows[shard.number]
