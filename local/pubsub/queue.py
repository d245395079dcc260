"""The messages of one subscription that are not acknowledged yet: waiting, leased, or backing off.

At least once: a message stays until it is acknowledged or handed to the dead letter topic. A lease that ends
without an answer counts as a failed attempt.
"""

import heapq
import itertools
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from local.pubsub.message import Message


@dataclass(frozen=True)
class Rules:
    """How a subscription delivers; all times in seconds. `max_attempts` None: no dead letter topic."""

    ack_deadline_s: float
    minimum_backoff_s: float
    maximum_backoff_s: float
    max_attempts: int | None

    def backoff_s(self, attempts: int) -> float:
        """The pause after failed attempt number `attempts` (1 is the first): it doubles up to the maximum."""
        # The exponent is bounded because a poison message may fail for days.
        return float(min(self.maximum_backoff_s, self.minimum_backoff_s * 2 ** min(attempts - 1, 30)))


def is_ack_id(text: str) -> bool:
    """Whether `text` may be an id that a queue gave out, for a lease that lasts or is over."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


@dataclass
class _Delivery:
    message: Message
    attempts: int = 0


@dataclass
class _Lease:
    delivery: _Delivery
    expires_at: float


@dataclass(frozen=True)
class Leased:
    """A message given out once; `attempt` is 1 at the first delivery."""

    ack_id: str
    message: Message
    attempt: int


class SubscriptionQueue:
    """Thread-safe. `bury(message, attempts)` takes a message that failed too often, or says False."""

    def __init__(
        self,
        rules: Rules,
        bury: Callable[[Message, int], bool],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._bury = bury
        self._now = monotonic
        self._changed = threading.Condition()
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, _Delivery]] = []
        self._leases: dict[str, _Lease] = {}
        # One entry per deadline ever set; an entry counts only while it is still its lease's deadline.
        self._deadlines: list[tuple[float, str]] = []

    @property
    def rules(self) -> Rules:
        """The rules in force; assigning changes them from the next delivery on."""
        return self._rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        with self._changed:
            self._rules = rules

    def put(self, message: Message) -> None:
        """Makes `message` deliverable now."""
        with self._changed:
            self._schedule(_Delivery(message), self._now())

    def lease(self, limit: int, wait_s: float, stopped: threading.Event) -> list[Leased]:
        """Up to `limit` due messages, as soon as there is one; [] after `wait_s` or once `stopped` is set.

        Whoever sets `stopped` calls `wake` afterwards.
        """
        give_up_at = self._now() + wait_s
        while True:
            with self._changed:
                now = self._now()
                failed = self._expire(now)
                taken = [] if stopped.is_set() else self._take(limit, now)
                if not failed and not taken and now < give_up_at and not stopped.is_set():
                    self._changed.wait(min(give_up_at, self._next_event()) - now)
            self._retire(failed)
            if taken or stopped.is_set() or now >= give_up_at:
                return taken

    def wake(self) -> None:
        """Lets everyone who waits in `lease` look again."""
        with self._changed:
            self._changed.notify_all()

    def acknowledge(self, ack_id: str) -> None:
        """Ends the message's life. A lease that is over is ignored: its message is on its way again."""
        with self._changed:
            self._leases.pop(ack_id, None)

    def extend(self, ack_id: str, seconds: float) -> None:
        """Moves the lease's end to `seconds` from now; 0 is a negative acknowledgement."""
        with self._changed:
            lease = self._leases.get(ack_id)
            if lease is None:
                return
            self._set_deadline(ack_id, lease, self._now() + seconds)
            failed = self._expire(self._now())
        self._retire(failed)

    def _take(self, limit: int, now: float) -> list[Leased]:
        taken: list[Leased] = []
        while self._waiting and self._waiting[0][0] <= now and len(taken) < limit:
            delivery = heapq.heappop(self._waiting)[2]
            delivery.attempts += 1
            ack_id = uuid.uuid4().hex
            lease = self._leases[ack_id] = _Lease(delivery, now)
            self._set_deadline(ack_id, lease, now + self._rules.ack_deadline_s)
            taken.append(Leased(ack_id, delivery.message, delivery.attempts))
        return taken

    def _set_deadline(self, ack_id: str, lease: _Lease, at: float) -> None:
        lease.expires_at = at
        heapq.heappush(self._deadlines, (at, ack_id))
        self._changed.notify_all()

    def _expire(self, now: float) -> list[_Delivery]:
        """Ends the leases whose time is over. Returns what must leave the subscription, for `_retire`."""
        failed: list[_Delivery] = []
        while self._deadlines and self._deadlines[0][0] <= now:
            at, ack_id = heapq.heappop(self._deadlines)
            lease = self._leases.get(ack_id)
            if lease is None or lease.expires_at != at:
                continue
            del self._leases[ack_id]
            if self._rules.max_attempts is not None and lease.delivery.attempts >= self._rules.max_attempts:
                failed.append(lease.delivery)
            else:
                self._schedule(lease.delivery, now + self._rules.backoff_s(lease.delivery.attempts))
        return failed

    def _retire(self, failed: list[_Delivery]) -> None:
        # Without the lock: the dead letter topic may lead back to this very queue.
        for delivery in failed:
            if not self._bury(delivery.message, delivery.attempts):
                with self._changed:
                    self._schedule(delivery, self._now() + self._rules.backoff_s(delivery.attempts))

    def _schedule(self, delivery: _Delivery, at: float) -> None:
        heapq.heappush(self._waiting, (at, next(self._order), delivery))
        # Everyone, not one: each who waits must reckon anew when to look again.
        self._changed.notify_all()

    def _next_event(self) -> float:
        """When something is due without anyone's doing; infinity if never."""
        due = [heap[0][0] for heap in (self._waiting, self._deadlines) if heap]
        return min(due, default=float("inf"))
