"""Publishes Gmail's notifications to Pub/Sub from a thread of its own, and misbehaves on command."""

import importlib
import json
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

# Publishes bytes to a topic and returns the Pub/Sub message id; raises whatever goes wrong.
Publish = Callable[[str, bytes], str]
Fate = Literal["deliver", "duplicate", "drop", "hold"]
# As long as Google's client tries itself: what it publishes after that nobody would know of.
_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Notification:
    """One push: topic, account and history id."""

    topic: str
    email: str
    history_id: int

    def content(self) -> bytes:
        """The message's content as Gmail writes it: JSON with a number for historyId."""
        return json.dumps({"emailAddress": self.email, "historyId": self.history_id}).encode()


class GooglePublisher:
    """Publishes with Google's own client, built at the first use: it reads PUBSUB_EMULATOR_HOST then."""

    def __init__(self) -> None:
        self._client: Any = None

    def __call__(self, topic: str, content: bytes) -> str:
        # Imported late: gRPC takes a second to load and may not be loaded before a fork.
        pubsub = importlib.import_module("google.cloud.pubsub_v1")
        if self._client is None:
            self._client = pubsub.PublisherClient()
        return str(self._client.publish(topic, content).result(timeout=_TIMEOUT_S))


class Pushes:
    """The queue of notifications; `fate` says of each: delivered, doubled, lost or held back."""

    def __init__(self, publish: Publish, fate: Callable[[str], Fate] = lambda email: "deliver") -> None:
        self._publish = publish
        self._fate = fate
        self._queue: queue.Queue[Notification | None] = queue.Queue()
        self._lock = threading.Lock()
        self._held: list[Notification] = []
        self._published: list[str] = []
        self._pending = 0
        self._failed = 0
        self._worker: threading.Thread | None = None

    def notify(self, topic: str, email: str, history_id: int) -> None:
        """Queues one notification and returns at once."""
        with self._lock:
            self._pending += 1
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="gmail-pushes", daemon=True)
                self._worker.start()
        self._queue.put(Notification(topic, email, history_id))

    def state(self) -> dict[str, object]:
        """`{"published": [Pub/Sub ids], "pending", "failed", "held"}`: the last three are numbers."""
        with self._lock:
            return {
                "published": list(self._published),
                "pending": self._pending,
                "failed": self._failed,
                "held": len(self._held),
            }

    def release(self) -> None:
        """Sends what was held back, newest first."""
        with self._lock:
            held, self._held = self._held[::-1], []
            self._pending += len(held)
        for notification in held:
            self._send(notification)
            self._done()

    def stop(self) -> None:
        """Ends the thread after what is queued now."""
        self._queue.put(None)

    def _work(self) -> None:
        while (notification := self._queue.get()) is not None:
            self._handle(notification)
            self._done()

    def _handle(self, notification: Notification) -> None:
        fate = self._fate(notification.email)
        if fate == "hold":
            with self._lock:
                self._held.append(notification)
            return
        if fate == "drop":
            return
        self._send(notification)
        if fate == "duplicate":
            self._send(notification)
        with self._lock:
            waiting = bool(self._held)
        if waiting:
            # What was held back comes after a newer one: out of order.
            self.release()

    def _send(self, notification: Notification) -> None:
        try:
            message_id = self._publish(notification.topic, notification.content())
        except Exception as error:
            # Whatever the publisher raises, the mailbox goes on without this push, as Gmail's does.
            with self._lock:
                self._failed += 1
            sys.stderr.write(f"gmail: a push to {notification.topic} failed: {type(error).__name__}\n")
        else:
            with self._lock:
                self._published.append(message_id)

    def _done(self) -> None:
        with self._lock:
            self._pending -= 1


def no_publisher(topic: str, content: bytes) -> str:
    """Refuses: without PUBSUB_EMULATOR_HOST the client would publish to Google itself. Raises LookupError."""
    raise LookupError("PUBSUB_EMULATOR_HOST is not set")
