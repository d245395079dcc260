"""What the refusals of Google's token endpoint mean: final, the admin's, the operator's, or passing."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from werkzeug.wrappers import Request, Response

from local import serve
from shared.adapters.google_consent import GoogleEndpoints, GoogleOAuth
from shared.adapters.http_pool import HttpPool
from shared.adapters.jwks import Jwks
from shared.errors import AppError, GrantLost, Misconfigured, NotAllowed, Throttled, UpstreamDown
from tests.fakes.clock import FakeClock
from tests.local.free_port import free_port

REVOKED = "Token has been expired or revoked."


@contextmanager
def token_endpoint(status: int, body: str) -> Iterator[str]:
    """Answers every request so."""
    answer = Request.application(lambda _request: Response(body, status, content_type="application/json"))
    server = serve.make(answer, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/token"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def google(url: str) -> GoogleOAuth:
    pool = HttpPool()
    endpoints = GoogleEndpoints("http://a", url, url, "http://a", "client", "http://localhost/callback")
    return GoogleOAuth(pool, endpoints, lambda: "secret", Jwks(pool, url), FakeClock())


def refused(call: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as raised:
        call()
    return raised.value


@pytest.mark.parametrize(
    ("error", "why", "kind", "code"),
    [
        ("invalid_grant", REVOKED, GrantLost, "grant_lost"),
        ("invalid_grant", "Bad Request", GrantLost, "grant_lost"),
        ("invalid_grant", "reauth related error (invalid_rapt)", GrantLost, "reauth_required"),
        ("invalid_grant", "Account has been deleted", GrantLost, "account_gone"),
        ("admin_policy_enforced", "", NotAllowed, "blocked_by_admin"),
        ("org_internal", "", NotAllowed, "blocked_by_admin"),
        ("invalid_client", "The OAuth client was not found.", Misconfigured, "oauth_client_invalid"),
        ("unauthorized_client", "Unauthorized", Misconfigured, "oauth_client_invalid"),
    ],
)
def test_a_refused_refresh_means_what_google_says(
    error: str, why: str, kind: type[AppError], code: str
) -> None:
    with token_endpoint(400, json.dumps({"error": error, "error_description": why})) as url:
        fault = refused(lambda: google(url).refresh("refresh"))
    assert (type(fault), fault.code) == (kind, code)
    assert not isinstance(fault, GrantLost) or code in ("grant_lost", "account_gone", "reauth_required")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, "{}", UpstreamDown),
        (500, '{"error": "internal_failure"}', UpstreamDown),
        (400, '{"error": "something_new"}', UpstreamDown),
        (200, "<html>", UpstreamDown),
        (200, "[]", UpstreamDown),
        (429, "{}", Throttled),
    ],
)
def test_anything_else_is_no_word_about_the_consent(status: int, body: str, kind: type[AppError]) -> None:
    with token_endpoint(status, body) as url:
        assert type(refused(lambda: google(url).refresh("refresh"))) is kind


def test_no_answer_is_told_as_google_being_down() -> None:
    fault = refused(lambda: google(f"http://127.0.0.1:{free_port()}/token").refresh("refresh"))
    assert (type(fault), fault.code) == (UpstreamDown, "google_no_answer")
