"""What was sent under a key."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.sending import SendRecord


class SendStore(Protocol):
    """Keys by mailbox. May raise UpstreamDown."""

    def get(self, mailbox: str, record: str) -> SendRecord | None:
        """One read."""
        ...

    def create(self, mailbox: str, record: SendRecord) -> SendRecord | None:
        """Writes the first row of a key, with its version; None if there is one already."""
        ...

    def save(self, mailbox: str, record: SendRecord) -> SendRecord:
        """Writes the row if it is still the version that was read. Raises Stale if it changed or is gone."""
        ...

    def delete(self, mailbox: str, record: str) -> int: ...

    def open_ones(self, mailbox: str, limit: int) -> Sequence[SendRecord]:
        """Keys under which a draft of ours may lie (`is_open`). One query."""
        ...

    def page(self, mailbox: str, after: str | None, limit: int) -> Sequence[SendRecord]:
        """Keys ordered by id, following the id `after`. One query."""
        ...

    def count(self, mailbox: str) -> int: ...

    def delete_all(self, mailbox: str) -> int: ...
