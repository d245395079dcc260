"""The mailboxes in SQLite: the schema, one connection, transactions."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# History ids beyond 2^53 show every place that reads them as floating point numbers.
FIRST_HISTORY_ID = 9_007_199_254_750_017

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    email TEXT PRIMARY KEY, name TEXT NOT NULL,
    history_id INTEGER NOT NULL, oldest_history_id INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aliases (
    address TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    email TEXT NOT NULL, id TEXT NOT NULL, thread_id TEXT NOT NULL, internal_date INTEGER NOT NULL,
    history_id INTEGER NOT NULL, size INTEGER NOT NULL,
    rfc822_id TEXT NOT NULL, subject_key TEXT NOT NULL, PRIMARY KEY (email, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_date ON messages (email, internal_date, id);
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (email, thread_id, internal_date);
CREATE INDEX IF NOT EXISTS messages_by_rfc822_id ON messages (email, rfc822_id);
CREATE TABLE IF NOT EXISTS raw_mail (
    email TEXT NOT NULL, id TEXT NOT NULL, raw BLOB NOT NULL, PRIMARY KEY (email, id)
);
CREATE TABLE IF NOT EXISTS from_words (
    email TEXT NOT NULL, word TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (email, word, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS from_words_of_message ON from_words (email, id);
CREATE TABLE IF NOT EXISTS labels (
    email TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, type TEXT NOT NULL,
    message_list_visibility TEXT, label_list_visibility TEXT, text_color TEXT, background_color TEXT,
    PRIMARY KEY (email, id), UNIQUE (email, name_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message_labels (
    email TEXT NOT NULL, label_id TEXT NOT NULL, internal_date INTEGER NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (email, label_id, internal_date, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS labels_of_message ON message_labels (email, id, label_id);
CREATE TABLE IF NOT EXISTS drafts (
    email TEXT NOT NULL, id TEXT NOT NULL, message_id TEXT NOT NULL, PRIMARY KEY (email, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drafts_by_message ON drafts (email, message_id);
CREATE TABLE IF NOT EXISTS history (
    email TEXT NOT NULL, history_id INTEGER NOT NULL, kind TEXT NOT NULL, message_id TEXT NOT NULL,
    thread_id TEXT NOT NULL, changed_labels TEXT NOT NULL, message_labels TEXT NOT NULL,
    PRIMARY KEY (email, history_id, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS planted (source TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watches (
    email TEXT PRIMARY KEY, topic TEXT NOT NULL, label_ids TEXT NOT NULL, excludes INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) WITHOUT ROWID;
"""


class Store:
    """One SQLite database for all threads; `file` None keeps it in memory.

    Reads and writes take turns under one lock: SQLite answers in microseconds, and a reader never sees half
    of a change.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._last_id = 0
        self._after_commit: list[Callable[[], None]] = []
        self._db = sqlite3.connect(
            ":memory:" if file is None else str(file), check_same_thread=False, isolation_level=None
        )
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection in a transaction, rolled back on any exception; nested use joins the outer one."""
        ready: list[Callable[[], None]] = []
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self._db
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                    self._after_commit.clear()
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
                    ready, self._after_commit = self._after_commit, []
            finally:
                self._depth -= 1
        for action in ready:
            action()

    def after_commit(self, action: Callable[[], None]) -> None:
        """Runs `action` once the present transaction has been committed; never if it is rolled back."""
        self._after_commit.append(action)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self._lock:
            found: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
            return found

    def count(self, sql: str, *values: object) -> int:
        """The number that a `SELECT count(...)` gives."""
        found = self.row(sql, *values)
        return int(found[0]) if found else 0

    def new_id(self) -> str:
        """A new message or thread id: 16 hexadecimal digits that grow with time, as Gmail's do."""
        with self._lock:
            # Microseconds shifted by 10 bits fill 61 bits; the counter keeps ids apart within a microsecond.
            self._last_id = max(self._last_id + 1, (time.time_ns() // 1000) << 10)
            return f"{self._last_id:016x}"

    def plant_once(self, source: str) -> bool:
        """True the first time for a source of mail, so that a restart does not add it again."""
        with self.transaction() as db:
            return db.execute("INSERT OR IGNORE INTO planted VALUES (?)", (source,)).rowcount == 1

    def close(self) -> None:
        """Closes the database."""
        with self._lock:
            self._db.close()
