"""The time within which a query's results lie, so that a search of a large mailbox need not read all of it."""

from dataclasses import dataclass

from local.gmail.search.conditions import AllOf, Condition, Not, Since

_END = 2**63 - 1


@dataclass(frozen=True)
class Window:
    """Milliseconds since 1970: `first` is inside, `end` is not."""

    first: int = 0
    end: int = _END


def window_of(condition: Condition) -> Window:
    """A window that misses no result of the condition; it may be wider than needed."""
    if isinstance(condition, Since):
        return Window(first=condition.epoch_s * 1000)
    if isinstance(condition, Not) and isinstance(condition.part, Since):
        return Window(end=condition.part.epoch_s * 1000)
    if isinstance(condition, AllOf):
        parts = [window_of(part) for part in condition.parts]
        return Window(
            max((part.first for part in parts), default=0), min((part.end for part in parts), default=_END)
        )
    return Window()
