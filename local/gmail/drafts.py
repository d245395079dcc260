"""Drafts: messages under DRAFT that are replaced as a whole when they are edited, and sent once."""

import secrets

from local.gmail.errors import not_found
from local.gmail.messages import Message, Messages
from local.gmail.store import Store


class Drafts:
    """Keeps which message a draft id stands for at present."""

    def __init__(self, store: Store, messages: Messages) -> None:
        self._store = store
        self._messages = messages

    def create(
        self, email: str, raw: bytes, internal_date: int, thread_id: str | None
    ) -> tuple[str, Message]:
        """A new draft: its id and its message."""
        draft_id = f"r{secrets.randbelow(9 * 10**18) + 10**18}"
        with self._store.transaction() as db:
            message = self._messages.add(email, raw, {"DRAFT"}, internal_date, thread_id=thread_id)
            db.execute("INSERT INTO drafts VALUES (?, ?, ?)", (email, draft_id, message.id))
        return draft_id, message

    def message(self, email: str, draft_id: str) -> Message:
        """The draft's present message. Raises GoogleError 404."""
        row = self._store.row("SELECT message_id FROM drafts WHERE email = ? AND id = ?", email, draft_id)
        if row is None:
            raise not_found()
        return self._messages.get(email, row["message_id"])

    def of_message(self, email: str, message_id: str) -> str | None:
        """The draft that a message belongs to."""
        row = self._store.row("SELECT id FROM drafts WHERE email = ? AND message_id = ?", email, message_id)
        return str(row["id"]) if row else None

    def replace(
        self, email: str, draft_id: str, raw: bytes, internal_date: int, *, thread_id: str | None
    ) -> Message:
        """Puts a new message in the place of the old, as Gmail does: the message id changes. Raises 404."""
        with self._store.transaction() as db:
            old = self.message(email, draft_id)
            db.execute("DELETE FROM drafts WHERE email = ? AND id = ?", (email, draft_id))
            self._messages.delete(email, old.id)
            new = self._messages.add(
                email, raw, {"DRAFT"}, internal_date, thread_id=thread_id or old.thread_id
            )
            db.execute("INSERT INTO drafts VALUES (?, ?, ?)", (email, draft_id, new.id))
        return new

    def delete(self, email: str, draft_id: str) -> None:
        """Removes the draft and its message for good. Raises GoogleError 404."""
        with self._store.transaction() as db:
            message = self.message(email, draft_id)
            db.execute("DELETE FROM drafts WHERE email = ? AND id = ?", (email, draft_id))
            self._messages.delete(email, message.id)

    def forget_message(self, email: str, message_id: str) -> None:
        """Drops the draft of a message that was deleted as a message."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM drafts WHERE email = ? AND message_id = ?", (email, message_id))
