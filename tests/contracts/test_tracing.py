"""One request id goes from the CRM's request through Pub/Sub to Gmail, and spans reach a collector over the wire."""

import io
import json
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response

from shared import tracing
from shared.adapters import trace_export
from shared.adapters.http_pool import HttpPool
from shared.adapters.pubsub import PubSubPublisher
from shared.adapters.trace_export import TraceExport
from shared.errors import UpstreamDown
from shared.events import EntryPoint, PushMessage
from shared.log import Log
from shared.web import Answer, App, Request, Route
from tests.contracts import pubsub_servers
from tests.contracts.gmail_under_test import client_of
from tests.local.gmail.running import Running, deliver, mail, running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED, UNSAMPLED = f"00-{TRACE}-{CALLER}-01", f"00-{TRACE}-{CALLER}-00"
CANARIES = ("canary-subject", "carol@canary.test", "canary-body", "alice@", "token-")


@dataclass
class Collector:
    """What takes OTLP: the bodies as they came."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> dict[str, Any]:
        """Name -> span; of several with one name the last."""
        found: dict[str, Any] = {}
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                found |= {span.name: span for scope in resource.scope_spans for span in scope.spans}
        return found


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    # Spans that do not arrive within a second or two are lost, and a busy machine's collector may take longer.
    monkeypatch.setattr(trace_export, "_SEND_S", 60)
    monkeypatch.setattr(trace_export, "_FLUSH_MS", 60_000)
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    collector.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
    yield collector
    server.shutdown()
    server.server_close()
    tracing.export_with(None)


@dataclass
class Seen:
    """The traceparent of each call that came to Gmail."""

    traces: list[str] = field(default_factory=list)


@pytest.fixture
def gmail() -> Iterator[tuple[Running, Seen]]:
    seen = Seen()
    with running() as server:
        inner = server.server.app

        def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if environ["PATH_INFO"].startswith("/gmail/"):
                seen.traces.append(environ.get("HTTP_TRACEPARENT", ""))
            return inner(environ, start_response)

        server.server.app = app
        yield server, seen


def trace_to(collector: Collector, log: Log, every_s: float = 0.0) -> None:
    tracing.export_with(TraceExport(collector.url, "a-project", "crm-gmail-proxy", log), every_s)


def app_of(view: Any, log: Log) -> App[None]:
    class Nobody:
        def allows(self, origin: str, org: str | None) -> bool:
            return False

        def may_ask(self, origin: str) -> bool:
            return False

    def nobody(authorization: str | None) -> Any:
        raise AssertionError("the route asks for no token")

    return App((Route("GET", "/proxy/thing", view, permission=None),), None, nobody, Nobody(), log)


def get(app: App[None], **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.handle(WsgiRequest(EnvironBuilder(path="/proxy/thing", headers=Headers(named)).get_environ()))


def pushed(message: Any) -> WsgiRequest:
    envelope = {
        "message": {
            "data": b64encode(message.data).decode(),
            "messageId": "7",
            "attributes": dict(message.attributes),
        }
    }
    # Google's front end gives each push a trace of its own.
    headers = {"X-Cloud-Trace-Context": f"{'c' * 32}/1;o=0"}
    return WsgiRequest(EnvironBuilder(method="POST", json=envelope, headers=Headers(headers)).get_environ())


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def tell_the_story(server: Running, log: Log) -> Response:
    """A request publishes a message; whoever takes it searches and reads in Gmail. The request's answer."""
    message_id = deliver(server, mail("canary-subject", sender="carol@canary.test", body="canary-body"))["id"]
    with pubsub_servers.running("embedded") as one_server:
        pubsub = pubsub_servers.new_project(one_server)
        topic, _ = pubsub.topic("turns"), pubsub.subscription("turns", "turns")
        publisher = PubSubPublisher(pubsub.project)
        publisher._built = pubsub.publisher

        def view(_request: Request, _services: None) -> Answer:
            publisher.publish(topic, [b"{}"])
            return Answer({})

        def handle(_message: PushMessage) -> None:
            client = client_of(server)
            client.list_messages(query='from:carol@canary.test "canary-body"')
            client.get_mail(message_id)

        answered = get(app_of(view, log), traceparent=SAMPLED)
        (received,) = pubsub.pull("turns")
        EntryPoint("label_mailbox", lambda _authorization: None, log).push(pushed(received.message), handle)
    return answered


def test_one_id_goes_from_the_crm_through_pubsub_to_gmail(gmail: tuple[Running, Seen]) -> None:
    stream = io.StringIO()
    answered = tell_the_story(gmail[0], Log(stream, strict=True, project="a-project"))
    assert answered.headers["X-Request-Id"] == TRACE
    assert {trace.split("-")[1] for trace in gmail[1].traces} == {TRACE}
    assert {line["trace_id"] for line in lines(stream)} == {TRACE}
    beside = {line["logging.googleapis.com/trace"] for line in lines(stream)}
    assert beside == {f"projects/a-project/traces/{TRACE}"}


def test_each_step_of_a_sampled_request_is_a_span_below_the_one_before(
    collector: Collector, gmail: tuple[Running, Seen]
) -> None:
    trace_to(collector, Log(io.StringIO()))
    tell_the_story(gmail[0], Log(io.StringIO()))
    spans = collector.spans()
    parents = {
        "publish": "request",
        "label_mailbox": "publish",
        "gmail messages.list": "label_mailbox",
        "gmail messages.get": "label_mailbox",
        "GET 127.0.0.1": "gmail messages.get",
    }
    assert set(spans) == {"request", *parents}
    assert {span.trace_id.hex() for span in spans.values()} == {TRACE}
    assert {name: spans[name].parent_span_id for name in parents} == {
        name: spans[parent].span_id for name, parent in parents.items()
    }
    assert spans["request"].parent_span_id.hex() == CALLER


def test_spans_hold_nothing_of_a_mail_an_address_a_search_or_a_token(
    collector: Collector, gmail: tuple[Running, Seen]
) -> None:
    trace_to(collector, Log(io.StringIO()))
    tell_the_story(gmail[0], Log(io.StringIO()))
    told = {attribute.key for span in collector.spans().values() for attribute in span.attributes}
    assert told == {"route", "status", "code", "count", "entry_point"}
    everything = b"".join(collector.bodies).decode(errors="replace")
    assert [canary for canary in CANARIES if canary in everything] == []


def test_control_a_span_that_is_named_after_its_url_would_be_found(collector: Collector) -> None:
    trace_to(collector, Log(io.StringIO()))
    with (
        tracing.entering("request", {"traceparent": SAMPLED}),
        tracing.span("GET /messages?q=from:carol@canary.test"),
    ):
        pass
    assert any(canary.encode() in body for canary in CANARIES for body in collector.bodies)


def test_attributes_that_the_log_would_refuse_and_the_words_of_an_error_are_not_kept(
    collector: Collector,
) -> None:
    trace_to(collector, Log(io.StringIO()))
    with (
        pytest.raises(ValueError, match="canary"),
        tracing.entering("request", {"traceparent": SAMPLED}),
        tracing.span("step", subject="canary-subject", count=1),
    ):
        raise ValueError("canary-body")
    step = collector.spans()["step"]
    assert {attribute.key for attribute in step.attributes} == {"count", "error_class"}
    assert step.status.code == 2
    assert not step.events
    assert not any(b"canary" in body for body in collector.bodies)


def test_a_request_that_nobody_sampled_leaves_no_span_but_carries_its_id_on(
    collector: Collector, gmail: tuple[Running, Seen]
) -> None:
    server, seen = gmail
    trace_to(collector, Log(io.StringIO()))
    with tracing.entering("request", {"traceparent": UNSAMPLED}):
        client_of(server).address_and_cursor()
    assert [trace.split("-")[1] for trace in seen.traces] == [TRACE]
    assert collector.bodies == []


def test_anybody_may_ask_for_a_trace_and_gets_one_a_while(collector: Collector) -> None:
    trace_to(collector, Log(io.StringIO()), every_s=3600)
    for _ in range(3):
        with tracing.entering("request", {"traceparent": SAMPLED}) as entered:
            assert entered.id == TRACE
    assert len(collector.bodies) == 1


def test_a_collector_that_is_down_costs_no_request_its_answer_and_the_log_a_line() -> None:
    stream = io.StringIO()
    log = Log(stream, strict=True)
    trace_to(Collector("http://127.0.0.1:1/v1/traces"), log)
    try:
        answered = get(app_of(lambda _request, _services: Answer({}), log), traceparent=SAMPLED)
    finally:
        tracing.export_with(None)
    assert answered.status_code == 200
    assert [line["message"] for line in lines(stream)] == ["request", "traces.lost"]


@pytest.mark.parametrize(
    "told", ["", "garbage", f"00-{'0' * 32}-{CALLER}-01", f"00-{TRACE}-01", "canary-subject"]
)
def test_a_traceparent_that_is_none_begins_a_trace_of_our_own(told: str) -> None:
    answered = get(app_of(lambda _request, _services: Answer({}), Log(io.StringIO())), traceparent=told)
    request_id = answered.headers["X-Request-Id"]
    assert len(request_id) == 32
    assert set(request_id) <= set("0123456789abcdef")
    assert request_id not in {TRACE, "0" * 32}


def test_googles_own_header_is_continued_where_there_is_no_other() -> None:
    app = app_of(lambda _request, _services: Answer({}), Log(io.StringIO()))
    assert get(app, X_Cloud_Trace_Context=f"{TRACE}/123;o=1").headers["X-Request-Id"] == TRACE
    assert get(app, X_Cloud_Trace_Context=TRACE).headers["X-Request-Id"] == TRACE
    assert get(app, X_Cloud_Trace_Context=f"{'a' * 31}x/1").headers["X-Request-Id"] != "a" * 31 + "x"


def test_a_call_outside_of_any_request_carries_nothing(gmail: tuple[Running, Seen]) -> None:
    server, seen = gmail
    client_of(server).address_and_cursor()
    assert seen.traces == [""]


def test_a_call_that_gets_no_answer_is_a_span_with_its_error(collector: Collector) -> None:
    trace_to(collector, Log(io.StringIO()))
    with (
        pytest.raises(UpstreamDown),
        tracing.entering("request", {"traceparent": SAMPLED}),
    ):
        HttpPool().send("POST", "http://127.0.0.1:1/canary-subject?q=canary-body")
    call = collector.spans()["POST 127.0.0.1"]
    assert {attribute.key for attribute in call.attributes} == {"error_class"}
    assert not any(b"canary" in body for body in collector.bodies)
