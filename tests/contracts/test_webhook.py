"""The sender of webhooks against receivers that behave and misbehave; each checks with the library who signed."""

import base64
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from shared.adapters.webhook import WebhookSender
from shared.errors import Misconfigured, NotFound, UpstreamDown
from shared.tracing import entering
from tests.local.free_port import free_port

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
BODY = json.dumps({"type": "notice.created", "data": {"name": "Zoë"}})


@dataclass
class Receiver:
    """Answers `status` to every POST and keeps what came."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    def handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        return Handler


@contextmanager
def receiving(receiver: Receiver, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), receiver.handler())
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as receiver:
        yield receiver


def local(secret: str = SECRET, **options: Any) -> WebhookSender:
    return WebhookSender(lambda: secret, ("localhost",), **options)


def test_the_receiver_can_check_who_signed(receiver: Receiver) -> None:
    assert local().send(f"http://localhost:{receiver.port}/hook?a=b", "id-1", BODY) == 204

    (path, headers, body) = receiver.got[0]
    assert (path, headers["webhook-id"], headers["Host"]) == (
        "/hook?a=b",
        "id-1",
        f"localhost:{receiver.port}",
    )
    assert Webhook(SECRET).verify(body, headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + base64.b64encode(b"o" * 32).decode()).verify(body, headers)


def test_the_receiver_is_told_the_id_of_the_request_that_the_event_comes_from(receiver: Receiver) -> None:
    request_id = "0af7651916cd43dd8448eb211c80319c"
    url = f"http://localhost:{receiver.port}/"
    with entering("event", {"traceparent": f"00-{request_id}-b7ad6b7169203331-00"}):
        local().send(url, "id-1", BODY)
    local().send(url, "id-1", BODY)

    (within, outside) = (headers for _, headers, _ in receiver.got)
    assert within["traceparent"].split("-")[1] == request_id
    assert "traceparent" not in outside


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 503])
def test_any_other_answer_is_tried_again_later(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.headers = status, {"Location": f"http://localhost:{receiver.port}/elsewhere"}
    with pytest.raises(UpstreamDown):
        local().send(f"http://localhost:{receiver.port}/hook", "id-1", BODY)
    assert [path for path, _, _ in receiver.got] == ["/hook"], "one attempt, and no redirect is followed"


def test_a_receiver_that_is_gone_gets_no_more(receiver: Receiver) -> None:
    receiver.status = 410
    with pytest.raises(NotFound):
        local().send(f"http://localhost:{receiver.port}/hook", "id-1", BODY)


def test_nobody_listening_is_tried_again_later() -> None:
    with pytest.raises(UpstreamDown):
        local().send(f"http://localhost:{free_port()}/hook", "id-1", BODY)


def test_a_host_that_is_not_known_is_tried_again_later() -> None:
    with pytest.raises(UpstreamDown):
        WebhookSender(lambda: SECRET).send("https://no-such-host.invalid/hook", "id-1", BODY)


NEXT = "whsec_" + base64.b64encode(b"n" * 32).decode()


@pytest.mark.parametrize("known", [SECRET, NEXT], ids=["old", "new"])
def test_while_a_secret_is_replaced_a_receiver_that_knows_either_takes_the_event(
    receiver: Receiver, known: str
) -> None:
    local(f"{NEXT}\n{SECRET}\n").send(f"http://localhost:{receiver.port}/hook", "id-1", BODY)
    ((_, headers, body),) = receiver.got
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert Webhook(known).verify(body, headers) == json.loads(BODY)


def test_the_control_after_it_was_replaced_the_old_secret_is_good_no_more(receiver: Receiver) -> None:
    local(NEXT).send(f"http://localhost:{receiver.port}/hook", "id-1", BODY)
    ((_, headers, body),) = receiver.got
    assert Webhook(NEXT).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, headers)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", f"{SECRET} whsec_%%%", f"{SECRET} " * 3])
def test_a_bad_secret_is_the_operators_matter(receiver: Receiver, secret: str) -> None:
    with pytest.raises(Misconfigured):
        local(secret).send(f"http://localhost:{receiver.port}/hook", "id-1", BODY)
    assert receiver.got == []


@contextmanager
def dripping(pieces: int) -> Iterator[tuple[int, list[int]]]:
    """A receiver that answers byte by byte, a header without end first, and a good answer's end after `pieces` bytes.

    Its port, and in the list how many bytes it was rid of.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    sent = [0]

    def answer() -> None:
        talker, _ = listener.accept()
        with talker:
            talker.recv(65536)
            talker.sendall(b"HTTP/1.1 204 No Content\r\nX-Drip: ")
            with contextlib.suppress(OSError):
                while sent[0] < pieces:
                    talker.sendall(b"a")
                    sent[0] += 1
                    pause.wait(0.02)
                talker.sendall(b"\r\n\r\n")

    pause = threading.Event()
    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield listener.getsockname()[1], sent
    finally:
        pause.set()
        thread.join()
        listener.close()


def test_a_receiver_that_drips_its_answer_is_cut_off(receiver: Receiver) -> None:
    with dripping(pieces=5000) as (port, sent):
        with pytest.raises(UpstreamDown) as raised:
            local(within_s=0.5).send(f"http://localhost:{port}/hook", "id-1", BODY)
        assert raised.value.code == "webhook_no_answer"
        assert sent[0] < 5000, "it was not waited for"


def test_the_control_the_same_drip_is_taken_where_there_is_time_for_it() -> None:
    with dripping(pieces=50) as (port, sent):
        assert local(within_s=30).send(f"http://localhost:{port}/hook", "id-1", BODY) == 204
        assert sent[0] == 50


def test_a_receiver_that_never_shakes_hands_is_cut_off_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = WebhookSender(lambda: SECRET, ("crm.example",), resolving(["127.0.0.1"]), within_s=0.3)
        with pytest.raises(UpstreamDown):
            sender.send(f"https://crm.example:{silent.getsockname()[1]}/hook", "id-1", BODY)


@dataclass
class Certified:
    """A certificate for crm.example, by an authority of the test's own."""

    server: ssl.SSLContext
    authority: Path


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "crm.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("crm.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return Certified(context, folder / "ca.pem")


def resolving(*answers: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """A name server that answers these one after the other, the last one for ever."""
    left = list(answers)
    return lambda _host, _port: left.pop(0) if len(left) > 1 else left[0]


def test_https_is_checked_against_the_name_of_the_url(certified: Certified) -> None:
    tls = {"ca_certs": str(certified.authority)}
    with receiving(Receiver(), certified.server) as receiver:
        for host, expected in (("crm.example", 1), ("other.example", 1)):
            names = ("crm.example", "other.example")
            sender = WebhookSender(lambda: SECRET, names, resolving(["127.0.0.1"]), tls)
            url = f"https://{host}:{receiver.port}/hook"
            if host == "crm.example":
                assert sender.send(url, "id-1", BODY) == 204
            else:
                with pytest.raises(UpstreamDown):
                    sender.send(url, "id-1", BODY)
            assert len(receiver.got) == expected


def test_an_unknown_authority_is_refused(certified: Certified) -> None:
    with receiving(Receiver(), certified.server) as receiver:
        sender = WebhookSender(lambda: SECRET, ("crm.example",), resolving(["127.0.0.1"]))
        with pytest.raises(UpstreamDown):
            sender.send(f"https://crm.example:{receiver.port}/hook", "id-1", BODY)
        assert receiver.got == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.0.0.7"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
    ],
)
def test_a_name_that_leads_into_a_private_network_is_refused(
    certified: Certified, addresses: list[str]
) -> None:
    with receiving(Receiver(), certified.server) as receiver:
        sender = WebhookSender(
            lambda: SECRET, (), resolving(addresses), {"ca_certs": str(certified.authority)}
        )
        with pytest.raises(UpstreamDown) as refused:
            sender.send(f"https://crm.example:{receiver.port}/hook", "id-1", BODY)
        assert refused.value.code == "webhook_private"
        assert receiver.got == []


def test_the_address_that_was_checked_is_the_one_that_is_called(
    certified: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second look-up would answer a private address; there is no second look-up."""
    asked: list[str] = []
    connected: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    def refuse(address: tuple[str, int], *_rest: object, **_named: object) -> socket.socket:
        connected.append(address[0])
        raise OSError("no way out of a test")

    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
    sender = WebhookSender(lambda: SECRET, (), resolve, {"ca_certs": str(certified.authority)})
    with pytest.raises(UpstreamDown):
        sender.send("https://crm.example/hook", "id-1", BODY)

    assert asked == ["crm.example"]
    assert connected == ["93.184.216.34"]


def test_another_address_of_the_same_host_is_tried_where_nothing_was_sent(receiver: Receiver) -> None:
    sender = WebhookSender(lambda: SECRET, ("localhost",), resolving(["127.0.0.2", "127.0.0.1"]))
    assert sender.send(f"http://localhost:{receiver.port}/hook", "id-1", BODY) == 204
    assert len(receiver.got) == 1
