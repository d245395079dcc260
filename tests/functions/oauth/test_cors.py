"""Which pages may read what is answered: those of the settings and of the caller's own organisation, and no others."""

import io

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request as WsgiRequest

from shared.domain.caller import Caller
from shared.domain.policy import Policy
from shared.errors import NotAuthenticated, UpstreamDown
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
        # Without a good token nobody knows whose page it is: that the token is no good is for all to read.
        ("/guarded", False, THEIRS, True),
        ("/guarded", False, FOREIGN, True),
        ("/guarded", False, "http://a.example", False),
        ("/guarded", False, "null", False),
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


def test_what_a_foreign_page_reads_without_a_good_token_is_the_same_for_whoever_asks(client: Client) -> None:
    answers = [
        client.get(path, headers={"Origin": origin})
        for path in ("/guarded", "/guarded?of=ana")
        for origin in (HERE, THEIRS, FOREIGN)
    ]
    told = [
        {name: said for name, said in (a.get_json() or {}).items() if name != "request_id"} for a in answers
    ]
    assert all(each == told[0] for each in told)
    assert (told[0]["status"], told[0]["code"]) == (401, "not_authenticated")
    assert all("Access-Control-Allow-Credentials" not in each.headers for each in answers)
    assert all("Origin" in each.headers["Vary"] for each in answers)


@pytest.mark.parametrize(
    ("origin", "answered"), [(HERE, True), (THEIRS, True), (FOREIGN, True), ("http://a.example", False)]
)
def test_a_preflight_is_answered_for_any_page_that_may_be_an_organisations(
    client: Client, origin: str, answered: bool
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    assert (ALLOW in client.options("/guarded", headers=headers).headers) is answered


class _OrgsThatAreDown(FakeOrgs):
    def get(self, org: str) -> Policy:
        raise UpstreamDown("Firestore did not answer.")


@pytest.mark.parametrize(("origin", "readable"), [(HERE, True), (THEIRS, False)])
def test_an_answer_stays_what_it_is_where_the_pages_of_the_organisation_cannot_be_read(
    origin: str, readable: bool
) -> None:
    log = io.StringIO()
    origins = KnownOrigins((HERE,), _OrgsThatAreDown())
    app = App(ROUTES, None, _authenticate, origins, Log(log, strict=True))
    answer = Client(WsgiRequest.application(app.handle)).get(
        "/guarded", headers={"Origin": origin, "Authorization": "Bearer t"}
    )
    assert (answer.status_code, answer.get_json()) == (200, {})
    assert answer.headers.get(ALLOW) == (origin if readable else None)
    assert "X-Request-Id" in answer.headers
    assert '"status": 200' in log.getvalue(), "the request is logged"
