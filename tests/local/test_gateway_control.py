"""The gateway's control calls and its internal port: clock, ticks, tokens, acknowledgements."""

import json
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from google.cloud.firestore import GeoPoint

from local.clock import LocalClock
from local.gateway.deliveries import Deliveries
from local.gateway.emulator import Emulator
from local.gateway.store import to_json_value
from local.gateway.ticks import Ticks
from tests.local.front import MAX_ATTEMPTS, Answer, Front, running_front
from tests.local.waiting import until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    with running_front(tmp_path) as running:
        yield running


def answering(status: str, body: object) -> "WSGIApplication":
    def app(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    return app


def push_body(message_id: str) -> dict[str, Any]:
    return {"message": {"messageId": message_id, "data": "e30="}, "subscription": "s"}


class WaitedFor(Deliveries):
    """Also notes which messages were waited for."""

    def __init__(self, max_attempts: int) -> None:
        super().__init__(max_attempts)
        self.asked: list[set[str]] = []

    def wait(self, entry_point: str, message_ids: Iterable[str], timeout_s: float) -> set[str]:
        self.asked.append(set(message_ids))
        return super().wait(entry_point, message_ids, timeout_s)


class Tick:
    """A tick that runs in its own thread, so that a test can see what it waits for."""

    def __init__(self, front: Front, job: str = "labeler") -> None:
        self.answer: Answer | None = None
        self._front = front
        self._job = job
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self.answer = self._front.call("POST", f"/local/tick/{self._job}")

    def is_waiting(self) -> bool:
        self._thread.join(0.2)
        return self.answer is None

    def result(self) -> Answer:
        self._thread.join(60)
        assert self.answer is not None
        return self.answer


def test_a_private_call_carries_a_token_that_verifies_with_the_published_keys(front: Front) -> None:
    asked = front.push("tick", {}).json
    token = asked["headers"]["authorization"].removeprefix("Bearer ")
    issuer = f"http://127.0.0.1:{front.config.internal_port}"
    key = jwt.PyJWKClient(f"{issuer}/jwks.json").get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=f"{issuer}/tick", issuer=issuer)
    assert claims["email"] == "invoke-tick@crm-gmail-local.iam.gserviceaccount.com"
    assert claims["email_verified"] is True
    assert claims["exp"] - claims["iat"] == 3600
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(token, key, algorithms=["RS256"], audience=f"{issuer}/recount", issuer=issuer)


def test_a_token_of_the_caller_never_reaches_a_private_function(front: Front) -> None:
    front.push("tick", {})
    (asked,) = front.private["tick"].asked
    assert asked["target"] == "/"
    assert asked["headers"]["authorization"].startswith("Bearer eyJ")


def test_a_push_is_passed_on_with_its_answer(front: Front) -> None:
    front.private["on_gmail_push"].answer = answering("418 I'm a teapot", {"busy": True})
    answer = front.push("on_gmail_push", push_body("1"))
    assert (answer.status, answer.json) == (418, {"busy": True})


@pytest.mark.parametrize("entry_point", ["", "oauth", "tick/x", "jwks"])
def test_an_unknown_entry_point_is_not_found(front: Front, entry_point: str) -> None:
    assert front.push(entry_point, {}).status == 404


def test_the_labeler_tick_answers_when_every_mailbox_is_done(front: Front) -> None:
    front.private["tick"].answer = answering("200 OK", {"mailboxes_due": 2, "published": ["7", "8"]})
    front.private["label_mailbox"].answer = answering("200 OK", {"labelled": 3})
    tick = Tick(front)
    front.push("label_mailbox", push_body("7"))
    assert tick.is_waiting(), "message 8 is still under way"
    front.push("label_mailbox", push_body("8"))
    answer = tick.result()
    assert answer.status == 200
    assert answer.json == {
        "mailboxes_due": 2,
        "published": ["7", "8"],
        "mailboxes": [{"labelled": 3}, {"labelled": 3}],
    }


def test_a_tick_first_waits_for_the_pushes_of_gmail(front: Front) -> None:
    front.gmail.published = ["41"]
    tick = Tick(front, "renew")
    until(lambda: len(front.gmail.asked) > 0, "the tick has asked the emulator")
    assert tick.is_waiting()
    assert front.private["renew_watches"].asked == []
    front.push("on_gmail_push", push_body("41"))
    assert tick.result().status == 200
    assert len(front.private["renew_watches"].asked) == 1


def test_a_tick_waits_for_pushes_that_are_about_to_be_published(front: Front) -> None:
    front.gmail.pending = 1
    tick = Tick(front, "renew")
    until(lambda: len(front.gmail.asked) > 2, "the tick keeps asking")
    assert tick.is_waiting()
    front.gmail.pending = 0
    assert tick.result().status == 200


def test_a_push_that_was_given_up_is_not_waited_for(front: Front) -> None:
    front.gmail.published = ["41"]
    front.private["on_gmail_push"].answer = answering("500 Internal Server Error", {})
    for _ in range(MAX_ATTEMPTS):
        front.push("on_gmail_push", push_body("41"))
    assert Tick(front, "renew").result().status == 200


def test_a_push_that_is_late_is_waited_for_by_one_tick_only(front: Front) -> None:
    front.gmail.published = ["41"]
    deliveries = WaitedFor(MAX_ATTEMPTS)
    ticks = Ticks(front.config.internal_url, Emulator(front.config.gmail_port), deliveries, pushes_s=0.1)
    for _ in range(2):
        ticks.run("renew")
    front.gmail.published = ["41", "42"]
    ticks.run("renew")
    assert deliveries.asked == [{"41"}, set(), {"42"}]


def test_a_job_that_fails_is_a_problem_with_its_status(front: Front) -> None:
    front.private["tick"].answer = answering("500 Internal Server Error", {})
    answer = front.call("POST", "/local/tick/labeler")
    assert (answer.status, answer.json["code"]) == (502, "job_failed")


def test_a_message_that_nobody_acknowledges_is_still_open_after_the_time() -> None:
    deliveries = Deliveries(max_attempts=5)
    deliveries.record("label_mailbox", "1", acknowledged=True, answer={"n": 1})
    deliveries.record("label_mailbox", "1", acknowledged=True, answer={"n": 2})
    deliveries.record("label_mailbox", "2", acknowledged=False)
    assert deliveries.wait("label_mailbox", ["1", "2"], timeout_s=0.05) == {"2"}
    assert deliveries.answers("label_mailbox", ["1", "2"]) == [{"n": 1}], "the first answer stays"


def test_the_clock_can_be_set_and_moved(front: Front) -> None:
    front.call("POST", "/local/clock", {"now": "2026-12-01T00:05:00+01:00"})
    answer = front.call("POST", "/local/clock", {"advance_s": 3600})
    now = LocalClock(Path(front.config.clock_file)).now()
    assert (now - datetime(2026, 12, 1, 0, 5, tzinfo=UTC)).total_seconds() == pytest.approx(0, abs=20)
    assert answer.json["now"].startswith("2026-12-01T00:05:")
    assert front.call("GET", "/local/clock").json["now"].endswith("Z")


BAD_CALLS = [
    ("/local/clock", b"{"),
    ("/local/clock", b"[" * 100_000),
    ("/local/clock", {}),
    ("/local/clock", {"now": "2026-12-01"}),
    ("/local/clock", {"now": "2026-12-01T00:00:00"}),
    ("/local/clock", {"now": 7}),
    ("/local/clock", {"advance_s": "7"}),
    ("/local/clock", {"advance_s": True}),
    ("/local/clock", {"advance_s": 1e300}),
    ("/local/clock", b'{"advance_s": NaN}'),
    ("/local/clock", {"advance_s": 1, "now": "2026-12-01T00:00:00Z"}),
    ("/local/deliver", {"to": "a@example.com"}),
    ("/local/deliver", {"to": "a@example.com", "raw": "not base64!"}),
    ("/local/deliver", {"to": "a@example.com", "raw": "aGk", "labels": []}),
    ("/local/deliver", {"to": 1, "raw": "aGk"}),
    ("/local/faults", [1]),
]


@pytest.mark.parametrize(("target", "body"), BAD_CALLS)
def test_a_bad_body_is_refused_with_a_problem(front: Front, target: str, body: object) -> None:
    answer = front.call("POST", target, body)
    assert (answer.status, answer.json["code"], answer.json["act"]) == (422, "invalid_request", "user")
    assert not Path(front.config.clock_file).exists()
    assert front.gmail.asked == []


@pytest.mark.parametrize(
    ("method", "target", "allowed"),
    [
        ("DELETE", "/local/clock", "GET, POST"),
        ("GET", "/local/tick/labeler", "POST"),
        ("PUT", "/local/faults", "DELETE, POST"),
        ("POST", "/local/store", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(front: Front, method: str, target: str, allowed: str) -> None:
    answer = front.call(method, target)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("target", ["/local", "/local/", "/local/nothing", "/local/tick/other"])
def test_an_unknown_control_call_is_not_found(front: Front, target: str) -> None:
    assert front.call("POST", target).status == 404


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_a_page_of_another_site_cannot_use_the_control_calls(front: Front, headers: dict[str, str]) -> None:
    answer = front.call("POST", "/local/clock", {"advance_s": 1}, headers)
    assert (answer.status, answer.json["code"]) == (403, "foreign_origin")
    own = {"Origin": f"http://localhost:{front.config.public_port}"}
    assert front.call("POST", "/local/clock", {"advance_s": 1}, own).status == 200


def test_mail_quota_and_faults_go_to_the_emulator(front: Front) -> None:
    mail = {"to": "a@example.com", "raw": "aGk"}
    assert front.call("POST", "/local/deliver", mail).json == {"done": "/_emulator/deliver"}
    front.call("GET", "/local/quota")
    front.call("POST", "/local/faults", {"match": "*", "kind": "timeout"})
    front.call("DELETE", "/local/faults")
    assert [(method, path) for method, path, _ in front.gmail.asked] == [
        ("POST", "/_emulator/deliver"),
        ("GET", "/_emulator/quota"),
        ("POST", "/_emulator/faults"),
        ("DELETE", "/_emulator/faults"),
    ]
    assert json.loads(front.gmail.asked[0][2]) == mail


def test_what_the_emulator_refuses_is_a_problem_with_its_reason(front: Front) -> None:
    front.gmail.refusal = "no such user"
    answer = front.call("POST", "/local/deliver", {"to": "nobody@example.com", "raw": "aGk"})
    assert (answer.status, answer.json["detail"]) == (422, "no such user")


def test_store_values_become_json() -> None:
    moment = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    value = {
        "b": b"\x00\xff",
        "t": moment,
        "l": [1, None, {"x": True}],
        "g": GeoPoint(1.0, 2.0),
        "n": float("nan"),
    }
    assert to_json_value(value) == {
        "b": {"bytes": "AP8="},
        "t": "2026-11-24T06:00:00Z",
        "l": [1, None, {"x": True}],
        "g": {"latitude": 1.0, "longitude": 2.0},
        "n": {"number": "nan"},
    }
