"""A process that can be killed between any two of its steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Killed(BaseException):
    """kill -9: no handler may do anything more. Not an Exception, so that nothing of ours catches it."""


@dataclass
class Process:
    """Counts the calls that leave it. Killed at a step, it makes no call from then on.

    `kill_after`: killed as soon as the first call of this name (`FakeAccount.modify`) has been answered.
    """

    kill_at: int | None = None
    steps: list[str] = field(default_factory=list)
    kill_after: str | None = None

    def take(self, step: str) -> None:
        """One call is about to be made. Raises Killed from step `kill_at` (0 is the first) on."""
        is_over = self.kill_after is not None and self.kill_after in self.steps
        if is_over or (self.kill_at is not None and len(self.steps) >= self.kill_at):
            raise Killed(step)
        self.steps.append(step)

    def calling(self, port: Any) -> Any:
        """The same port, each call of which is a step of this process."""
        return _Calling(port, self)


class _Calling:
    def __init__(self, port: Any, process: Process) -> None:
        self._port = port
        self._process = process

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        # What may be afforded is asked of the process itself.
        return self._step(name, found) if callable(found) and name != "afford" else found

    def _step(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self._process.take(f"{type(self._port).__name__}.{name}")
            answer = method(*values, **named)
            # A Gmail client makes calls of its own.
            return self._process.calling(answer) if name == "open" and not isinstance(answer, str) else answer

        return call
