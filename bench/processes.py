"""The processes of one stack, found in /proc: to kill some of them."""

import itertools
import os
import signal
from collections.abc import Iterator, Sequence
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


def kill(pid: int) -> None:
    """kill -9 of a process and all that it has started."""
    os.killpg(pid, signal.SIGKILL)


def _processes() -> Iterator[tuple[int, int, list[str]]]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
            parent = int(
                (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1]
            )
        except (OSError, ValueError, IndexError):
            continue
        yield int(folder.name), parent, words


def _follows(words: Sequence[str], option: str, value: str) -> bool:
    return any(pair == (option, value) for pair in itertools.pairwise(words))
