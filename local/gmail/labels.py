"""Labels: Gmail's own, the user's, and the rules about their names and colours."""

import re
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from local.gmail.discovery import document
from local.gmail.errors import GoogleError, invalid_argument, not_found
from local.gmail.store import Store

Resource = dict[str, Any]

SYSTEM_LABELS = (
    "INBOX",
    "SPAM",
    "TRASH",
    "UNREAD",
    "STARRED",
    "IMPORTANT",
    "SENT",
    "DRAFT",
    "CHAT",
    "CATEGORY_PERSONAL",
    "CATEGORY_SOCIAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
    "CATEGORY_FORUMS",
)
# https://developers.google.com/workspace/gmail/api/guides/labels: these can't be put on by hand.
NOT_APPLICABLE = frozenset({"SENT", "DRAFT", "CHAT"})
MAX_NAME = 225
_HIDDEN = frozenset({"UNREAD", "STARRED", "CHAT"})
# Names that Gmail's interface keeps for itself beside its system labels.
_RESERVED = frozenset(
    {*(name.lower() for name in SYSTEM_LABELS), "drafts", "all mail", "bin", "starred", "muted"}
)
_COLUMNS = {
    "messageListVisibility": "message_list_visibility",
    "labelListVisibility": "label_list_visibility",
}


def add_system_labels(store: Store, email: str) -> None:
    """Gives a new mailbox the labels that Gmail makes itself."""
    with store.transaction() as db:
        for name in SYSTEM_LABELS:
            hidden = name.startswith("CATEGORY_") or name in _HIDDEN
            db.execute(
                "INSERT OR IGNORE INTO labels VALUES (?, ?, ?, ?, 'system', ?, ?, NULL, NULL)",
                (
                    email,
                    name,
                    name,
                    name.lower(),
                    "hide" if hidden else None,
                    "labelHide" if hidden else None,
                ),
            )


class Labels:
    """The labels of all mailboxes, as Gmail's `Label` resources."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, email: str) -> list[Resource]:
        """All labels of a mailbox without their counts, system labels first."""
        rows = self._store.rows("SELECT * FROM labels WHERE email = ? ORDER BY type, name_key", email)
        return [_resource(row) for row in rows]

    def names(self, email: str) -> dict[str, str]:
        """Label id -> name."""
        return {
            str(row["id"]): str(row["name"])
            for row in self._store.rows("SELECT id, name FROM labels WHERE email = ?", email)
        }

    def get(self, email: str, label_id: str) -> Resource:
        """One label with its four counts. Raises GoogleError 404."""
        resource = _resource(self._row(email, label_id))
        where = "FROM message_labels l JOIN messages m USING (email, id) WHERE l.email = ? AND l.label_id = ?"
        unread = (
            " AND EXISTS (SELECT 1 FROM message_labels u"
            " WHERE u.email = l.email AND u.id = l.id AND u.label_id = 'UNREAD')"
        )
        for name, column in (("messages", "m.id"), ("threads", "DISTINCT m.thread_id")):
            select = f"SELECT count({column}) {where}"
            resource[f"{name}Total"] = self._store.count(select, email, label_id)
            resource[f"{name}Unread"] = self._store.count(select + unread, email, label_id)
        return resource

    def create(self, email: str, body: Mapping[str, Any], label_id: str | None = None) -> Resource:
        """A new user label. Raises GoogleError 400 for a bad name or colour, 409 for a name that exists."""
        name = _checked_name(body.get("name"))
        text, background = _checked_color(body.get("color"))
        label_id = label_id or f"Label_{secrets.randbelow(10**19)}"
        with self._store.transaction() as db:
            self._refuse_clash(email, name, label_id)
            db.execute(
                "INSERT INTO labels VALUES (?, ?, ?, ?, 'user', ?, ?, ?, ?)",
                (
                    email,
                    label_id,
                    name,
                    name.casefold(),
                    body.get("messageListVisibility", "show"),
                    body.get("labelListVisibility", "labelShow"),
                    text,
                    background,
                ),
            )
            return _resource(self._row(email, label_id))

    def change(self, email: str, label_id: str, body: Mapping[str, Any], *, whole: bool) -> Resource:
        """`labels.patch`, or `labels.update` if `whole`. Raises GoogleError 400, 404, 409."""
        with self._store.transaction() as db:
            row = self._row(email, label_id)
            if row["type"] == "system":
                raise invalid_argument("Invalid update request")
            if body.get("id", label_id) != label_id:
                raise invalid_argument("Label ID in the body does not match the one in the path.")
            changes: dict[str, object] = {
                column: body[field] for field, column in _COLUMNS.items() if field in body
            }
            if whole or "name" in body:
                name = _checked_name(body.get("name"))
                self._refuse_clash(email, name, label_id)
                changes |= {"name": name, "name_key": name.casefold()}
            if whole or "color" in body:
                changes["text_color"], changes["background_color"] = _checked_color(body.get("color"))
            for column, value in changes.items():
                db.execute(
                    f"UPDATE labels SET {column} = ? WHERE email = ? AND id = ?",  # noqa: S608 - our columns
                    (value, email, label_id),
                )
            return _resource(self._row(email, label_id))

    def delete(self, email: str, label_id: str) -> list[str]:
        """Removes a user label; the ids of the messages that carried it. Raises GoogleError 400, 404."""
        with self._store.transaction() as db:
            if self._row(email, label_id)["type"] == "system":
                raise invalid_argument("Invalid delete request")
            rows = db.execute(
                "SELECT id FROM message_labels WHERE email = ? AND label_id = ?", (email, label_id)
            ).fetchall()
            db.execute("DELETE FROM labels WHERE email = ? AND id = ?", (email, label_id))
            return [str(row["id"]) for row in rows]

    def check_exist(self, email: str, label_ids: Iterable[str]) -> None:
        """Raises GoogleError 400 for an id that the mailbox does not have, in Gmail's two wordings."""
        for label_id in label_ids:
            if not self._store.row("SELECT 1 FROM labels WHERE email = ? AND id = ?", email, label_id):
                deleted = label_id.startswith("Label_")
                raise invalid_argument("labelId not found" if deleted else f"Invalid label: {label_id[:225]}")

    def check_applicable(self, email: str, label_ids: Iterable[str]) -> None:
        """Also refuses the labels that only Gmail puts on."""
        for label_id in label_ids:
            if label_id in NOT_APPLICABLE:
                raise invalid_argument(f"Invalid label: {label_id}")
            self.check_exist(email, [label_id])

    def _row(self, email: str, label_id: str) -> sqlite3.Row:
        row = self._store.row("SELECT * FROM labels WHERE email = ? AND id = ?", email, label_id)
        if row is None:
            raise not_found()
        return row

    def _refuse_clash(self, email: str, name: str, label_id: str) -> None:
        taken = "SELECT 1 FROM labels WHERE email = ? AND name_key = ? AND id <> ?"
        if self._store.row(taken, email, name.casefold(), label_id):
            raise GoogleError(409, "aborted", "Label name exists or conflicts", status="ABORTED")


def _resource(row: sqlite3.Row) -> Resource:
    resource: Resource = {"id": row["id"], "name": row["name"], "type": row["type"]}
    for field, column in _COLUMNS.items():
        if row[column] is not None:
            resource[field] = row[column]
    if row["text_color"]:
        resource["color"] = {"textColor": row["text_color"], "backgroundColor": row["background_color"]}
    return resource


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise invalid_argument("Label name is required.")
    if len(name) > MAX_NAME:
        raise invalid_argument(f"Invalid label name: longer than {MAX_NAME} characters")
    cleaned = "/".join(part.strip() for part in name.split("/"))
    if (
        cleaned.lower() in _RESERVED
        or any(not part for part in cleaned.split("/"))
        or re.search(r"[\x00-\x1f]", name)
    ):
        raise invalid_argument("Invalid label name")
    return cleaned


def allowed_colors() -> frozenset[str]:
    """The colours that labels may have: the discovery document lists them in words."""
    described = document()["schemas"]["LabelColor"]["properties"]["textColor"]["description"]
    return frozenset(re.findall(r"#[0-9a-f]{6}", described))


def _checked_color(color: object) -> tuple[str | None, str | None]:
    if not isinstance(color, Mapping) or not color:
        return None, None
    text, background = color.get("textColor"), color.get("backgroundColor")
    allowed = allowed_colors()
    for value in (text, background):
        if not isinstance(value, str) or value.lower() not in allowed:
            raise invalid_argument("Label color is not on the allowed color palette")
    return str(text).lower(), str(background).lower()
