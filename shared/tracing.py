"""One request id from the CRM through Pub/Sub to Gmail, and spans of a sampled request: ids and numbers only.

The id is the trace id of W3C Trace Context (https://www.w3.org/TR/trace-context/). It comes with the request, from the
CRM or from Google's front end, and goes on with every HTTP call and every message that is published. OpenTelemetry's
API carries it; its SDK is loaded by the first request that somebody upstream has sampled (`export_with`).
"""

import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from opentelemetry import context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.log import FIELDS, set_trace

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_REST_S: Final = 60.0
_NOT_SAMPLED: Final = TraceFlags(TraceFlags.DEFAULT)
Id = str | int | float | bool | None


class Carrier(Protocol):
    """Headers of a request, whose names have no case, or attributes of a message."""

    def get(self, key: str, default: str, /) -> str:
        """The value of a name, or `default`."""
        ...


class Export(Protocol):
    """Where spans go."""

    def tracer(self) -> Tracer:
        """Begins spans; built when it is first asked for."""
        ...

    def flush(self) -> bool:
        """Sends what has ended; whether it arrived. Raises nothing: a request never fails for its trace."""
        ...


class _Exporting:
    """The process's export, and when the last trace was taken: anybody may ask for one, and each costs a call."""

    def __init__(self, export: Export | None = None, every_s: float = 1.0) -> None:
        self.export = export
        self._every_s = every_s
        self._next = float("-inf")
        self._lock = threading.Lock()

    def has_room(self) -> bool:
        """Whether another trace may begin now."""
        with self._lock:
            now = time.monotonic()
            if self.export is None or now < self._next:
                return False
            self._next = now + self._every_s
            return True

    def send(self) -> None:
        """Sends what has ended. Where nothing takes it, no request waits for that again for a minute."""
        if self.export is not None and not self.export.flush():
            with self._lock:
                self._next = time.monotonic() + _REST_S


_current = _Exporting()


def export_with(export: Export | None, every_s: float = 1.0) -> None:
    """From now on sampled requests leave spans, of one trace in `every_s` seconds at most. None: none do."""
    global _current  # noqa: PLW0603  one process, one export, as one standard output
    _current = _Exporting(export, every_s)


class Span:
    """A part of a request's time; nothing is kept where the request is not sampled."""

    def __init__(self, recorded: trace.Span | None = None) -> None:
        self._recorded = recorded

    def note(self, **ids: Id) -> None:
        """Adds attributes: names that the log allows, anything else is dropped."""
        if self._recorded is not None:
            self._recorded.set_attributes(_allowed(ids))


@dataclass(frozen=True)
class Entered:
    """A request: its id, 32 hexadecimal digits, and its span."""

    id: str
    span: Span


@contextmanager
def entering(name: str, headers: Carrier, **ids: Id) -> Iterator[Entered]:
    """Around a request, or a message with its attributes as `headers`.

    The request continues the trace of `traceparent`, else of Google's X-Cloud-Trace-Context, else begins one.
    """
    parent = _limited(_parent(headers))
    request_id = trace.format_trace_id(parent.trace_id)
    token = context.attach(trace.set_span_in_context(NonRecordingSpan(parent), context.Context()))
    try:
        with span(name, SpanKind.SERVER, **ids) as entered:
            current = trace.get_current_span().get_span_context()
            set_trace(request_id, trace.format_span_id(current.span_id))
            yield Entered(request_id, entered)
    finally:
        context.detach(token)
        if parent.trace_flags.sampled:
            _current.send()


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL, **ids: Id) -> Iterator[Span]:
    """A step of the current request. `name` is fixed words, a host or a route: never a path with its ids."""
    export = _current.export
    if export is None or not trace.get_current_span().get_span_context().trace_flags.sampled:
        yield Span()
        return
    # An exception's words may quote content: only its class is kept.
    with export.tracer().start_as_current_span(
        name, kind=kind, attributes=_allowed(ids), record_exception=False, set_status_on_exception=False
    ) as recorded:
        try:
            yield Span(recorded)
        except Exception as error:
            recorded.set_attribute("error_class", type(error).__name__)
            recorded.set_status(StatusCode.ERROR)
            raise


def outgoing() -> dict[str, str]:
    """What a call or a message carries on: `traceparent`, or nothing outside of a request."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return {name: value for name, value in carrier.items() if name == "traceparent"}


def _parent(headers: Carrier) -> SpanContext:
    told = {"traceparent": headers.get("traceparent", "")}
    found = trace.get_current_span(_PROPAGATOR.extract(told, context.Context())).get_span_context()
    return found if found.is_valid else _of_google(headers.get("X-Cloud-Trace-Context", ""))


def _of_google(told: str) -> SpanContext:
    """From `TRACE_ID/SPAN_ID;o=1`: https://cloud.google.com/trace/docs/trace-context#legacy-http-header."""
    trace_text, _, rest = told.partition("/")
    span_text, _, option = rest.partition(";")
    flags = TraceFlags(TraceFlags.SAMPLED) if option == "o=1" else _NOT_SAMPLED
    trace_id = int(trace_text, 16) if _is_hex(trace_text) else 0
    span_id = int(span_text) if span_text.isascii() and span_text.isdigit() and len(span_text) < 21 else 0
    found = SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)
    if found.is_valid:
        return found
    new = trace_id or secrets.randbits(128) or 1
    return SpanContext(new, secrets.randbits(64) or 1, is_remote=True, trace_flags=_NOT_SAMPLED)


def _is_hex(text: str) -> bool:
    return len(text) == 32 and all(character in "0123456789abcdef" for character in text.lower())


def _limited(parent: SpanContext) -> SpanContext:
    if not parent.trace_flags.sampled or _current.has_room():
        return parent
    return SpanContext(parent.trace_id, parent.span_id, is_remote=True, trace_flags=_NOT_SAMPLED)


def _allowed(ids: Mapping[str, Id]) -> dict[str, str | int | float | bool]:
    return {name: value for name, value in ids.items() if name in FIELDS and value is not None}
