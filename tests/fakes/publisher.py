"""Pub/Sub in memory."""

from collections.abc import Sequence

from shared.ports.dead_letters import DeadLetter


class FakePublisher:
    """Keeps what was published as (topic, message), oldest first."""

    def __init__(self) -> None:
        self.published: list[tuple[str, bytes]] = []

    def publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
        first = len(self.published)
        self.published += [(topic, message) for message in messages]
        return [str(number + 1) for number in range(first, len(self.published))]


class FakeDeadLetters:
    """DeadLetters; what is taken is held until it is acknowledged or given back."""

    def __init__(self, *payloads: bytes) -> None:
        self.letters = {str(number): payload for number, payload in enumerate(payloads)}
        self.held: set[str] = set()

    def take(self, limit: int) -> Sequence[DeadLetter]:
        free = [receipt for receipt in self.letters if receipt not in self.held][:limit]
        self.held |= set(free)
        return [DeadLetter(self.letters[receipt], receipt) for receipt in free]

    def acknowledge(self, receipts: Sequence[str]) -> None:
        for receipt in receipts:
            self.letters.pop(receipt, None)

    def give_back(self) -> None:
        """Whoever held letters has died; Pub/Sub hands them out again."""
        self.held.clear()
