"""Faults on command: the connector's routes answer with too little, with nonsense, or not at all."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from werkzeug.wrappers import Request, Response

from local.crm.incoming import as_record, json_object
from local.crm.models import Record
from local.crm.problem import Problem

Route = Literal["lookup", "changes"]
Kind = Literal["empty", "partial", "error", "cut_off"]
View = Callable[[Request], dict[str, Any]]


class _Order(Record):
    route: Route
    kind: Kind


class Faults:
    """At most one fault a route. `empty` names no contact, `partial` every second one, `cut_off` half of the JSON."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: dict[str, Kind] = {}
        self._met: Counter[str] = Counter()

    def order(self, request: Request) -> tuple[dict[str, Any], int]:
        """Puts a fault in force, until it is ended. Raises Problem 422."""
        wanted = as_record(_Order, json_object(request))
        with self._lock:
            self._kinds[wanted.route] = wanted.kind
        return {"route": wanted.route, "kind": wanted.kind}, 201

    def met(self, _request: Request) -> tuple[dict[str, Any], int]:
        """How many calls of each route have met a fault since the last end."""
        with self._lock:
            return {"met": dict(self._met)}, 200

    def end(self, _request: Request) -> tuple[None, int]:
        """Ends all faults."""
        with self._lock:
            self._kinds.clear()
            self._met.clear()
        return None, 204

    def over(self, route: Route, view: View) -> Callable[[Request], Any]:
        """The view, as long as no fault concerns its route."""

        def faulty(request: Request) -> Any:
            answer = view(request)
            with self._lock:
                kind = self._kinds.get(route)
                if kind is not None:
                    self._met[route] += 1
            return answer if kind is None else _spoiled(answer, kind)

        return faulty


def _spoiled(answer: dict[str, Any], kind: Kind) -> Any:
    if kind == "error":
        raise Problem(503, "unavailable", "Not available", "This CRM was told to fail.", "retry")
    if kind == "cut_off":
        return Response('{"contacts": [{"id": "', content_type="application/json")
    contacts = answer["contacts"]
    return {**answer, "contacts": contacts[::2] if kind == "partial" else []}
