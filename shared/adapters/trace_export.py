"""Sends spans to Google's Telemetry API, or to any collector that takes OTLP over HTTP.

The SDK, the exporter and their HTTP stack are loaded by the first sampled request: a cold start does not wait for them.
https://docs.cloud.google.com/stackdriver/docs/reference/telemetry/overview
"""
# ruff: noqa: PLC0415

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from shared.log import Log, silence

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

GOOGLE: Final = "https://telemetry.googleapis.com/"
_SEND_S: Final = 1
_FLUSH_MS: Final = 2000


class TraceExport:
    """Thread-safe. `service` names the function, `project` is Google's."""

    def __init__(
        self, url: str, project: str, service: str, log: Log, session: Callable[[], Any] | None = None
    ) -> None:
        """`session` builds what posts; without it, one with the function's own credentials where `url` is Google's."""
        self._url, self._project, self._service, self._log = url, project, service, log
        self._session = session
        self._lock = threading.Lock()
        self._arrived = True
        self._provider: TracerProvider | None = None

    def tracer(self) -> "Tracer":
        with self._lock:
            if self._provider is None:
                self._provider = self._build()
            return self._provider.get_tracer("crm-gmail")

    def flush(self) -> bool:
        with self._lock:
            provider = self._provider
        if provider is None:
            return True
        self._arrived = True
        if provider.force_flush(_FLUSH_MS) and self._arrived:
            return True
        self._log.event("traces.lost", "WARNING")
        return False

    def _build(self) -> "TracerProvider":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

        class Noting(OTLPSpanExporter):
            def export(inner, spans: Any) -> SpanExportResult:  # noqa: N805  `self` is the outer one
                result = super().export(spans)
                self._arrived = self._arrived and result is SpanExportResult.SUCCESS
                return result

        # They would tell of failures in words of their own, past the log's allow-list; `flush` tells of them.
        silence("opentelemetry")
        about = Resource({"service.name": self._service, "gcp.project_id": self._project})
        exporter = Noting(endpoint=self._url, timeout=_SEND_S, session=self._post_with())
        provider = TracerProvider(resource=about, shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return provider

    def _post_with(self) -> Any:
        if self._session is not None:
            return self._session()
        if not self._url.startswith(GOOGLE):
            return None
        import google.auth
        from google.auth.transport.requests import AuthorizedSession

        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/trace.append"])
        make_session: Any = AuthorizedSession
        return make_session(credentials)
