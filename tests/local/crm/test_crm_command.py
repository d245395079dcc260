"""`python -m local.crm` as a process, and how it puts its organisation's policy in place at its start."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import pytest
import urllib3
import yaml
from werkzeug.wrappers import Request, Response

from local.serve import make
from tests.contracts.connector_contract import RECORDS
from tests.local.free_port import free_port
from tests.local.waiting import until

HTTP = urllib3.PoolManager(retries=False, timeout=60)
UNTOUCHED = {"sharing": "users_choice", "time_zone": "UTC", "excluded_domains": []}


@dataclass
class PolicyServer:
    """Stands for the gateway: keeps the policy that `/oauth/org` is given.

    `failures` are answered 503 first; with `refusal` each PUT is answered 422 with this detail.
    """

    policy: dict[str, Any] = field(default_factory=lambda: dict(UNTOUCHED))
    failures: int = 0
    refusal: str = ""
    writes: int = 0
    callers: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    def answer(self, request: Request) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.callers.append(jwt.decode(token, options={"verify_signature": False}))
        if self.failures > 0:
            self.failures -= 1
            return Response(status=503)
        if request.method == "PUT" and self.refusal:
            problem = {"detail": self.refusal, "status": 422}
            return Response(json.dumps(problem), 422, content_type="application/problem+json")
        if request.method == "PUT":
            self.writes += 1
            self.policy = json.loads(request.get_data())
        return Response(json.dumps(self.policy), content_type="application/json")


@contextmanager
def _serving(policy_server: PolicyServer) -> Iterator[PolicyServer]:
    server = make(Request.application(policy_server.answer), 0)
    policy_server.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield policy_server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _command(tmp_path: Path, seed: object, port: int, public_port: int) -> list[str]:
    (tmp_path / "crm.yaml").write_text(yaml.safe_dump(seed), encoding="utf-8")
    (tmp_path / "token").write_text("service\n", encoding="utf-8")
    return [
        *(sys.executable, "-m", "local.crm", "--port", str(port), "--seed", str(tmp_path / "crm.yaml")),
        *(
            "--service-token-file",
            str(tmp_path / "token"),
            "--public-url",
            f"http://localhost:{public_port}/",
        ),
    ]


@contextmanager
def _running(tmp_path: Path, public_port: int, *more: str) -> Iterator[str]:
    """The CRM's URL; at the end it must stop by itself when it is told to."""
    port = free_port()
    with subprocess.Popen([*_command(tmp_path, RECORDS, port, public_port), *more]) as crm:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            crm.send_signal(signal.SIGTERM)
        assert crm.wait(timeout=60) == 0


def _health(url: str) -> tuple[int, str]:
    """Status and word; (0, "") while nobody listens."""
    try:
        answer = HTTP.request("GET", f"{url}/healthz")
    except urllib3.exceptions.HTTPError:
        return 0, ""
    return answer.status, answer.json()["status"]


def test_the_command_puts_the_policy_in_place_and_is_ready_then(tmp_path: Path) -> None:
    with _serving(PolicyServer(failures=2)) as gateway, _running(tmp_path, gateway.port) as url:
        until(lambda: _health(url) == (200, "ok"), "the CRM is ready")
        assert gateway.policy == {
            "sharing": "users_choice",
            "time_zone": "Europe/Paris",
            "excluded_domains": ["acme.example"],
        }
        assert {caller["org"] for caller in gateway.callers} == {"acme"}
        assert all("mail_admin" in caller["permissions"] for caller in gateway.callers)
        headers = {"Authorization": "Bearer service"}
        assert HTTP.request("GET", f"{url}/crm/connector/users?org=acme", headers=headers).status == 200


def test_a_policy_that_an_administrator_has_changed_stays(tmp_path: Path) -> None:
    changed = {**UNTOUCHED, "time_zone": "Asia/Tokyo"}
    with _serving(PolicyServer(policy=dict(changed))) as gateway, _running(tmp_path, gateway.port) as url:
        until(lambda: _health(url) == (200, "ok"), "the CRM is ready")
        assert (gateway.policy, gateway.writes) == (changed, 0)


def test_a_policy_that_is_refused_ends_the_command_with_the_reason(tmp_path: Path) -> None:
    with _serving(PolicyServer(refusal="The time zone is none.")) as gateway:
        command = _command(tmp_path, RECORDS, free_port(), gateway.port)
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1] == "crm: The organisation's policy is refused: The time zone is none."


@pytest.mark.parametrize(
    ("kept", "is_ours_then"),
    [
        ("http://localhost:8305/crm/webhook", True),
        ("http://localhost/crm/webhook", True),
        ("https://crm.acme.example/crm/webhook", False),
        ("http://localhost:8305/another", False),
        (None, False),
    ],
)
def test_only_a_webhook_of_this_crm_at_another_port_is_replaced(
    tmp_path: Path, kept: str | None, is_ours_then: bool
) -> None:
    before = {"url": kept} if kept else None
    changed = {**UNTOUCHED, "time_zone": "Asia/Tokyo", "webhook": before}
    (tmp_path / "webhook-secret").write_text("secret\n", encoding="utf-8")
    secret = ("--webhook-secret-file", str(tmp_path / "webhook-secret"))
    with (
        _serving(PolicyServer(policy=dict(changed))) as gateway,
        _running(tmp_path, gateway.port, *secret) as url,
    ):
        until(lambda: _health(url) == (200, "ok"), "the CRM is ready")
        ours = {"url": f"http://localhost:{gateway.port}/crm/webhook"}
        assert gateway.policy == {**changed, "webhook": ours if is_ours_then else before}


def test_without_the_gateway_the_command_serves_but_is_not_ready(tmp_path: Path) -> None:
    with _running(tmp_path, free_port()) as url:
        until(lambda: _health(url) == (503, "starting"), "the CRM answers")
        assert HTTP.request("GET", f"{url}/crm/users").status == 200


@pytest.mark.parametrize(
    "fault", [{}, {**RECORDS, "more": 1}, {**RECORDS, "users": RECORDS["users"] * 2}, "text"]
)
def test_a_seed_that_cannot_be_used_ends_the_command_with_the_reason(tmp_path: Path, fault: object) -> None:
    command = _command(tmp_path, fault, free_port(), free_port())
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert "crm.yaml cannot be used" in run.stderr
    assert "Traceback" not in run.stderr
