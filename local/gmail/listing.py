"""Pages of messages and threads, newest first, by label and by search query."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from local.gmail.accounts import Accounts
from local.gmail.errors import invalid_argument
from local.gmail.labels import Labels
from local.gmail.messages import Message, Messages
from local.gmail.parsed import ParsedMails
from local.gmail.search import Query, leaves_out_spam_trash, parse
from local.gmail.store import Store

# Gmail's estimate is coarse; counting further would cost more than it tells.
ESTIMATE_LIMIT = 501
_READ_AT_ONCE = 200
_NEWEST = (2**63 - 1, "~")

Position = tuple[int, str]


@dataclass(frozen=True)
class Selection:
    """Which messages of a mailbox a list shows."""

    email: str
    label_ids: tuple[str, ...]
    q: str
    spam_and_trash: bool


@dataclass(frozen=True)
class Page:
    """One page; `next` is None on the last one."""

    messages: list[Message]
    next: Position | None
    estimate: int


class Listing:
    """Finds the messages of a selection."""

    def __init__(
        self, store: Store, accounts: Accounts, labels: Labels, messages: Messages, parsed: ParsedMails
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._labels = labels
        self._messages = messages
        self._parsed = parsed

    def messages(self, selection: Selection, after: Position | None, limit: int, now: datetime) -> Page:
        """Up to `limit` messages older than the position `after`."""
        found: list[Message] = []
        for message in self._walk(selection, after or _NEWEST, now):
            if len(found) == limit:
                return self._page(selection, found, more=True)
            found.append(message)
        return self._page(selection, found, more=False)

    def threads(self, selection: Selection, after: Position | None, limit: int, now: datetime) -> Page:
        """The same with one message per thread: its newest that is in the selection."""
        found: dict[str, Message] = {}
        start = after or _NEWEST
        for message in self._walk(selection, start, now):
            if message.thread_id in found or (after and self._shown_before(selection, message, start, now)):
                continue
            if len(found) == limit:
                return self._page(selection, list(found.values()), more=True)
            found[message.thread_id] = message
        return self._page(selection, list(found.values()), more=False)

    def _shown_before(self, selection: Selection, message: Message, start: Position, now: datetime) -> bool:
        # A thread belongs to the page of its newest message; its older ones come up again on later pages.
        newer = [
            other
            for other in self._messages.thread(message.email, message.thread_id)
            if (other.internal_date, other.id) >= start
        ]
        return any(self._wanted(selection, other, self._query(selection), now) for other in newer)

    def _page(self, selection: Selection, found: list[Message], *, more: bool) -> Page:
        position = (found[-1].internal_date, found[-1].id) if more and found else None
        estimate = len(found) + more if selection.q else self._estimate(selection)
        return Page(found, position, estimate)

    def _walk(self, selection: Selection, start: Position, now: datetime) -> Iterator[Message]:
        query = self._query(selection)
        sql, values = _candidates(selection)
        while True:
            rows = self._store.rows(
                f"SELECT id, internal_date {sql} AND (internal_date, id) < (?, ?)"
                " ORDER BY internal_date DESC, id DESC LIMIT ?",
                *values,
                *start,
                _READ_AT_ONCE,
            )
            for row in rows:
                message = self._messages.get(selection.email, row["id"])
                if self._wanted(selection, message, query, now):
                    yield message
            if len(rows) < _READ_AT_ONCE:
                return
            start = (rows[-1]["internal_date"], rows[-1]["id"])

    def _query(self, selection: Selection) -> Query | None:
        return parse(selection.q) if selection.q.strip() else None

    def _wanted(self, selection: Selection, message: Message, query: Query | None, now: datetime) -> bool:
        if not message.label_ids.issuperset(selection.label_ids):
            return False
        if _hides_spam_and_trash(selection, query) and message.label_ids & {"SPAM", "TRASH"}:
            return False
        if query is None:
            return True
        mail = replace(
            self._parsed.searchable(message.email, message.id),
            label_ids=message.label_ids,
            label_names=self._labels.names(message.email),
            internal_date_ms=message.internal_date,
            own_addresses=tuple(alias.address for alias in self._accounts.send_as(message.email)),
        )
        return query.matches(mail, now)

    def _estimate(self, selection: Selection) -> int:
        sql, values = _candidates(selection)
        hidden = 0
        if _hides_spam_and_trash(selection, None):
            hidden = self._store.count(
                "SELECT count(DISTINCT id) FROM message_labels"
                " WHERE email = ? AND label_id IN ('SPAM', 'TRASH')",
                selection.email,
            )
        limit = ESTIMATE_LIMIT + hidden
        counted = self._store.count(f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT ?)", *values, limit)  # noqa: S608
        return max(0, min(ESTIMATE_LIMIT, counted - (hidden if not selection.label_ids else 0)))


def _hides_spam_and_trash(selection: Selection, query: Query | None) -> bool:
    if selection.spam_and_trash or {"SPAM", "TRASH"} & set(selection.label_ids):
        return False
    return query is None or leaves_out_spam_trash(query)


def _candidates(selection: Selection) -> tuple[str, tuple[str, ...]]:
    if not selection.label_ids:
        return "FROM messages WHERE email = ?", (selection.email,)
    return "FROM message_labels WHERE email = ? AND label_id = ?", (selection.email, selection.label_ids[0])


def write_token(kind: str, position: Position, scope: object) -> str:
    """An opaque page token, good only for the same kind of list with the same `scope` (its parameters)."""
    content = json.dumps([kind, _digest(scope), *position]).encode()
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def read_token(token: str | None, kind: str, scope: object) -> Position | None:
    """The position in a page token. Raises GoogleError 400 for one that we did not write for this list."""
    if not token:
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        written_kind, digest, number, text = content
        if written_kind == kind and digest == _digest(scope):
            return int(number), str(text)
    except (binascii.Error, ValueError, TypeError):
        pass
    raise invalid_argument("Invalid pageToken")


def _digest(scope: object) -> str:
    return hashlib.sha256(repr(scope).encode()).hexdigest()[:16]
