"""What was given up and waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class DeadLetter:
    """One letter; `receipt` is good for acknowledging it, for a while."""

    payload: bytes
    receipt: str


class DeadLetters(Protocol):
    """The dead letters of one topic."""

    def take(self, limit: int) -> Sequence[DeadLetter]:
        """Some that nobody holds, at most `limit`; none where there are none. Not acknowledged, they come again.

        Raises Misconfigured where they may not be read, UpstreamDown where Pub/Sub does not answer.
        """
        ...

    def acknowledge(self, receipts: Sequence[str]) -> None:
        """Ends these letters' lives."""
        ...
