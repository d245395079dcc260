"""Structured log lines: one event name a line, ids and numbers only.

The field names are an allow-list. A field that is not on it raises in tests and is dropped in production
(`strict=False`), so that no mail content, address, token or payload can reach a log by a new argument.
Lines are JSON in the shape Cloud Logging reads (`severity`, `message`).
"""

import logging
import sys
from contextvars import ContextVar
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict

FIELDS: Final = frozenset(
    {
        "act", "attempt", "calls", "category", "code", "count", "deal_count", "duration_ms", "entry_point",
        "error_class", "gmail_units", "kind", "mailbox", "message_id", "method", "notices", "org", "outcome",
        "published", "route", "run", "skipped", "status", "step", "trace_id", "where",
    }
)  # fmt: skip

Severity = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

_trace: ContextVar[tuple[str, str]] = ContextVar("trace", default=("", ""))


def set_trace(trace_id: str, span_id: str = "") -> None:
    """Names the request that the following lines of this context belong to, and its part."""
    _trace.set((trace_id, span_id))


def silence(library: str) -> None:
    """Ends what a library tells of itself through Python's logging: its words are not ours to vouch for."""
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


class Log:
    """Writes events to a stream, by default standard output. `project` is Google's: lines stand beside their trace."""

    def __init__(self, stream: TextIO | None = None, *, strict: bool = False, project: str = "") -> None:
        self._strict = strict
        self._project = project
        self._logger = structlog.wrap_logger(
            structlog.PrintLogger(stream or sys.stdout),
            processors=[self._only_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)],
            wrapper_class=structlog.BoundLoggerBase,
        )

    def event(self, name: str, severity: Severity = "INFO", **fields: str | float | bool | None) -> None:
        """Writes one line. `name` is a fixed dotted name such as `notice.created`.

        Raises ValueError for a field outside the allow-list where the log is strict.
        """
        self._logger._proxy_to_logger("msg", event=name, severity=severity, **fields)

    def _only_allowed(self, _logger: object, _method: str, fields: EventDict) -> EventDict:
        name, severity = fields.pop("event"), fields.pop("severity")
        unknown = fields.keys() - FIELDS
        if unknown and self._strict:
            raise ValueError(f"log fields outside the allow-list: {', '.join(sorted(unknown))}")
        allowed = {key: value for key, value in fields.items() if key in FIELDS and value is not None}
        return {"severity": severity, "message": name, **self._trace_fields(), **allowed}

    def _trace_fields(self) -> dict[str, str]:
        """https://cloud.google.com/logging/docs/structured-logging#special-payload-fields."""
        trace_id, span_id = _trace.get()
        fields = {"trace_id": trace_id}
        if trace_id and self._project:
            fields["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{trace_id}"
            fields["logging.googleapis.com/spanId"] = span_id
        return fields


def where(error: BaseException) -> str:
    """File and line where `error` was raised, without its message (a message may quote content)."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return ""
    name = traceback.tb_frame.f_code.co_filename.replace("\\", "/")
    return f"{'/'.join(name.split('/')[-3:])}:{traceback.tb_lineno}"
