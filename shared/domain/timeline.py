"""One list of mail out of several listings: newest first, one row a mail, and a place to go on from.

Pages are cut by time, not by counting: a mail that arrives between two pages neither repeats nor hides a row.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.domain.mail import MailMetadata
from shared.domain.message import message_id_of

RECENT: Final = 40
"""Rows at the end of a page whose Message-IDs the next page remembers."""
_MARK: Final = 6
"""Letters of a mark, 36 bits: a cursor of 300 mails of one second fits into a request line of 4 KB."""


@dataclass(frozen=True)
class Position:
    """Where a page ended. `second` is Unix time; `seen` marks what was looked at of that second.

    `recent` marks the Message-IDs of the page, for copies of a mail whose times differ by some seconds.
    """

    second: int
    seen: frozenset[str] = frozenset()
    recent: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """For a paging cursor."""
        return {"t": self.second, "s": "".join(sorted(self.seen)), "r": "".join(sorted(self.recent))}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Position":
        """The reverse of `to_json`, for a document that we signed."""
        return Position(int(document["t"]), _marks(document["s"]), _marks(document["r"]))


@dataclass(frozen=True)
class Listing:
    """What one source was found to hold, newest first.

    `examined` are all mails that were looked at, `matching` the ids of those that belong in the list. `more`
    says that the source holds older ones that were not looked at.
    """

    mailbox: str
    examined: tuple[MailMetadata, ...]
    matching: frozenset[str]
    more: bool = False

    @property
    def oldest(self) -> int | None:
        """The second down to which this source is known."""
        return second_of(self.examined[-1]) if self.examined else None


@dataclass(frozen=True)
class Row:
    """A mail in the list, and the mailbox whose copy is shown."""

    mailbox: str
    mail: MailMetadata


@dataclass(frozen=True)
class Timeline:
    """One page. `position` is None on the last one."""

    rows: tuple[Row, ...]
    position: Position | None


def second_of(mail: MailMetadata) -> int:
    """Unix time of arrival: seconds are what Gmail's search can be asked for."""
    return int(mail.received_at.timestamp())


def mark(mailbox: str, message_id: str) -> str:
    """A short name of a message for `Position.seen`."""
    return _short(f"{mailbox}/{message_id}")


def merge(listings: Sequence[Listing], before: Position | None, limit: int) -> Timeline:
    """The next `limit` rows of all `listings`, whose order says whose copy of a mail is shown.

    A source that holds more than it was asked for hides everything older than its last mail: what others hold
    further back waits for the next page.
    """
    horizons = [oldest for row in listings if row.more and (oldest := row.oldest) is not None]
    horizon = max(horizons, default=None)
    rows = _unique_rows(listings, before, horizon)
    shown = tuple(rows[:limit])
    if len(rows) > limit:
        second = second_of(shown[-1].mail)
    elif horizon is not None:
        second = horizon
    else:
        # Nothing was had from a source that has more: the same page can be asked for again.
        return Timeline(shown, before if not shown and any(row.more for row in listings) else None)
    return Timeline(shown, _position(listings, before, second, rows[limit:], shown))


def _unique_rows(listings: Sequence[Listing], before: Position | None, horizon: int | None) -> list[Row]:
    taken = set(before.recent) if before else set()
    rows: list[Row] = []
    ids: set[tuple[str, str]] = set()
    for listing in listings:
        for mail in listing.examined:
            name = _mail_mark(listing.mailbox, mail)
            known = (listing.mailbox, mail.id) in ids or name in taken
            if (
                known
                or mail.id not in listing.matching
                or (horizon is not None and second_of(mail) < horizon)
            ):
                continue
            ids.add((listing.mailbox, mail.id))
            taken.add(name)
            rows.append(Row(listing.mailbox, mail))
    return sorted(rows, key=lambda row: row.mail.received_at, reverse=True)


def _position(
    listings: Sequence[Listing],
    before: Position | None,
    second: int,
    left: Sequence[Row],
    shown: Sequence[Row],
) -> Position:
    waiting = {(row.mailbox, row.mail.id) for row in left}
    seen = {
        mark(listing.mailbox, mail.id)
        for listing in listings
        for mail in listing.examined
        if second_of(mail) == second and (listing.mailbox, mail.id) not in waiting
    }
    if before is not None and before.second == second:
        seen |= before.seen
    recent = frozenset(_mail_mark(row.mailbox, row.mail) for row in shown[-RECENT:])
    if before is not None and len(recent) < RECENT // 2:
        recent |= before.recent
    return Position(second, frozenset(seen), recent)


def _mail_mark(mailbox: str, mail: MailMetadata) -> str:
    """Names the mail itself, by its Message-ID; a mail without one is only ever itself."""
    return _short(message_id_of(mail) or f"{mailbox}/{mail.id}")


def _short(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_MARK]


def _marks(joined: str) -> frozenset[str]:
    return frozenset(joined[at : at + _MARK] for at in range(0, len(joined), _MARK))
