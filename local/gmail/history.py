"""The record of changes of each mailbox, as `history.list` answers it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from local.gmail.errors import not_found
from local.gmail.store import Store

MESSAGE_ADDED = "messagesAdded"
MESSAGE_DELETED = "messagesDeleted"
LABELS_ADDED = "labelsAdded"
LABELS_REMOVED = "labelsRemoved"
# The query parameter `historyTypes` writes the same four in the singular.
TYPES = {
    "messageAdded": MESSAGE_ADDED,
    "messageDeleted": MESSAGE_DELETED,
    "labelAdded": LABELS_ADDED,
    "labelRemoved": LABELS_REMOVED,
}
_READ_AT_ONCE = 1000


@dataclass(frozen=True)
class Change:
    """What happened to one message: `kind`, the labels that changed, the message's labels after it."""

    kind: str
    message_id: str
    thread_id: str
    changed_labels: frozenset[str]
    message_labels: frozenset[str]

    @property
    def concerns(self) -> frozenset[str]:
        """The labels by which a filter sees the change."""
        return self.changed_labels | self.message_labels


Listener = Callable[[str, int, list[Change]], None]


class History:
    """Gives out history ids and keeps what they stand for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Calls `listener(email, history id, changes)` after each committed change."""
        self._listeners.append(listener)

    def current(self, email: str) -> int:
        """The mailbox's present history id."""
        return self._store.count("SELECT history_id FROM accounts WHERE email = ?", email)

    def advance(self, email: str) -> int:
        """A new history id, greater than all before."""
        with self._store.transaction() as db:
            # Gaps as Gmail leaves them: nobody may count ids.
            db.execute(
                "UPDATE accounts SET history_id = history_id + 1 + history_id % 19 * 7 % 19 WHERE email = ?",
                (email,),
            )
            return self.current(email)

    def record(self, email: str, changes: list[Change]) -> int:
        """Keeps the changes of one message under one new history id; that id."""
        with self._store.transaction() as db:
            history_id = self.advance(email)
            for change in changes:
                db.execute(
                    "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        email,
                        history_id,
                        change.kind,
                        change.message_id,
                        change.thread_id,
                        json.dumps(sorted(change.changed_labels)),
                        json.dumps(sorted(change.message_labels)),
                    ),
                )
            self._store.after_commit(lambda: self._tell(email, history_id, changes))
            return history_id

    def _tell(self, email: str, history_id: int, changes: list[Change]) -> None:
        for listener in self._listeners:
            listener(email, history_id, changes)

    def expire(self, email: str) -> None:
        """Makes every history id given out so far too old, as Gmail does after days or, rarely, hours."""
        with self._store.transaction() as db:
            history_id = self.advance(email)
            db.execute("UPDATE accounts SET oldest_history_id = ? WHERE email = ?", (history_id, email))
            db.execute("DELETE FROM history WHERE email = ?", (email,))

    def page(
        self, email: str, start: int, after: int, *, label_id: str | None, types: Iterable[str], limit: int
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Up to `limit` records after the id `after`, and the id to go on from (None: that was all).

        `start` is the client's startHistoryId. Raises GoogleError 404 if it is expired or not yet given out.
        """
        oldest = self._store.count("SELECT oldest_history_id FROM accounts WHERE email = ?", email)
        if not oldest <= start <= self.current(email):
            raise not_found()
        kinds = {TYPES[name] for name in types} or set(TYPES.values())
        records: dict[int, dict[str, Any]] = {}
        while True:
            rows = self._store.rows(
                "SELECT * FROM history WHERE email = ? AND history_id > ? ORDER BY history_id, kind LIMIT ?",
                email,
                after,
                _READ_AT_ONCE,
            )
            for row in rows:
                history_id = int(row["history_id"])
                change = _change(row)
                if change.kind in kinds and (label_id is None or label_id in change.concerns):
                    if history_id not in records and len(records) == limit:
                        return list(records.values()), max(records)
                    _add_to(records, history_id, change)
            if len(rows) < _READ_AT_ONCE:
                return list(records.values()), None
            # A record's rows may straddle two reads: its last id is read again from the start.
            after = int(rows[-1]["history_id"]) - 1


def _change(row: Any) -> Change:
    return Change(
        row["kind"],
        row["message_id"],
        row["thread_id"],
        frozenset(json.loads(row["changed_labels"])),
        frozenset(json.loads(row["message_labels"])),
    )


def _add_to(records: dict[int, dict[str, Any]], history_id: int, change: Change) -> None:
    message: dict[str, Any] = {"id": change.message_id, "threadId": change.thread_id}
    record = records.setdefault(history_id, {"id": str(history_id), "messages": [dict(message)]})
    if change.message_labels:
        message["labelIds"] = sorted(change.message_labels)
    entry: dict[str, Any] = {"message": message}
    if change.kind in (LABELS_ADDED, LABELS_REMOVED):
        entry["labelIds"] = sorted(change.changed_labels)
    record[change.kind] = [entry]
