"""Bad input on every route: the contract's errors, nothing written, nothing of a mail in any log."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from functions.labeler.routes import ROUTES as LABELER
from functions.notify.routes import ROUTES as NOTIFY
from functions.oauth.routes import ROUTES as OAUTH
from functions.proxy.routes import ROUTES as PROXY
from shared.web import Route
from tests.e2e.driver import Driver, Seller
from tests.functions.test_entry_points import GARBAGE as ENVELOPES

ROUTES: tuple[Route[Any], ...] = (*OAUTH, *PROXY, *NOTIFY, *LABELER)
GUARDED = tuple(route for route in ROUTES if route.permission is not None)
WITH_BODY = tuple(route for route in GUARDED if route.method in ("POST", "PUT", "PATCH"))

PROBLEM = {"type", "title", "status", "detail", "code", "act", "request_id"}
CANARY = "canary-axolotl-3391"

GARBAGE: dict[str, bytes] = {
    "no JSON": b"\xff\xfe{",
    "half of it": b'{"sharing": "pri',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "an unknown field": json.dumps({"surprise": CANARY}).encode(),
    "deeply nested": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "not a number": b'{"limit": NaN}',
    "a lone surrogate": b'{"ticket": "\\ud800"}',
}


@pytest.fixture(scope="module")
def seller(stack: Driver) -> Seller:
    """Somebody with a mailbox, MailMagnet and labels on."""
    return stack.connect_next(mailmagnet=True, labels=True)


@pytest.fixture(scope="module")
def stored(stack: Driver, seller: Seller) -> dict[str, Any]:
    """The store before the first test, to which none adds anything."""
    return stack.stored()


@pytest.fixture(autouse=True)
def nothing_is_written(stack: Driver, stored: dict[str, Any]) -> Iterator[None]:
    """After every test: the store is what it was before. What one writes all the same is told of that one only."""
    yield
    before = dict(stored)
    stored.clear()
    stored.update(stack.stored())
    assert stored == before


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def path_of(route: Route[Any]) -> str:
    """The route's path with made-up values."""
    parts = route.path.split("/")
    return "/".join(f"made-up-{part[1:-1]}" if part.startswith("<") else part for part in parts)


def is_problem(answer: Any, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["Content-Type"] == "application/problem+json"
        and set(answer.json()) >= PROBLEM
        and answer.json()["status"] == status
        and answer.json()["act"] in ("user", "admin", "operator", "retry")
    )


def forged(stack: Driver, **changes: Any) -> str:
    """A token as the CRM would sign it, but for the key: an attacker's own."""
    header = jwt.get_unverified_header(stack.token("seller1"))
    claims = jwt.decode(stack.token("seller1"), options={"verify_signature": False})
    key = ed25519.Ed25519PrivateKey.generate()
    return jwt.encode(claims | changes, key, algorithm="EdDSA", headers={"kid": header["kid"]})


def unsigned(stack: Driver) -> str:
    claims = jwt.decode(stack.token("seller1"), options={"verify_signature": False})
    return jwt.encode(claims, key="", algorithm="none", headers={"kid": "1"})


def by_another_algorithm(stack: Driver, key: rsa.RSAPrivateKey) -> str:
    header = jwt.get_unverified_header(stack.token("seller1"))
    claims = jwt.decode(stack.token("seller1"), options={"verify_signature": False})
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": header["kid"]})


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_no_route_answers_without_a_good_token(
    stack: Driver, rsa_key: rsa.RSAPrivateKey, route: Route[Any]
) -> None:
    path = path_of(route)

    assert is_problem(stack.raw(route.method, path, {}), 401)
    foreign = (forged(stack), unsigned(stack), by_another_algorithm(stack, rsa_key))
    for token in ("garbage", "a.b.c", *foreign):
        assert is_problem(stack.raw(route.method, path, {}, token=token), 401)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_no_route_answers_a_user_who_lacks_the_permission(stack: Driver, route: Route[Any]) -> None:
    answer = stack.raw(route.method, path_of(route), {}, token=stack.token("nobody"))

    assert is_problem(answer, 403)
    assert answer.json()["code"] == "permission_missing"


def test_an_expired_token_is_named_as_such(stack: Driver) -> None:
    # The CRM's own key is out of reach, so this one is refused for its signature first: both are 401.
    answer = stack.raw("GET", "/oauth/mailbox", token=forged(stack, exp=int(time.time()) - 3600))

    assert is_problem(answer, 401)


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.method} {route.path}")
def test_a_garbage_body_is_refused_on_every_route(stack: Driver, seller: Seller, route: Route[Any]) -> None:
    token = stack.token("admin") if route.permission == "mail_admin" else seller.token
    for name, body in GARBAGE.items():
        answer = stack.raw(route.method, path_of(route), body, token=token)
        assert is_problem(answer, answer.status_code), f"{name}: {answer.text[:300]}"
        assert 400 <= answer.status_code < 500, f"{name}: {answer.status_code}"
        assert CANARY not in answer.text, name


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.method} {route.path}")
def test_a_body_over_the_limit_is_413(stack: Driver, seller: Seller, route: Route[Any]) -> None:
    token = stack.token("admin") if route.permission == "mail_admin" else seller.token
    if route.body_limit > 1024 * 1024:
        body = b" " * (route.body_limit + 1)
    else:
        body = json.dumps({"x": "y" * route.body_limit}).encode()

    answer = stack.raw(route.method, path_of(route), body, token=token)

    assert is_problem(answer, 413)


def test_an_unknown_contact_is_not_found(stack: Driver, seller: Seller) -> None:
    assert is_problem(stack.raw("GET", "/proxy/contacts/nobody/messages", token=seller.token), 404)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=ten", "cursor=forged", "surprise=1", "limit=1&limit=2000"]
)
def test_a_bad_query_is_refused(stack: Driver, seller: Seller, query: str) -> None:
    for path in ("/notify/notices", "/proxy/messages", "/proxy/contacts/won/messages"):
        answer = stack.raw("GET", f"{path}?{query}", token=seller.token)
        assert is_problem(answer, 422), f"{path}?{query}: {answer.text[:200]}"


def test_an_unknown_path_is_404_and_a_wrong_method_405(stack: Driver, seller: Seller) -> None:
    for function in ("oauth", "proxy", "notify", "labeler"):
        assert is_problem(stack.raw("GET", f"/{function}/nowhere", token=seller.token), 404)
    wrong = stack.raw("DELETE", "/oauth/connections", token=seller.token)
    assert is_problem(wrong, 405)
    assert wrong.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    "entry_point", ["on_gmail_push", "renew_watches", "recount", "tick", "label_mailbox", "deliver_event"]
)
def test_the_private_entry_points_cannot_be_reached_from_outside(
    stack: Driver, seller: Seller, entry_point: str
) -> None:
    for path in (f"/{entry_point}", f"/notify/{entry_point}", f"/labeler/{entry_point}"):
        assert stack.raw("POST", path, {}, token=seller.token).status_code in (404, 405)


@pytest.mark.parametrize(
    "query",
    ["state=", "state=made-up", f"state={'a' * 600}", "state=../../etc", "state=%00", "state=a&state=b&code=x",
     f"state=a&code={'c' * 5000}", f"state=a&error={'e' * 300}"],
)  # fmt: skip
def test_a_made_up_callback_is_a_page_that_says_what_to_do(stack: Driver, query: str) -> None:
    answer = stack.raw("GET", f"/oauth/callback?{query}")

    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Authenticate" in answer.text


def test_a_page_of_a_foreign_origin_cannot_read_answers(stack: Driver, seller: Seller) -> None:
    foreign = stack.raw(
        "GET", "/oauth/mailbox", token=seller.token, headers={"Origin": "https://evil.example"}
    )
    own = stack.raw("GET", "/oauth/mailbox", token=seller.token, headers={"Origin": stack.url})

    assert "Access-Control-Allow-Origin" not in foreign.headers
    over = stack.raw("GET", "/oauth/mailbox", token="over", headers={"Origin": "https://evil.example"})
    assert (over.status_code, over.headers["Access-Control-Allow-Origin"]) == (401, "https://evil.example")
    assert seller.mailbox not in over.text
    assert own.headers["Access-Control-Allow-Origin"] == stack.url


def test_a_push_for_an_unknown_mailbox_is_dropped_and_a_garbage_one_too(stack: Driver) -> None:
    for payload in (b'{"emailAddress":"x@nowhere.example","historyId":"7"}', b"\xff", b"[]", b"{}"):
        for entry_point in ("on_gmail_push", "label_mailbox"):
            answer = stack.push(entry_point, payload)
            assert answer.status_code in (200, 204), f"{entry_point}: {answer.text}"


@pytest.mark.parametrize("entry_point", ["on_gmail_push", "label_mailbox", "deliver_event"])
def test_an_envelope_that_is_none_is_dropped_on_every_private_entry_point(
    stack: Driver, entry_point: str
) -> None:
    for name, envelope in ENVELOPES.items():
        answer = stack.session.post(f"{stack.internal_url}/{entry_point}", data=envelope, timeout=60)
        assert answer.status_code == 204, f"{name}: {answer.status_code} {answer.text[:200]}"


def test_no_log_repeats_what_was_sent(stack: Driver, seller: Seller) -> None:
    stack.raw("PATCH", "/oauth/mailbox", {"sharing": CANARY}, token=seller.token)
    stack.raw("GET", f"/proxy/messages?q={CANARY}", token=seller.token)

    logs = [file.read_text(encoding="utf-8", errors="replace") for file in stack.logs.iterdir()]

    assert any('"status": 422' in text for text in logs), "the control: refusals are logged"
    assert not any(CANARY in text for text in logs)


def test_a_policy_that_says_nothing_wipes_nothing(stack: Driver) -> None:
    admin = stack.token("admin")
    before = stack.call("GET", "/oauth/org", token=admin, expect=200)

    for body in (b"", b"{}"):
        assert is_problem(stack.raw("PUT", "/oauth/org", body, token=admin), 422)

    assert stack.call("GET", "/oauth/org", token=admin, expect=200) == before


def test_half_of_a_surrogate_pair_is_refused_wherever_text_goes(stack: Driver, seller: Seller) -> None:
    for body in (b'{"never_shared": ["a\\ud800@x.example"]}', b'{"sharing": "\\udfff"}'):
        answer = stack.raw("PATCH", "/oauth/mailbox", body, token=seller.token)
        assert is_problem(answer, 422)
        assert answer.json()["code"] == "invalid_json"


@pytest.mark.parametrize("since", ["2026", "-1", "1e3", "2026-11-28"])
def test_a_number_or_a_day_is_no_moment(since: str, stack: Driver, seller: Seller) -> None:
    assert is_problem(stack.raw("GET", f"/notify/notices?since={since}", token=seller.token), 422)
    assert is_problem(stack.raw("POST", "/labeler/undo", {"since": since}, token=seller.token), 422)
    good = stack.raw("GET", "/notify/notices?since=2026-01-01T00:00:00Z", token=seller.token)
    assert good.status_code == 200


def test_a_number_of_json_is_no_moment(stack: Driver, seller: Seller) -> None:
    assert is_problem(stack.raw("POST", "/labeler/undo", {"since": 2026}, token=seller.token), 422)


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00"])
def test_a_moment_that_is_outside_the_calendar_in_utc_is_refused(
    since: str, stack: Driver, seller: Seller
) -> None:
    body = {"since": since.replace("%2B", "+")}
    assert is_problem(stack.raw("GET", f"/notify/notices?since={since}", token=seller.token), 422)
    assert is_problem(stack.raw("POST", "/labeler/undo", body, token=seller.token), 422)


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"])
def test_the_first_and_the_last_moment_are_moments(since: str, stack: Driver, seller: Seller) -> None:
    assert stack.raw("GET", f"/notify/notices?since={since}", token=seller.token).status_code == 200
    assert stack.raw("POST", "/labeler/undo", {"since": since}, token=seller.token).status_code == 200


WITH_ID = tuple(route for route in GUARDED if "<" in route.path)


@pytest.mark.parametrize("identifier", ["__x__", "%2E%2E", "x" * 1600, "%C3%A9" * 800, "%00", "%ED%A0%80"])
def test_what_can_be_no_id_is_not_found_or_refused_on_every_route(
    identifier: str, stack: Driver, seller: Seller
) -> None:
    for route in WITH_ID:
        path = re.sub(r"<\w+>", identifier, route.path)
        token = stack.token("admin") if route.permission == "mail_admin" else seller.token
        body = b"{}" if route.method in ("POST", "PUT") else None
        answer = stack.raw(route.method, path, body, token=token)
        assert answer.status_code < 500, f"{route.method} {route.path}: {answer.text}"
