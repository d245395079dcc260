"""A process of its own that ends what a killed supervisor left behind.

It reads `+GROUP` and `-GROUP` lines (process groups that began and ended) from its standard input, a pipe
whose other end only the supervisor holds. When the pipe closes, whoever is still listed is ended: this works
after a kill -9 too, on Linux and macOS, and reaches the children of children.
"""

import contextlib
import os
import signal
import sys
import time
from typing import TextIO

_GRACE_S = 2.0


def main() -> None:
    """Serves one supervisor, then returns."""
    # The supervisor's own end is what this waits for, so no signal of a terminal may come before it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_groups(read_groups(sys.stdin), _GRACE_S)


def read_groups(lines: TextIO) -> set[int]:
    """The process groups that are listed when the lines end."""
    groups: set[int] = set()
    for line in lines:
        mark, number = line[:1], int(line[1:])
        if mark == "+":
            groups.add(number)
        else:
            groups.discard(number)
    return groups


def end_groups(groups: set[int], grace_s: float) -> None:
    """SIGTERM to each group, SIGKILL to those that are still there after `grace_s` seconds."""
    deadline = time.monotonic() + grace_s
    waiting = {group for group in groups if signal_group(group, signal.SIGTERM)}
    while waiting and time.monotonic() < deadline:
        time.sleep(0.05)
        waiting = {group for group in waiting if signal_group(group, 0)}
    for group in waiting:
        signal_group(group, signal.SIGKILL)


def signal_group(group: int, number: int) -> bool:
    """Sends a signal to a process group; False where the group is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    main()
