"""An ETag for lists, from Gmail's historyId: nothing new is a 304 for 2 units (RFC 9110 section 13.1.2).

A tag must say how far the mailbox had come before the list was read; that is asked for only where the caller sends
If-None-Match, with any tag at first. Without it a list costs what the list costs, and has no tag.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from functions.proxy.services import CursorSealer
from shared.domain.mailbox import Mailbox
from shared.errors import BadInput
from shared.ports.gmail import LiveGmail
from shared.web import Answer

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
class Known:
    """What the caller has: the If-None-Match header as it came (None: not sent), for this very question."""

    header: str | None
    question: Sequence[str]
    cursors: CursorSealer

    @property
    def cursor(self) -> int | None:
        """How far the mailbox had come when the caller's list was read; None for a tag that is not ours for it."""
        for tag in _TAG.findall(self.header or "")[:5]:
            try:
                return int(self.cursors.open(tag, (*self.question, "etag"))["h"])
            except (BadInput, KeyError, TypeError, ValueError):
                continue
        return None

    def tag(self, cursor: int) -> str:
        """A tag for a list that is read after the mailbox had come to `cursor`."""
        return f'"{self.cursors.seal({"h": cursor}, (*self.question, "etag"))}"'


@dataclass(frozen=True)
class Freshness:
    """Whether the caller's list still holds, and the tag of what is read now or was read then."""

    unchanged: bool
    tag: str | None


def check_freshness(known: Known, gmail: LiveGmail) -> Freshness:
    """Before the list is read: 2 units where the caller has a tag of ours, 1 for any other, none without."""
    if known.header is None:
        return Freshness(False, None)
    cursor = known.cursor
    if cursor is None:
        return Freshness(False, known.tag(gmail.address_and_cursor()[1]))
    newest = gmail.newest_if_changed(cursor)
    return Freshness(newest is None, known.tag(cursor if newest is None else newest))


def looks(mailbox: Mailbox, *more: object) -> str:
    """A digest of what else a list shows: a change in it is new, though Gmail knows nothing of it."""
    labels = sorted((name, label.id) for name, label in mailbox.labels.items())
    return hashlib.sha256(repr((mailbox.id, mailbox.user_name, labels, more)).encode()).hexdigest()[:16]
