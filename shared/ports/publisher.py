"""Pub/Sub."""

from collections.abc import Sequence
from typing import Protocol


class Publisher(Protocol):
    """Pub/Sub."""

    def publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
        """Publishes and waits; answers the message ids."""
        ...
