"""The messages of all mailboxes: added, labelled, deleted, each change with its history record."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local.gmail import history
from local.gmail.envelope import Envelope, read_envelope
from local.gmail.errors import not_found
from local.gmail.history import Change, History
from local.gmail.payload import parse
from local.gmail.store import Store


@dataclass(frozen=True)
class Message:
    """One stored message without its bytes; `internal_date` in milliseconds since 1970."""

    email: str
    id: str
    thread_id: str
    internal_date: int
    history_id: int
    size: int
    label_ids: frozenset[str]


class Messages:
    """Stores mail byte for byte; all else about a message is read from the bytes or written by changes."""

    def __init__(self, store: Store, changes: History) -> None:
        self._store = store
        self._history = changes
        self._index_older_mail()

    def add(
        self,
        email: str,
        raw: bytes,
        label_ids: Iterable[str],
        internal_date: int,
        *,
        thread_id: str | None = None,
        message_id: str | None = None,
    ) -> Message:
        """Puts a mail into a mailbox. Without `thread_id` it joins the thread its headers ask for."""
        envelope = read_envelope(raw)
        labels = frozenset(label_ids)
        with self._store.transaction() as db:
            new_id = message_id or self._store.new_id()
            thread = thread_id or self.thread_for(email, envelope) or new_id
            change = Change(history.MESSAGE_ADDED, new_id, thread, frozenset(), labels)
            history_id = self._history.record(email, [change])
            db.execute(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    email,
                    new_id,
                    thread,
                    internal_date,
                    history_id,
                    len(raw),
                    envelope.message_id,
                    envelope.subject_key,
                ),
            )
            db.execute("INSERT INTO raw_mail VALUES (?, ?, ?)", (email, new_id, raw))
            _put_from_words(db, email, new_id, raw)
            _put_labels(db, email, new_id, internal_date, labels)
        return Message(email, new_id, thread, internal_date, history_id, len(raw), labels)

    def thread_for(self, email: str, envelope: Envelope, thread_id: str | None = None) -> str | None:
        """The thread whose mail the envelope answers under the same subject; only `thread_id` if given."""
        for reference in reversed(envelope.references):
            row = self._store.row(
                "SELECT thread_id FROM messages WHERE email = ? AND rfc822_id = ? AND subject_key = ?"
                " AND (?4 IS NULL OR thread_id = ?4) LIMIT 1",
                email,
                reference,
                envelope.subject_key,
                thread_id,
            )
            if row:
                return str(row["thread_id"])
        return None

    def get(self, email: str, message_id: str) -> Message:
        """One message. Raises GoogleError 404."""
        message = self.find(email, message_id)
        if message is None:
            raise not_found()
        return message

    def find(self, email: str, message_id: str) -> Message | None:
        """One message, None if there is none."""
        row = self._store.row("SELECT * FROM messages WHERE email = ? AND id = ?", email, message_id)
        return self._message(row) if row else None

    def find_all(self, email: str, message_ids: Sequence[str]) -> list[Message]:
        """Those of the messages that exist, in the order asked for."""
        rows = self._store.rows(
            "SELECT m.*, (SELECT group_concat(l.label_id, char(10)) FROM message_labels l"
            " WHERE l.email = m.email AND l.id = m.id) AS labels"
            " FROM messages m WHERE m.email = ? AND m.id IN (SELECT value FROM json_each(?))",
            email,
            json.dumps(message_ids),
        )
        found = {row["id"]: _with_labels(row, (row["labels"] or "").split("\n")) for row in rows}
        return [found[message_id] for message_id in message_ids if message_id in found]

    def raw(self, email: str, message_id: str) -> bytes:
        """The bytes of a message. Raises GoogleError 404."""
        row = self._store.row("SELECT raw FROM raw_mail WHERE email = ? AND id = ?", email, message_id)
        if row is None:
            raise not_found()
        return bytes(row["raw"])

    def thread(self, email: str, thread_id: str) -> list[Message]:
        """The messages of a thread, oldest first. Raises GoogleError 404 if there is none."""
        rows = self._store.rows(
            "SELECT * FROM messages WHERE email = ? AND thread_id = ? ORDER BY internal_date, id",
            email,
            thread_id,
        )
        if not rows:
            raise not_found()
        return [self._message(row) for row in rows]

    def all(self, email: str) -> list[Message]:
        """Every message of a mailbox, newest first."""
        rows = self._store.rows(
            "SELECT * FROM messages WHERE email = ? ORDER BY internal_date DESC, id DESC", email
        )
        return [self._message(row) for row in rows]

    def change_labels(
        self, email: str, message_id: str, add: Iterable[str], remove: Iterable[str]
    ) -> Message:
        """Adds and removes labels. Nothing is recorded if nothing changes. Raises GoogleError 404."""
        with self._store.transaction() as db:
            message = self.get(email, message_id)
            after = (message.label_ids | frozenset(add)) - frozenset(remove)
            if after & {"TRASH", "SPAM"} - message.label_ids:
                after -= {"INBOX"}
            changes = [
                Change(kind, message.id, message.thread_id, changed, after)
                for kind, changed in (
                    (history.LABELS_ADDED, after - message.label_ids),
                    (history.LABELS_REMOVED, message.label_ids - after),
                )
                if changed
            ]
            if not changes:
                return message
            history_id = self._history.record(email, changes)
            db.execute(
                "UPDATE messages SET history_id = ? WHERE email = ? AND id = ?",
                (history_id, email, message_id),
            )
            db.execute("DELETE FROM message_labels WHERE email = ? AND id = ?", (email, message_id))
            _put_labels(db, email, message_id, message.internal_date, after)
            return self.get(email, message_id)

    def delete(self, email: str, message_id: str) -> None:
        """Removes a message for good. Raises GoogleError 404."""
        with self._store.transaction() as db:
            message = self.get(email, message_id)
            change = Change(
                history.MESSAGE_DELETED, message.id, message.thread_id, frozenset(), message.label_ids
            )
            self._history.record(email, [change])
            for table in ("messages", "raw_mail", "message_labels", "from_words"):
                db.execute(f"DELETE FROM {table} WHERE email = ? AND id = ?", (email, message_id))  # noqa: S608

    def count(self, email: str) -> tuple[int, int]:
        """How many messages and threads the mailbox holds."""
        return (
            self._store.count("SELECT count(*) FROM messages WHERE email = ?", email),
            self._store.count("SELECT count(DISTINCT thread_id) FROM messages WHERE email = ?", email),
        )

    def _index_older_mail(self) -> None:
        """A database of before there was the table of senders' words has none of them."""
        if self._store.row("SELECT 1 FROM from_words LIMIT 1"):
            return
        with self._store.transaction() as db:
            for row in self._store.rows("SELECT email, id, raw FROM raw_mail"):
                _put_from_words(db, row["email"], row["id"], bytes(row["raw"]))

    def _message(self, row: sqlite3.Row) -> Message:
        labels = self._store.rows(
            "SELECT label_id FROM message_labels WHERE email = ? AND id = ?", row["email"], row["id"]
        )
        return _with_labels(row, [str(label["label_id"]) for label in labels])


def _put_from_words(db: sqlite3.Connection, email: str, message_id: str, raw: bytes) -> None:
    words = set(parse(raw).header_words("From").split())
    db.executemany("INSERT INTO from_words VALUES (?, ?, ?)", [(email, word, message_id) for word in words])


def _with_labels(row: sqlite3.Row, label_ids: Iterable[str]) -> Message:
    return Message(
        row["email"],
        row["id"],
        row["thread_id"],
        row["internal_date"],
        row["history_id"],
        row["size"],
        frozenset(filter(None, label_ids)),
    )


def _put_labels(
    db: sqlite3.Connection, email: str, message_id: str, internal_date: int, label_ids: Iterable[str]
) -> None:
    db.executemany(
        "INSERT INTO message_labels VALUES (?, ?, ?, ?)",
        [(email, label_id, internal_date, message_id) for label_id in label_ids],
    )
