"""Quota units: what each method costs, how much a user and the project may spend, and what was spent."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local.gmail.errors import GoogleError

# Projects created since 2026-05-01. Where that table has no row, the value of the table before it is kept:
# https://developers.google.com/workspace/gmail/api/reference/quota
UNITS_2026 = {
    "drafts.create": 10,
    "drafts.delete": 10,
    "drafts.get": 5,
    "drafts.list": 5,
    "drafts.send": 100,
    "drafts.update": 15,
    "getProfile": 1,
    "history.list": 2,
    "labels.create": 5,
    "labels.delete": 5,
    "labels.get": 1,
    "labels.list": 1,
    "labels.patch": 5,
    "labels.update": 5,
    "messages.attachments.get": 20,
    "messages.batchDelete": 50,
    "messages.batchModify": 50,
    "messages.delete": 10,
    "messages.get": 20,
    "messages.import": 25,
    "messages.insert": 25,
    "messages.list": 5,
    "messages.modify": 5,
    "messages.send": 100,
    "messages.trash": 5,
    "messages.untrash": 5,
    "settings.sendAs.get": 1,
    "settings.sendAs.list": 1,
    "stop": 50,
    "threads.delete": 20,
    "threads.get": 40,
    "threads.list": 10,
    "threads.modify": 10,
    "threads.trash": 10,
    "threads.untrash": 10,
    "watch": 100,
}
_WINDOW_S = 60.0


@dataclass(frozen=True)
class Limits:
    """Units a minute for one user and for the project, and requests of one user at a time; None: no limit."""

    user_per_minute: int | None = 6_000
    project_per_minute: int | None = 1_200_000
    in_flight_per_user: int | None = 10


NO_LIMITS = Limits(None, None, None)


@dataclass
class _Spent:
    units: int = 0
    requests: int = 0
    methods: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: {"calls": 0, "units": 0})
    )


class _Window:
    """Units spent in the last minute."""

    def __init__(self) -> None:
        self._entries: deque[tuple[float, int]] = deque()
        self.total = 0

    def forget_before(self, moment: float) -> None:
        while self._entries and self._entries[0][0] <= moment:
            self.total -= self._entries.popleft()[1]

    def add(self, now: float, units: int) -> None:
        self._entries.append((now, units))
        self.total += units


class Quota:
    """Counts and limits. The minute is the machine's own: moving the local clock gives nobody new units."""

    def __init__(self, limits: Limits | None = None, seconds: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits or Limits()
        self._seconds = seconds
        self._lock = threading.Lock()
        self._project = _Window()
        self._users: dict[str, _Window] = defaultdict(_Window)
        self._in_flight: dict[str, int] = defaultdict(int)
        self._most_in_flight: dict[str, int] = defaultdict(int)
        self._spent: dict[str, _Spent] = defaultdict(_Spent)
        self._round_trips: dict[str, int] = defaultdict(int)

    def round_trip(self, email: str) -> None:
        """Counts one HTTP request; a batch is one."""
        with self._lock:
            self._round_trips[email] += 1

    @contextmanager
    def in_flight(self, email: str) -> Iterator[None]:
        """Counts one request of the user as running. Raises GoogleError 429 beyond the limit."""
        with self._lock:
            limit = self.limits.in_flight_per_user
            if limit is not None and self._in_flight[email] >= limit:
                raise GoogleError(429, "rateLimitExceeded", "Too many concurrent requests for user")
            self._in_flight[email] += 1
            self._most_in_flight[email] = max(self._most_in_flight[email], self._in_flight[email])
        try:
            yield
        finally:
            with self._lock:
                self._in_flight[email] -= 1

    def running(self, email: str) -> int:
        """How many requests of the user are running now."""
        with self._lock:
            return self._in_flight[email]

    def spend(self, email: str, method: str) -> None:
        """Charges one call. Raises GoogleError 403 and charges nothing beyond a limit."""
        units = UNITS_2026.get(method, 1)
        with self._lock:
            now = self._seconds()
            user, limits = self._users[email], self.limits
            for window in (user, self._project):
                window.forget_before(now - _WINDOW_S)
            if limits.user_per_minute is not None and user.total + units > limits.user_per_minute:
                raise _exceeded("Queries per minute per user")
            project = self._project
            if limits.project_per_minute is not None and project.total + units > limits.project_per_minute:
                raise _exceeded("Queries per minute")
            user.add(now, units)
            project.add(now, units)
            spent = self._spent[email]
            spent.units += units
            spent.requests += 1
            spent.methods[method]["calls"] += 1
            spent.methods[method]["units"] += units

    def report(self) -> dict[str, Any]:
        """`{"users": {email: {"units", "requests", "methods", "most_in_flight"}}, "round_trips": {email: n}}`."""
        with self._lock:
            return {
                "users": {
                    email: {
                        "units": spent.units,
                        "requests": spent.requests,
                        "methods": {name: dict(counts) for name, counts in spent.methods.items()},
                        "most_in_flight": self._most_in_flight[email],
                    }
                    for email, spent in self._spent.items()
                },
                "round_trips": dict(self._round_trips),
            }

    def reset(self) -> None:
        """Sets the counters of `report` to zero; the minute's limits go on."""
        with self._lock:
            self._spent.clear()
            self._round_trips.clear()
            self._most_in_flight.clear()


def _exceeded(limit: str) -> GoogleError:
    # Google's page names userRateLimitExceeded for the limit per user; what clients see is this, and no Retry-After.
    message = (
        f"Quota exceeded for quota metric 'Queries' and limit '{limit}' of service 'gmail.googleapis.com' "
        "for consumer 'project_number:0'."
    )
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": {"service": "gmail.googleapis.com", "quota_limit": limit},
        }
    ]
    return GoogleError(
        403,
        "rateLimitExceeded",
        message,
        domain="usageLimits",
        status="RESOURCE_EXHAUSTED",
        details=details,
    )
