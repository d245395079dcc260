"""Doing the same for many mailboxes, a few at a time."""

import contextvars
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def at_once(most: int, items: Iterable[T], work: Callable[[T], R]) -> Iterator[R]:
    """What `work` answers for each item, in no order, with at most `most` under way and as many read ahead.

    An error of one item does not stop the others; the first one is raised when all are done.
    """
    fault: BaseException | None = None
    waiting: set[Future[R]] = set()
    with ThreadPoolExecutor(max_workers=most) as pool:
        for item in items:
            # The thread's log lines belong to the same request.
            waiting.add(pool.submit(contextvars.copy_context().run, work, item))
            if len(waiting) >= 2 * most:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                fault = fault or _first_fault(done)
                yield from (future.result() for future in done if future.exception() is None)
        done, _ = wait(waiting)
        fault = fault or _first_fault(done)
        yield from (future.result() for future in done if future.exception() is None)
    if fault is not None:
        raise fault


def _first_fault(done: Iterable[Future[R]]) -> BaseException | None:
    return next((fault for future in done if (fault := future.exception()) is not None), None)
