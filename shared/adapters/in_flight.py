"""How many requests of one Gmail user may be under way at once in this process.

Gmail answers "Too many concurrent requests for user" at about ten; other instances, and the user's own mail programs,
need some of them.
"""

import threading
from types import TracebackType
from typing import Final
from weakref import WeakValueDictionary

from shared.deadline import remaining
from shared.errors import Throttled

PER_USER: Final = 4
PATIENCE_S: Final = 10.0


class Gate:
    """Lets four requests through at a time; the others wait. Safe under threads."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(PER_USER)

    def __enter__(self) -> None:
        """Raises Throttled (code mailbox_busy) where no place is free in time."""
        left = remaining()
        if not self._places.acquire(timeout=PATIENCE_S if left is None else min(left, PATIENCE_S)):
            raise Throttled("Too many calls for this mailbox are under way.", code="mailbox_busy")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._places.release()


class Gates:
    """One gate for each Gmail user, for as long as somebody holds it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: WeakValueDictionary[str, Gate] = WeakValueDictionary()

    def of(self, user: str) -> Gate:
        with self._lock:
            gate = self._gates.get(user)
            if gate is None:
                gate = self._gates[user] = Gate()
            return gate
