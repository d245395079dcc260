"""Watches: which mailboxes report their changes to a Pub/Sub topic."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from local.gmail.errors import invalid_argument
from local.gmail.history import Change, History
from local.gmail.labels import Labels
from local.gmail.store import Store

# https://developers.google.com/workspace/gmail/api/guides/push#renewing_mailbox_watch
LIFETIME = timedelta(days=7)
_TOPIC = re.compile(r"projects/[a-z][a-z0-9:.-]{4,62}/topics/[A-Za-z][\w.~+%-]{2,254}")

# Told of every change of a watched mailbox: topic, account, history id.
Notify = Callable[[str, str, int], None]


class Watches:
    """One watch per mailbox, as Gmail allows; expired ones are as good as none."""

    def __init__(
        self, store: Store, labels: Labels, history: History, now: Callable[[], datetime], notify: Notify
    ) -> None:
        self._store = store
        self._labels = labels
        self._history = history
        self._now = now
        self._notify = notify
        history.listen(self._changed)

    def watch(self, email: str, body: Mapping[str, Any]) -> dict[str, str]:
        """Starts or renews the watch: `{"historyId", "expiration"}`. Raises GoogleError 400."""
        topic = str(body.get("topicName", ""))
        if not _TOPIC.fullmatch(topic):
            raise invalid_argument(
                f"Invalid topicName does not match projects/<project-id>/topics/*: {topic[:200]!r}"
            )
        label_ids = list(body.get("labelIds", ()))
        self._labels.check_exist(email, label_ids)
        behaviour = body.get("labelFilterBehavior") or body.get("labelFilterAction") or "include"
        expires_ms = int((self._now() + LIFETIME).timestamp() * 1000)
        with self._store.transaction() as db:
            present = self._active(email)
            if present is not None and present["topic"] != topic:
                raise invalid_argument(
                    "Only one user push notification client allowed per developer (call /stop then try again)"
                )
            excludes = str(behaviour).lower() == "exclude"
            db.execute(
                "INSERT OR REPLACE INTO watches VALUES (?, ?, ?, ?, ?)",
                (email, topic, json.dumps(label_ids), excludes, expires_ms),
            )
            return {"historyId": str(self._history.current(email)), "expiration": str(expires_ms)}

    def stop(self, email: str) -> None:
        """Ends the watch; without one nothing happens."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM watches WHERE email = ?", (email,))

    def _active(self, email: str) -> Any:
        now_ms = int(self._now().timestamp() * 1000)
        return self._store.row("SELECT * FROM watches WHERE email = ? AND expires_ms > ?", email, now_ms)

    def _changed(self, email: str, history_id: int, changes: list[Change]) -> None:
        watch = self._active(email)
        if watch is None:
            return
        wanted = set(json.loads(watch["label_ids"]))
        concerned = {label for change in changes for label in change.concerns}
        if wanted and bool(wanted & concerned) == bool(watch["excludes"]):
            return
        self._notify(str(watch["topic"]), email, history_id)
