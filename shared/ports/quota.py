"""What all processes know together of the project's Gmail quota."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Shard:
    """One part of the project's units. `full_at`: seconds since 1970. `version` None: it was never written."""

    number: int
    full_at: float
    version: object = None


class QuotaStore(Protocol):
    """A few rows, each handing out its part of the project's units. May raise UpstreamDown."""

    def read(self, number: int) -> Shard:
        """One read."""
        ...

    def write(self, shard: Shard) -> Shard:
        """Writes `full_at` if the row is still the version that was read: one write. Raises Stale if it is not."""
        ...
