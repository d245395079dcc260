"""The questions after a deploy pass where the system works, and fail where it does not."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import pytest

from local.deploy import smoke
from local.deploy.programs import Programs
from tests.deploy.cloud import Cloud

PLACE = smoke.Place("p", "projects/p/topics/crm-gmail-gmail", "europe-west1", "crm-gmail-functions")
Site = tuple[str, dict[str, int]]


@pytest.fixture
def site() -> Iterator[Site]:
    """A system that answers as ours should, and the statuses of single paths that a test changes."""
    changed: dict[str, int] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            right = 404 if self.path == "/oauth/nothing" else 401
            status = changed.get(self.path, right)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"code": f"code_{status}"}).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", changed
    server.shutdown()


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    (tmp_path / "bin").mkdir()
    cloud = Cloud(tmp_path)
    cloud.installs("gcloud")
    return cloud


def test_a_system_that_refuses_strangers_passes(site: Site) -> None:
    assert all(each.passed for each in smoke.ask_public(site[0], "https://crm.example.com"))


@pytest.mark.parametrize("path", ["/oauth/mailbox", "/proxy/aliases", "/notify/notices", "/labeler/runs"])
@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_a_function_that_answers_otherwise_is_named(path: str, status: int, site: Site) -> None:
    site[1][path] = status
    failed = [each for each in smoke.ask_public(site[0], "https://crm.example.com") if not each.passed]
    assert f"{path} without a token" in {each.question for each in failed}
    if status != 200:
        assert all(each.told == f"{status} code_{status}" for each in failed)


def test_a_system_that_is_not_there_fails_every_question() -> None:
    assert not any(each.passed for each in smoke.ask_public("http://127.0.0.1:1", "https://crm.example.com"))


def test_the_forged_token_is_one_of_the_crm_but_for_its_signature() -> None:
    token = smoke.forged_token("https://crm.example.com")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["aud"]) == ("https://crm.example.com", "crm-gmail")
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    assert len(base64.urlsafe_b64decode(token.split(".")[2] + "==")) == 256


def test_a_push_that_the_function_has_answered_passes(cloud: Cloud) -> None:
    cloud.answers("gcloud pubsub topics publish")
    cloud.answers("gcloud logging read", "204\n")
    outcome = smoke.ask_pubsub(Programs(cloud.home, cloud.environment), PLACE, wait_s=0)
    assert outcome.passed, outcome.told
    published, read = cloud.asked()
    assert json.loads(published[published.index("--message") + 1])["emailAddress"].endswith(".invalid")
    # The line that is looked for is this message's, not that of whatever Gmail pushed meanwhile.
    trace = re.search(r"^traceparent=00-([0-9a-f]{32})-[0-9a-f]{16}-00$", published[-1])
    assert trace is not None
    assert f'jsonPayload.trace_id="{trace[1]}"' in read[3]


@pytest.mark.parametrize(("log", "told"), [("", "logged nothing"), ("401", "answered 401")])
def test_a_push_that_does_not_arrive_or_is_refused_fails(log: str, told: str, cloud: Cloud) -> None:
    cloud.answers("gcloud pubsub topics publish")
    cloud.answers("gcloud logging read", log)
    outcome = smoke.ask_pubsub(Programs(cloud.home, cloud.environment), PLACE, wait_s=0)
    assert not outcome.passed
    assert told in outcome.told


def test_a_log_that_may_not_be_read_is_told_in_the_words_of_gcloud(cloud: Cloud) -> None:
    cloud.answers("gcloud pubsub topics publish")
    outcome = smoke.ask_pubsub(Programs(cloud.home, cloud.environment), PLACE, wait_s=0)
    assert not outcome.passed
    assert "no answer to logging read" in outcome.told


def test_a_topic_that_may_not_be_published_to_fails(cloud: Cloud) -> None:
    assert not smoke.ask_pubsub(Programs(cloud.home, cloud.environment), PLACE, wait_s=0).passed
