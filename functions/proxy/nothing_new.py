"""An ETag for lists, from Gmail's historyId: nothing new is a 304 for 2 units (RFC 9110 section 13.1.2).

A tag must say how far the mailbox had come before the list was read; that is asked for only where the caller sends
If-None-Match, with any tag at first. Without it a list costs what the list costs, and has no tag.

A search lags behind: its index may not know a mail yet that has moved the historyId already. So a searched list holds
only if it was read SETTLED_AFTER its mailbox was first seen as it is; until then it is read anew.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.proxy.services import CursorSealer
from shared.domain.mailbox import Mailbox
from shared.errors import BadInput
from shared.ports.gmail import LiveGmail
from shared.web import Answer

SETTLED_AFTER: Final = timedelta(minutes=10)
"""How long Gmail may take to show everywhere what it has told of."""
_TAG: Final = re.compile(r'(?:W/)?"([^"]{0,2000})"')


@dataclass(frozen=True)
class Listed:
    """A list, or None where nothing is new; `tag` names its state."""

    document: dict[str, Any] | None
    tag: str | None = None

    def answer(self) -> Answer:
        """200 with the list, or 304."""
        headers = {"ETag": self.tag} if self.tag else {}
        return Answer(self.document, 200 if self.document is not None else 304, headers)


@dataclass(frozen=True)
class State:
    """How far a mailbox had come before a list of it was read.

    Since when it was seen there, and when the list was read: seconds since 1970.
    """

    cursor: int
    since: float
    read_at: float

    @property
    def is_settled(self) -> bool:
        """Whether a search knew all of it."""
        return self.read_at - self.since >= SETTLED_AFTER.total_seconds()


@dataclass(frozen=True)
class Known:
    """What the caller has: the If-None-Match header as it came (None: not sent), for this very question.

    `now` is when it is asked; `searched` says that Gmail's search index answers it.
    """

    header: str | None
    question: Sequence[str]
    cursors: CursorSealer
    now: datetime
    searched: bool

    @property
    def state(self) -> State | None:
        """That of the caller's list; None for a tag that is not ours for it."""
        for tag in _TAG.findall(self.header or "")[:5]:
            try:
                sealed = self.cursors.open(tag, (*self.question, "etag"))
                return State(int(sealed["h"]), float(sealed["s"]), float(sealed["r"]))
            except (BadInput, KeyError, TypeError, ValueError):
                continue
        return None

    def tag(self, state: State) -> str:
        """Names a list that was read in that state."""
        sealed = {"h": state.cursor, "s": state.since, "r": state.read_at}
        return f'"{self.cursors.seal(sealed, (*self.question, "etag"))}"'


@dataclass(frozen=True)
class Freshness:
    """Whether the caller's list still holds, and the tag of what is read now or was read then."""

    unchanged: bool
    tag: str | None


def check_freshness(known: Known, gmail: LiveGmail) -> Freshness:
    """Before the list is read: 2 units where the caller has a tag of ours, 1 for any other, none without."""
    if known.header is None:
        return Freshness(False, None)
    state, now = known.state, known.now.timestamp()
    newest = gmail.newest_if_changed(state.cursor) if state else gmail.address_and_cursor()[1]
    if state is None or newest is not None:
        return Freshness(False, known.tag(State(newest or 0, now, now)))
    if state.is_settled or not known.searched:
        return Freshness(True, known.tag(state))
    return Freshness(False, known.tag(replace(state, read_at=now)))


def looks(mailbox: Mailbox, *more: object) -> str:
    """A digest of what else a list shows: a change in it is new, though Gmail knows nothing of it."""
    labels = sorted((name, label.id) for name, label in mailbox.labels.items())
    return hashlib.sha256(repr((mailbox.id, mailbox.user_name, labels, more)).encode()).hexdigest()[:16]
