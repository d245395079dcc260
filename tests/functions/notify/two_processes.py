"""Two processes that take their steps in an order that a test names, one step at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread

from tests.fakes.process import Process

PATIENCE_S = 120.0


class Baton:
    """Whoever has it runs, from one step to its next. `order` names who goes; then whoever is left, the first first."""

    def __init__(self, order: Sequence[int]) -> None:
        self._order = list(order)
        self._running: int | None = None
        self._ended: set[int] = set()
        self._changed = Condition()

    def pass_on(self, who: int) -> None:
        """Lets the other one go and waits for the own turn."""
        with self._changed:
            self._let_go(who)
            if not self._changed.wait_for(lambda: self._running is None and self._next() == who, PATIENCE_S):
                raise TimeoutError("the other process never took its step")
            self._running = who
            del self._order[:1]

    def end(self, who: int) -> None:
        """Takes no step any more."""
        with self._changed:
            self._ended.add(who)
            self._let_go(who)

    def _let_go(self, who: int) -> None:
        if self._running == who:
            self._running = None
        self._changed.notify_all()

    def _next(self) -> int:
        self._order = [who for who in self._order if who not in self._ended]
        return self._order[0] if self._order else min({0, 1} - self._ended)


@dataclass
class OneOfTwo(Process):
    """A process that waits for its turn before each step."""

    who: int = 0
    baton: Baton = field(default_factory=lambda: Baton(()))

    def take(self, step: str) -> None:
        self.baton.pass_on(self.who)
        super().take(step)


def run_two(order: Sequence[int], *works: Callable[[OneOfTwo], object]) -> list[object]:
    """Runs both in that order of steps; what each answered, or the error that it ended with."""
    baton, outcomes = Baton(order), [object(), object()]

    def run(who: int) -> None:
        try:
            outcomes[who] = works[who](OneOfTwo(who=who, baton=baton))
        except Exception as error:
            outcomes[who] = error
        finally:
            baton.end(who)

    threads = [Thread(target=run, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
