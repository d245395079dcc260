"""Runs a gateway in this process, between stand-ins for the processes that it speaks to."""

import http.client
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer
from werkzeug.wrappers import Request, Response

from local.gateway.__main__ import public_front
from local.gateway.config import GatewayConfig
from local.gateway.deliveries import Deliveries
from local.gateway.internal import InternalFront
from local.gateway.signer import Signer
from local.serve import make
from local.supervisor.ports import pick_free_ports

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_ATTEMPTS = 2


@contextmanager
def serving(app: "WSGIApplication", port: int = 0) -> Iterator[BaseWSGIServer]:
    """The application on a port of 127.0.0.1, for as long as the context lasts."""
    server = make(app, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Echo:
    """Stands for a function or the CRM: answers what it was asked, and remembers it."""

    name: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    answer: "WSGIApplication | None" = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self.answer is not None:
            return self.answer(environ, start_response)
        request = Request(environ)
        seen = {
            "name": self.name,
            "method": request.method,
            "target": environ["REQUEST_URI"],
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": request.get_data(as_text=True),
        }
        self.asked.append(seen)
        return Response(json.dumps(seen), mimetype="application/json")(environ, start_response)


@dataclass
class Gmail:
    """Stands for the Gmail emulator's control routes."""

    published: list[str] = field(default_factory=list)
    pending: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    refusal: str | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        self.asked.append((request.method, request.path, request.get_data(as_text=True)))
        body: dict[str, Any] = {"done": request.path}
        if request.path == "/_emulator/pushes":
            body = {"published": list(self.published), "pending": self.pending}
        status = 400 if self.refusal else 200
        body = {"error": {"message": self.refusal}} if self.refusal else body
        return Response(json.dumps(body), status, mimetype="application/json")(environ, start_response)


@dataclass
class Answer:
    """What an HTTP call brought."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Front:
    """A running gateway and its stand-ins."""

    config: GatewayConfig
    oauth: Echo
    crm: Echo
    private: dict[str, Echo]
    gmail: Gmail

    def call(
        self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """A call to the public port; a body that is not bytes is sent as JSON."""
        return exchange(self.config.public_port, method, target, body, headers)

    def push(self, entry_point: str, body: Any) -> Answer:
        """A POST to the internal port."""
        return exchange(self.config.internal_port, "POST", f"/{entry_point}", body)


def exchange(
    port: int, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None
) -> Answer:
    """One HTTP call to 127.0.0.1:`port`."""
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    try:
        connection.request(method, target, content, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


@contextmanager
def running_front(folder: Path) -> Iterator[Front]:
    """A gateway with one public function (oauth; proxy is down), a CRM, two private entry points and a Gmail."""
    ports = pick_free_ports(["public", "internal", "proxy"])
    oauth, crm, gmail = Echo("oauth"), Echo("crm"), Gmail()
    private = {name: Echo(name) for name in ("on_gmail_push", "label_mailbox", "tick", "renew_watches")}
    with ExitStack() as stack:
        apps: dict[str, WSGIApplication] = {"oauth": oauth, "crm": crm, "gmail": gmail, **private}
        listening = {name: stack.enter_context(serving(app)).server_port for name, app in apps.items()}
        config = GatewayConfig(
            project="crm-gmail-local",
            public_port=ports["public"],
            internal_port=ports["internal"],
            functions={"oauth": listening["oauth"], "proxy": ports["proxy"]},
            entry_points={name: listening[name] for name in private},
            crm_port=listening["crm"],
            gmail_port=listening["gmail"],
            status_file=str(folder / "status.json"),
            clock_file=str(folder / "clock"),
            max_attempts=MAX_ATTEMPTS,
        )
        deliveries = Deliveries(MAX_ATTEMPTS)
        signer = Signer(config.internal_url, config.project)
        stack.enter_context(serving(InternalFront(config, signer, deliveries), config.internal_port))
        stack.enter_context(serving(public_front(config, deliveries), config.public_port))
        yield Front(config, oauth, crm, private, gmail)
