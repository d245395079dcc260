"""The gateway's public port: who answers which path, and bytes that pass through unchanged and at once."""

import http.client
import json
import socket
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.gateway.forward import MAX_BODY
from tests.local.front import Front, running_front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    with running_front(tmp_path) as running:
        yield running


@pytest.mark.parametrize(
    ("target", "answers"),
    [
        ("/oauth/mailbox", "oauth"),
        ("/oauth", "oauth"),
        ("/oauthx/mailbox", "crm"),
        ("/crm/token", "crm"),
        ("/", "crm"),
        ("/favicon.ico", "crm"),
    ],
)
def test_the_first_segment_decides_who_answers(front: Front, target: str, answers: str) -> None:
    assert front.call("GET", target).json["name"] == answers


def test_path_query_method_and_body_arrive_as_they_were_written(front: Front) -> None:
    target = "/oauth/a%2Fb%20c//d?q=from%3Ax+y&e="
    asked = front.call("PATCH", target, b"\xc3\xa9 body", {"Content-Type": "text/plain"}).json
    assert (asked["method"], asked["target"], asked["body"]) == ("PATCH", target, "é body")
    assert asked["headers"]["content-type"] == "text/plain"


def test_the_caller_and_the_scheme_are_told_to_the_function(front: Front) -> None:
    headers = front.call("GET", "/oauth/x", headers={"X-Forwarded-For": "10.1.2.3"}).json["headers"]
    assert headers["x-forwarded-for"] == "10.1.2.3, 127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["host"] == f"localhost:{front.config.public_port}"


def test_headers_for_one_connection_only_are_not_passed_on(front: Front) -> None:
    sent = {"Connection": "X-Secret-Hop", "X-Secret-Hop": "1", "TE": "trailers", "X-Kept": "2"}
    headers = front.call("GET", "/oauth/x", headers=sent).json["headers"]
    assert headers["x-kept"] == "2"
    assert not {"x-secret-hop", "te"} & set(headers)


@pytest.mark.parametrize("target", ["/oauth/x", "/", "/healthz"])
def test_an_answer_has_one_date_and_one_server(front: Front, target: str) -> None:
    connection = http.client.HTTPConnection("localhost", front.config.public_port, timeout=60)
    connection.request("GET", target)
    headers = connection.getresponse().headers
    connection.close()
    assert (len(headers.get_all("Date", [])), len(headers.get_all("Server", []))) == (1, 1)


@pytest.mark.parametrize("character", ["%0A", "%0d", "%00", "%7F", "%C2%85"])
def test_a_control_character_in_a_path_is_a_problem_and_reaches_nobody(front: Front, character: str) -> None:
    for target in (f"/oauth/mail{character}box", f"/oauth/{character}", f"/crm/{character}?q=1"):
        answer = front.call("GET", target)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert (answer.json["type"], answer.json["act"]) == ("urn:crm-gmail:problem:not_found", "user")
    assert front.oauth.asked == front.crm.asked == []
    assert front.call("GET", "/oauth/x?q=a%0Ab").status == 200


def test_each_cookie_of_an_answer_keeps_its_own_header(front: Front) -> None:
    def two_cookies(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(
            "418 I'm a teapot", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Length", "0")]
        )
        return []

    front.oauth.answer = two_cookies
    connection = http.client.HTTPConnection("localhost", front.config.public_port, timeout=60)
    connection.request("GET", "/oauth/x")
    answer = connection.getresponse()
    assert answer.status == 418
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    connection.close()


def test_an_event_stream_passes_event_by_event(front: Front) -> None:
    first_was_read = threading.Event()

    def events(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        yield b"data: one\n\n"
        # Were the gateway to collect the answer, this would wait for ever and the test would fail.
        yield b"data: two\n\n" if first_was_read.wait(60) else b"data: late\n\n"

    front.oauth.answer = events
    connection = http.client.HTTPConnection("localhost", front.config.public_port, timeout=60)
    connection.request("GET", "/oauth/stream")
    answer = connection.getresponse()
    assert answer.read1(100) == b"data: one\n\n"
    first_was_read.set()
    assert answer.read() == b"data: two\n\n"
    connection.close()


def test_an_upload_is_passed_on_before_it_is_complete(front: Front) -> None:
    arrived = threading.Event()
    block = 64 * 1024

    def reader(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        first = environ["wsgi.input"].read(block)
        arrived.set()
        rest = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(len(first)).encode(), b"|", rest]

    def upload() -> Iterator[bytes]:
        yield b"x" * block
        yield b"two" if arrived.wait(60) else b"late"

    front.oauth.answer = reader
    connection = http.client.HTTPConnection("localhost", front.config.public_port, timeout=60)
    connection.request(
        "POST", "/oauth/upload", upload(), {"Transfer-Encoding": "chunked"}, encode_chunked=True
    )
    assert connection.getresponse().read() == b"65536|two"
    connection.close()


def test_a_caller_that_leaves_a_stream_ends_it_at_the_function(front: Front) -> None:
    ended = threading.Event()

    def endless(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        try:
            while True:
                yield b": still here\n\n" * 1000
        finally:
            ended.set()

    front.oauth.answer = endless
    connection = socket.create_connection(("localhost", front.config.public_port), timeout=60)
    connection.sendall(b"GET /oauth/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    connection.close()
    assert ended.wait(60)


def test_an_answer_that_breaks_off_is_not_passed_on_as_a_whole_one(front: Front) -> None:
    def half(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "1000")])
        yield b"half"
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)

    front.oauth.answer = half
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        front.call("GET", "/oauth/x")


def test_a_function_that_is_down_is_a_problem_that_says_so(front: Front) -> None:
    answer = front.call("GET", "/proxy/messages")
    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json["code"], answer.json["act"]) == ("upstream_down", "retry")
    assert "proxy" in answer.json["detail"]


def test_a_body_over_the_limit_is_refused_before_it_is_read(front: Front) -> None:
    connection = http.client.HTTPConnection("localhost", front.config.public_port, timeout=60)
    connection.putrequest("POST", "/oauth/x")
    connection.putheader("Content-Length", str(MAX_BODY + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["code"] == "body_too_large"
    connection.close()
    assert front.oauth.asked == []


def test_a_body_of_thirty_megabytes_passes(front: Front) -> None:
    def count(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = len(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(length).encode()]

    front.oauth.answer = count
    assert front.call("POST", "/oauth/x", b"x" * 30_000_000).content == b"30000000"


@pytest.mark.parametrize(
    ("services", "status", "code"),
    [
        ({"a": "ok", "b": "ok"}, "ok", 200),
        ({"a": "ok", "b": "starting"}, "starting", 503),
        ({"a": "starting", "b": "down"}, "down", 503),
        (None, "starting", 503),
    ],
)
def test_health_is_that_of_the_worst_service(
    front: Front, tmp_path: Path, services: dict[str, str] | None, status: str, code: int
) -> None:
    if services is not None:
        (tmp_path / "status.json").write_text(json.dumps({"services": services}))
    answer = front.call("GET", "/healthz")
    assert (answer.status, answer.json) == (code, {"status": status, "services": services or {}})
