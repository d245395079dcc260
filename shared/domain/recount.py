"""The recount: Gmail's messages of contacts against the notices, as a proof that can be shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=25)
"""A day, and an hour for a recount that starts late: each proof covers at least so much."""
OVERLAP: Final = timedelta(hours=1)
NAMED: Final = 1000
"""Missing messages, and repaired ones, that are named by id at most."""


@dataclass(frozen=True)
class Recount:
    """What was counted between `start` and `end` (UTC): contacts' messages in Gmail, as ids.

    `expected` are all of them, `seen` had their notice, `repaired` got theirs now, `missing` could not be read;
    both are named by id, the repaired in `repaired_ids`, as far as they are not too many. `counted_to` is how far a
    recount has come that is too long for one visit; None when it is done.
    """

    start: datetime
    end: datetime
    expected: int = 0
    seen: int = 0
    repaired: int = 0
    missing: tuple[str, ...] = ()
    counted_to: datetime | None = None
    repaired_ids: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the whole period has been counted."""
        return self.counted_to is None


def next_recount(before: Recount | None, since: datetime, now: datetime) -> Recount:
    """The period of the next recount; one that is not done yet goes on. `since`: when MailMagnet went on.

    Periods overlap, so that nothing falls between two of them.
    """
    if before is not None and not before.done:
        return before
    start = now - WINDOW
    start = since if before is None else min(start, before.end - OVERLAP)
    start = max(start, since)
    return Recount(start=start, end=now, counted_to=start)
