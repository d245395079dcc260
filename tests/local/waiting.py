"""Waits for a condition with a deadline: tests never sleep for a guessed time."""

import os
import threading
import time
from collections.abc import Callable

_pause = threading.Event()


def until(condition: Callable[[], bool], what: str, deadline_s: float = 120.0) -> None:
    """Returns as soon as `condition()` is true; fails with `what` after `deadline_s` seconds."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"after {deadline_s:.0f} s still not: {what}"
        _pause.wait(0.02)


def is_alive(process: int) -> bool:
    """Whether a process with this id exists; a zombie that nobody has waited for counts as ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # gone before it was opened, or read
        return not os.path.isdir("/proc/self")
