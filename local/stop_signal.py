"""The signal that ends a process: SIGTERM from the supervisor, SIGINT from a terminal."""

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import FrameType

_LOOK_S = 0.5


class StopSignal:
    """Takes both signals from its making on, in the main thread; `wait()` returns when one of them has come.

    No Event, for a handler runs in the middle of what it interrupts: `set()` would ask for the lock that a `wait()`
    just begun holds, and the process would stand for ever. SimpleQueue.put() is made for this:
    https://docs.python.org/3/library/queue.html#queue.SimpleQueue.put
    """

    def __init__(self) -> None:
        self._came: SimpleQueue[int] = SimpleQueue()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take)

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self._came.put(number)

    def wait(self) -> None:
        # Python runs a handler between two steps of its own: a signal just before the wait is seen at the next look.
        while True:
            with suppress(Empty):
                self._came.get(timeout=_LOOK_S)
                return
