"""The CRM's ear: takes the mail system's events (Standard Webhooks), checks who signed them, shows the last ones."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from werkzeug.wrappers import Request

from local.crm.problem import Problem, bad_input

Answer = tuple[dict[str, Any] | None, int]
"""Body and status."""

_KEPT = 200


class WebhookInbox:
    """Keeps the last 200 events by their id, in memory. `secret` answers `whsec_…`, read anew at each call."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret
        self._lock = threading.Lock()
        self._events: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def receive(self, request: Request) -> Answer:
        """Takes one delivery. The same id again is the same event: counted, kept once."""
        identifier = request.headers.get("webhook-id", "")
        try:
            event = Webhook(self._secret()).verify(request.get_data(), dict(request.headers))
        except (WebhookVerificationError, ValueError):
            raise Problem(
                401, "not_authenticated", "Not authenticated", "The signature is not good."
            ) from None
        if not isinstance(event, dict):
            raise bad_input("An event is a JSON object.")
        with self._lock:
            kept = self._events.setdefault(identifier, {"id": identifier, **event, "deliveries": 0})
            kept["deliveries"] += 1
            kept["received_at"] = time.time()
            while len(self._events) > _KEPT:
                self._events.popitem(last=False)
        return None, 204

    def events(self, _request: Request) -> Answer:
        """The events that came, newest first."""
        with self._lock:
            return {
                "items": [dict(event) for event in reversed(self._events.values())],
                "next_cursor": None,
            }, 200
