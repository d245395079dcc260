"""Which pages may read what is answered: those of the settings and of the caller's own organisation, and no others."""

import io

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request as WsgiRequest

from shared.domain.caller import Caller
from shared.domain.policy import Policy
from shared.errors import NotAuthenticated
from shared.log import Log
from shared.web import Answer, App, Route
from shared.wiring import KnownOrigins
from tests.fakes.stores import FakeOrgs

HERE, THEIRS, FOREIGN = "https://mail.example", "https://crm.example", "https://evil.example"
ALLOW = "Access-Control-Allow-Origin"
ROUTES: tuple[Route[None], ...] = (
    Route("GET", "/guarded", lambda _request, _services: Answer({})),
    Route("GET", "/public", lambda _request, _services: Answer({}), permission=None),
)


def _authenticate(authorization: str | None) -> Caller:
    if authorization is None:
        raise NotAuthenticated("This call needs a token.")
    return Caller("acme", "ana", frozenset({"mail_integration"}))


@pytest.fixture
def client() -> Client:
    orgs = FakeOrgs({"acme": Policy(origins=(THEIRS,))})
    origins = KnownOrigins((HERE,), orgs)
    return Client(
        WsgiRequest.application(App(ROUTES, None, _authenticate, origins, Log(io.StringIO())).handle)
    )


@pytest.mark.parametrize(
    ("path", "token", "origin", "readable"),
    [
        ("/guarded", True, HERE, True),
        ("/guarded", True, THEIRS, True),
        ("/guarded", True, FOREIGN, False),
        ("/guarded", False, HERE, True),
        ("/guarded", False, THEIRS, False),
        ("/guarded", False, FOREIGN, False),
        ("/public", False, HERE, True),
        ("/public", False, FOREIGN, False),
        ("/nothing", False, FOREIGN, False),
    ],
)
def test_an_answer_is_readable_for_known_pages_only(
    client: Client, path: str, token: bool, origin: str, readable: bool
) -> None:
    headers = {"Origin": origin, **({"Authorization": "Bearer t"} if token else {})}
    answer = client.get(path, headers=headers)
    assert answer.headers.get(ALLOW) == (origin if readable else None)


@pytest.mark.parametrize(
    ("origin", "answered"), [(HERE, True), (THEIRS, True), (FOREIGN, True), ("http://a.example", False)]
)
def test_a_preflight_is_answered_for_any_page_that_may_be_an_organisations(
    client: Client, origin: str, answered: bool
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    assert (ALLOW in client.options("/guarded", headers=headers).headers) is answered
