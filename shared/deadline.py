"""How long the call at hand may still take. Time-outs below it nest: nothing waits longer than the whole call may."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

TIME_IS_UP: Final = "time_is_up"
"""The code of the error that nothing was asked for want of time."""

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """The block has so many seconds; an earlier deadline around it stays in force."""
    ends_at = time.monotonic() + seconds
    known = _ends_at.get()
    token = _ends_at.set(ends_at if known is None else min(known, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


def remaining() -> float | None:
    """Seconds that are left, not negative; None where nothing limits the call."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())
