"""Pages of messages and threads, newest first, by label and by search query."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from local.gmail.accounts import Accounts
from local.gmail.errors import GoogleError, invalid_argument
from local.gmail.labels import Labels
from local.gmail.messages import Message, Messages
from local.gmail.parsed import ParsedMails
from local.gmail.search import Query, leaves_out_spam_trash, parse, searchable
from local.gmail.search_senders import sender_words_of
from local.gmail.search_window import Window, window_of
from local.gmail.store import Store

# Gmail's estimate is coarse; counting further would cost more than it tells.
ESTIMATE_LIMIT = 501
_READ_AT_ONCE = 200
_NEWEST = (2**63 - 1, "~")

Position = tuple[int, str]


@dataclass(frozen=True)
class Selection:
    """Which messages of a mailbox a list shows; a search for `q` knows none of the last `lag_s` seconds."""

    email: str
    label_ids: tuple[str, ...]
    q: str
    spam_and_trash: bool
    lag_s: float = field(default=0.0, repr=False)  # no part of what a page token is good for

    @property
    def shows_spam_and_trash(self) -> bool:
        """Whether mail in spam and trash was asked for, apart from what `q` says."""
        return self.spam_and_trash or bool({"SPAM", "TRASH"} & set(self.label_ids))


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
        for message in self._walk(selection, self._matcher(selection, now), after or _NEWEST):
            if len(found) == limit:
                return self._page(selection, found, more=True)
            found.append(message)
        return self._page(selection, found, more=False)

    def threads(self, selection: Selection, after: Position | None, limit: int, now: datetime) -> Page:
        """The same with one message per thread: its newest that is in the selection."""
        found: dict[str, Message] = {}
        matcher = self._matcher(selection, now)
        for message in self._walk(selection, matcher, after or _NEWEST):
            if message.thread_id in found or (after and self._shown_before(matcher, message, after)):
                continue
            if len(found) == limit:
                return self._page(selection, list(found.values()), more=True)
            found[message.thread_id] = message
        return self._page(selection, list(found.values()), more=False)

    def _shown_before(self, matcher: "_Matcher", message: Message, start: Position) -> bool:
        # A thread belongs to the page of its newest message; its older ones come up again on later pages.
        thread = self._messages.thread(message.email, message.thread_id)
        return any(matcher.wants(other) for other in thread if (other.internal_date, other.id) >= start)

    def _page(self, selection: Selection, found: list[Message], *, more: bool) -> Page:
        position = (found[-1].internal_date, found[-1].id) if more and found else None
        estimate = len(found) + more if selection.q else self._estimate(selection)
        return Page(found, position, estimate)

    def _walk(self, selection: Selection, matcher: "_Matcher", start: Position) -> Iterator[Message]:
        sql, values = _candidates(selection, matcher.hides_spam_and_trash)
        if matcher.sender_words is not None:
            sql += (
                " AND c.id IN (SELECT w.id FROM from_words w WHERE w.email = ?"
                " AND w.word IN (SELECT value FROM json_each(?)))"
            )
            values = (*values, selection.email, json.dumps(sorted(matcher.sender_words)))
        start = min(start, (matcher.window.end, ""))
        while True:
            rows = self._store.rows(
                f"SELECT c.id, c.internal_date {sql} AND (c.internal_date, c.id) < (?, ?)"
                " AND c.internal_date >= ? ORDER BY c.internal_date DESC, c.id DESC LIMIT ?",
                *values,
                *start,
                matcher.window.first,
                _READ_AT_ONCE,
            )
            # Some may have been deleted or labelled since the rows were read.
            for message in self._messages.find_all(selection.email, [row["id"] for row in rows]):
                if matcher.wants(message):
                    yield message
            if len(rows) < _READ_AT_ONCE:
                return
            start = (rows[-1]["internal_date"], rows[-1]["id"])

    def _matcher(self, selection: Selection, now: datetime) -> "_Matcher":
        own = tuple(alias.address for alias in self._accounts.send_as(selection.email))
        return _Matcher(selection, self._parsed, self._labels.names(selection.email), own, now)

    def _estimate(self, selection: Selection) -> int:
        sql, values = _candidates(selection, hide=not selection.shows_spam_and_trash)
        counted = f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT {ESTIMATE_LIMIT})"  # noqa: S608 - our constants
        return self._store.count(counted, *values)


class _Matcher:
    """Decides about the messages of one list."""

    def __init__(
        self,
        selection: Selection,
        parsed: ParsedMails,
        label_names: dict[str, str],
        own_addresses: tuple[str, ...],
        now: datetime,
    ) -> None:
        self._selection = selection
        self._parsed = parsed
        self._label_names = label_names
        self._own_addresses = own_addresses
        self._now = now
        self._query = parse(selection.q) if selection.q.strip() else None
        self.window = window_of(self._query.condition) if self._query else Window()
        if self._query and selection.lag_s:
            indexed = int((now - timedelta(seconds=selection.lag_s)).timestamp() * 1000)
            self.window = Window(self.window.first, min(self.window.end, indexed))
        self.sender_words = sender_words_of(self._query.condition) if self._query else None
        self.hides_spam_and_trash = not selection.shows_spam_and_trash and (
            self._query is None or leaves_out_spam_trash(self._query)
        )

    def wants(self, message: Message) -> bool:
        """Whether the message is in the list."""
        if not message.label_ids.issuperset(self._selection.label_ids):
            return False
        if self.hides_spam_and_trash and message.label_ids & {"SPAM", "TRASH"}:
            return False
        return self._query is None or self._found_by(self._query, message)

    def _found_by(self, query: Query, message: Message) -> bool:
        try:
            content = self._parsed.get(message.email, message.id)
        except GoogleError:
            return False
        mail = searchable(
            content, message.label_ids, self._label_names, message.internal_date, self._own_addresses
        )
        return query.matches(mail, self._now)


def _candidates(selection: Selection, hide: bool) -> tuple[str, tuple[str, ...]]:
    """The end of a SELECT over rows `c` of messages that may be in the list, and its values."""
    first, *others = selection.label_ids or (None,)
    sql = "FROM messages c WHERE c.email = ?"
    values = [selection.email]
    if first is not None:
        sql = "FROM message_labels c WHERE c.email = ? AND c.label_id = ?"
        values.append(first)
    labelled = "EXISTS (SELECT 1 FROM message_labels l WHERE l.email = c.email AND l.id = c.id AND l.label_id"
    sql += f" AND {labelled} = ?)" * len(others)
    if hide:
        sql += f" AND NOT {labelled} IN ('SPAM', 'TRASH'))"
    return sql, (*values, *(str(label) for label in others))


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
        if written_kind == kind and digest == _digest(scope) and str(text).isascii() and 0 <= number < 2**63:
            return int(number), str(text)
    except (binascii.Error, ValueError, TypeError):
        pass
    raise invalid_argument("Invalid pageToken")


def _digest(scope: object) -> str:
    return hashlib.sha256(repr(scope).encode()).hexdigest()[:16]
