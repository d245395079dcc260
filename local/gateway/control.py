"""`/local/*`: moves the clock, runs scheduled jobs, delivers mail, shows quota and store. For people and tests."""

import base64
import binascii
import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.clock import LocalClock
from local.gateway.emulator import Emulator
from local.gateway.problem import Problem, bad_input, to_json, wrong_method
from local.gateway.ticks import Ticks

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_View = Callable[[Request], "WSGIApplication"]
_MAX_BODY = 64 * 1024 * 1024


class LocalControl:
    """Answers the control calls. `read_store` reads all of Firestore as JSON."""

    def __init__(
        self,
        clock: LocalClock,
        emulator: Emulator,
        ticks: Ticks,
        read_store: Callable[[], dict[str, object]],
    ) -> None:
        self._clock = clock
        self._emulator = emulator
        self._ticks = ticks
        self._read_store = read_store
        self._routes: Mapping[str, Mapping[str, _View]] = {
            "/local/clock": {"GET": self._show_clock, "POST": self._move_clock},
            "/local/deliver": {"POST": self._deliver},
            "/local/quota": {"GET": self._pass_to("quota"), "DELETE": self._pass_to("quota")},
            "/local/faults": {"POST": self._add_fault, "DELETE": self._pass_to("faults")},
            "/local/store": {"GET": self._show_store},
            **{f"/local/tick/{job}": {"POST": self._tick(job)} for job in ticks.jobs},
        }

    def answer(self, request: Request) -> "WSGIApplication":
        """The answer to a request under /local. Raises Problem."""
        methods = self._routes.get(request.path.rstrip("/"))
        if methods is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", "There is no such control call.")
        view = methods.get(request.method)
        if view is None:
            raise wrong_method(methods)
        return view(request)

    def _show_clock(self, _request: Request) -> Response:
        return to_json({"now": rfc3339(self._clock.now())})

    def _move_clock(self, request: Request) -> Response:
        body = _object(request)
        if set(body) == {"now"}:
            self._clock.set(_time(body["now"]))
        elif set(body) == {"advance_s"}:
            self._clock.advance(_advance(body["advance_s"], self._clock.now()))
        else:
            raise bad_input('The body must be {"now": RFC 3339} or {"advance_s": seconds}.')
        return self._show_clock(request)

    def _deliver(self, request: Request) -> Response:
        body = _object(request)
        to, raw = body.get("to"), body.get("raw")
        if set(body) != {"to", "raw"} or not isinstance(to, str) or not isinstance(raw, str):
            raise bad_input('The body must be {"to": address, "raw": base64url of the MIME message}.')
        _check_base64url(raw)
        return self._emulator.call("POST", "deliver", body)

    def _add_fault(self, request: Request) -> Response:
        return self._emulator.call("POST", "faults", _object(request))

    def _pass_to(self, name: str) -> _View:
        return lambda request: self._emulator.call(request.method, name)

    def _tick(self, job: str) -> _View:
        return lambda _request: to_json(self._ticks.run(job))

    def _show_store(self, _request: Request) -> Response:
        return to_json(self._read_store())


def rfc3339(moment: datetime) -> str:
    """`2026-11-24T06:31:51.123456Z`"""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _object(request: Request) -> dict[str, object]:
    if (request.content_length or 0) > _MAX_BODY:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", "The body is too large.")
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise bad_input("The body must be a JSON object.")
    return body


def _time(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise bad_input('"now" must be an RFC 3339 time with a zone, such as 2026-12-01T00:05:00Z.')
    return moment


def _advance(value: object, now: datetime) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise bad_input('"advance_s" must be a number of seconds.')
    try:
        datetime.fromtimestamp(now.timestamp() + value, tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise bad_input('"advance_s" leads out of the calendar.') from None
    return float(value)


def _check_base64url(text: str) -> None:
    try:
        base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise bad_input('"raw" is not base64url.') from None
