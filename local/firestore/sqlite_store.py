"""Keeps documents in an SQLite file, so that they outlive the process."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from local.firestore.messages import Document
from local.firestore.snapshot import Snapshot
from local.firestore.storage import Change


class SqliteStore:
    """One row a document. The caller sees to it that one thread at a time comes in."""

    def __init__(self, file: Path) -> None:
        # Autocommit mode: transactions are opened by hand, in save().
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        # In WAL mode with synchronous=NORMAL a killed process loses no commit; only a power cut may.
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, document BLOB NOT NULL)"
        )

    def load(self) -> Iterator[Snapshot]:
        """All documents that were kept."""
        for (document,) in self._connection.execute("SELECT document FROM documents"):
            yield Snapshot(Document.FromString(document))

    def save(self, changes: Change) -> None:
        """Keeps all of `changes` or none. Raises sqlite3.Error."""
        kept = [
            (name, each.document.SerializeToString()) for name, each in changes.items() if each is not None
        ]
        gone = [(name,) for name, each in changes.items() if each is None]
        self._connection.execute("BEGIN")
        try:
            self._connection.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", kept)
            self._connection.executemany("DELETE FROM documents WHERE name = ?", gone)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def clear(self) -> None:
        """Forgets every document."""
        self._connection.execute("DELETE FROM documents")

    def close(self) -> None:
        """Writes everything out and lets go of the file."""
        self._connection.close()
