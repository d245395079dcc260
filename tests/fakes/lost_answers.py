"""A Gmail that changes labels and whose answers are lost on the way."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import AppError, UpstreamDown


class AnswersLost:
    """GmailOpener: every change is made, and nobody is told."""

    def __init__(self, account: Any) -> None:
        self._account = account

    def open(self, mailbox: object, urgency: str = "", most: int | None = None) -> Any:
        """The same for every mailbox."""
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)

    def modify(self, ids: Sequence[str], **change: Any) -> Mapping[str, AppError]:
        """Raises UpstreamDown for more than ten, as a batch does; else it is each message's outcome."""
        self._account.modify(ids, **change)
        lost = UpstreamDown("Gmail did not answer.")
        if len(ids) > 10:
            raise lost
        return dict.fromkeys(ids, lost)
