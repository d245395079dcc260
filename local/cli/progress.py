"""The lines that tell a person what ./dev is doing and how long each step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints `what …`, then how long it took, or that it failed."""
    print(f"{what} …", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"  failed after {time.monotonic() - began:.1f} s", flush=True)
        raise
    print(f"  done in {time.monotonic() - began:.1f} s", flush=True)


def detail(line: str) -> None:
    """Prints one line that belongs to the step under way."""
    print(f"  {line}", flush=True)


def complain(sentence: str) -> None:
    """Prints a sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)
