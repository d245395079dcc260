"""Positions in the feed of notices, in the order in which they were made.

A notice stores no time of its making. Two times tell it: Firestore's own of the document, exact and strictly later
for a later write, which no query can ask for; and the expiry, which a query can, and which the writer's clock set.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.domain.notice import Notice

SKEW: Final = timedelta(minutes=1)
"""How far the clocks of two instances may be apart."""
RESUMABLE: Final = timedelta(hours=24)
"""A client that was away for longer lists again: cheaper than a feed of it all."""
_FORM: Final = re.compile(r"(\d{1,17})-(\d{1,17})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class FeedMark:
    """A position: `created` is Firestore's time of the document, `expires_at` what is stored in it (UTC)."""

    created: datetime
    expires_at: datetime

    def text(self) -> str:
        """The id of a server-sent event."""
        return f"{_micros(self.created)}-{_micros(self.expires_at)}"


@dataclass(frozen=True)
class FedNotice:
    """A notice and where in the feed it stands."""

    notice: Notice
    mark: FeedMark


@dataclass(frozen=True)
class FeedBatch:
    """Notices that have come into view, and Firestore's time of that view."""

    notices: tuple[FedNotice, ...]
    read_at: datetime


def parse_mark(text: str) -> FeedMark | None:
    """The position in a Last-Event-ID, or None if it is not one of ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    created, expires_at = (_EPOCH + timedelta(microseconds=int(digits)) for digits in found.groups())
    return FeedMark(created, expires_at)


def resumable(mark: FeedMark | None, now: datetime, retention: timedelta) -> FeedMark | None:
    """The mark, if a feed can go on from it; None where the client must list again.

    That is also so where `retention` has changed since: then expiry no longer tells the order.
    """
    if mark is None or not -SKEW <= now - (mark.expires_at - retention) <= RESUMABLE:
        return None
    return mark


def after(mark: FeedMark, batch: FeedBatch) -> list[FedNotice]:
    """What of the batch comes after the mark, in order."""
    return sorted((fed for fed in batch.notices if fed.mark.created > mark.created), key=lambda fed: fed.mark)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
