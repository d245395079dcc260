"""The processes of one stack, found in /proc: to kill some of them, and to see how much they have worked."""

import itertools
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path


def function_processes(port: int, entry_points: Sequence[str]) -> list[int]:
    """Process ids of the functions of the stack whose gateway listens on `port`; each leads its own group."""
    stack = [
        pid
        for pid, _, words in _processes()
        if "local.stack" in words and _follows(words, "--port", str(port))
    ]
    return [
        pid
        for pid, parent, words in _processes()
        if parent in stack and any(_follows(words, "--target", name) for name in entry_points)
    ]


def processor_seconds(leader: int) -> float:
    """What a process and all below it have used so far, those that have ended too."""
    family = {leader}
    ticks = {pid: (parent, sum(map(int, stat[11:15]))) for pid, parent, stat in _stats()}
    while more := {pid for pid, (parent, _) in ticks.items() if parent in family} - family:
        family |= more
    return sum(ticks[pid][1] for pid in family & ticks.keys()) / os.sysconf("SC_CLK_TCK")


def kill(pid: int) -> None:
    """kill -9 of a process and all that it has started."""
    os.killpg(pid, signal.SIGKILL)


def _processes() -> Iterator[tuple[int, int, list[str]]]:
    for pid, parent, _ in _stats():
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
            yield pid, parent, words.split("\0")


def _stats() -> Iterator[tuple[int, int, list[str]]]:
    """Process id, parent, and what /proc/PID/stat tells after the name: proc_pid_stat(5), from its third field on."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            told = (folder / "stat").read_text(encoding="ascii", errors="replace")
            fields = told.rpartition(")")[2].split()
            yield int(folder.name), int(fields[1]), fields


def _follows(words: Sequence[str], option: str, value: str) -> bool:
    return any(pair == (option, value) for pair in itertools.pairwise(words))
