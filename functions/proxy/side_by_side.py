"""Runs tasks at once and goes on without those that are late."""

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from shared.deadline import deadline, remaining

T = TypeVar("T")


def side_by_side(tasks: Sequence[Callable[[], T]], seconds: float) -> list[T | None]:
    """What each task answers, in order; None for one that is not done after `seconds`.

    A late task goes on in its thread until its own time-outs end it; they nest in the same deadline. Raises what a
    task raises.
    """
    with deadline(seconds):
        if len(tasks) == 1:
            return [tasks[0]()]
        pool = ThreadPoolExecutor(max(1, len(tasks)))
        try:
            # Deadline, trace id: a thread's work belongs to the same call.
            futures = [pool.submit(contextvars.copy_context().run, task) for task in tasks]
            done, _ = wait(futures, remaining())
            return [future.result() if future in done else None for future in futures]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
