"""Pub/Sub in memory."""

from collections.abc import Sequence


class FakePublisher:
    """Keeps what was published as (topic, message), oldest first."""

    def __init__(self) -> None:
        self.published: list[tuple[str, bytes]] = []

    def publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
        first = len(self.published)
        self.published += [(topic, message) for message in messages]
        return [str(number + 1) for number in range(first, len(self.published))]
