"""The token endpoint and the life of what it gives out."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from local.gmail.errors import GoogleError
from tests.local.gmail.consent_form import click_through
from tests.local.gmail.oauth_server import (
    CALLBACK,
    CLIENT,
    EMAIL,
    MODIFY,
    SEND,
    SETTINGS,
    Google,
    running_google,
)

VERIFIER = "verifier-" + "x" * 43
S256 = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Google]:
    with running_google(tmp_path / "clock") as server:
        yield server


def code(google: Google, **parameters: str) -> str:
    return click_through(google.authorization_url(**parameters))["code"]


def error(answer: urllib3.BaseHTTPResponse) -> tuple[int, str]:
    return answer.status, answer.json()["error"]


def test_a_code_gives_tokens_in_googles_shape(google: Google) -> None:
    answer = google.exchange(code(google))
    tokens = answer.json()

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(tokens) == {"access_token", "expires_in", "refresh_token", "scope", "token_type", "id_token"}
    assert tokens["access_token"].startswith("ya29.")
    assert tokens["refresh_token"].startswith("1//")
    assert (tokens["expires_in"], tokens["token_type"]) == (3599, "Bearer")
    assert set(tokens["scope"].split()) == {"openid", EMAIL, MODIFY, SEND}


def test_an_access_token_stands_for_account_scopes_and_client(google: Google) -> None:
    grant = google.server.tokens.authenticate(google.connect()["access_token"])

    assert (grant.email, grant.client_id) == ("alice@lumen.example", CLIENT["client_id"])
    assert grant.scopes == {"openid", EMAIL, MODIFY, SEND}


@pytest.mark.parametrize("bearer", [None, "", "ya29.unknown"])
def test_a_missing_or_unknown_access_token_is_unauthenticated(google: Google, bearer: str | None) -> None:
    with pytest.raises(GoogleError) as refusal:
        google.server.tokens.authenticate(bearer)

    assert (refusal.value.code, refusal.value.status) == (401, "UNAUTHENTICATED")
    assert "WWW-Authenticate" in refusal.value.headers()


def test_a_refresh_token_is_no_access_token(google: Google) -> None:
    with pytest.raises(GoogleError):
        google.server.tokens.authenticate(google.connect()["refresh_token"])


def test_an_access_token_is_no_refresh_token(google: Google) -> None:
    assert error(google.refresh(google.connect()["access_token"])) == (400, "invalid_grant")


def test_an_access_token_ends_with_the_local_clock_and_a_refresh_gives_a_new_one(google: Google) -> None:
    tokens = google.connect()
    # Between two calls a busy machine may let some seconds pass.
    google.clock.advance(3599 - 60)
    assert google.userinfo_status(tokens["access_token"]) == 200
    google.clock.advance(60)
    assert google.userinfo_status(tokens["access_token"]) == 401

    renewed = google.refresh(tokens["refresh_token"]).json()

    assert "refresh_token" not in renewed
    assert renewed["scope"] == tokens["scope"]
    assert google.userinfo_status(renewed["access_token"]) == 200


def test_a_code_ends_after_ten_minutes(google: Google) -> None:
    value = code(google)
    google.clock.advance(600)

    assert error(google.exchange(value)) == (400, "invalid_grant")


def test_a_code_used_again_is_refused_and_ends_what_came_from_it(google: Google) -> None:
    value = code(google)
    tokens = google.exchange(value).json()

    assert error(google.exchange(value)) == (400, "invalid_grant")
    assert google.userinfo_status(tokens["access_token"]) == 401
    assert error(google.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


def test_of_several_exchanges_at_once_one_gets_tokens_and_the_others_end_them(google: Google) -> None:
    value = code(google)
    answers: list[urllib3.BaseHTTPResponse] = []
    threads = [threading.Thread(target=lambda: answers.append(google.exchange(value))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400, 400]
    tokens = next(answer.json() for answer in answers if answer.status == 200)
    assert google.userinfo_status(tokens["access_token"]) == 401


@pytest.mark.parametrize(("method", "challenge"), [("S256", S256), ("plain", VERIFIER), ("", VERIFIER)])
def test_a_code_with_a_challenge_needs_its_verifier(google: Google, method: str, challenge: str) -> None:
    value = code(google, code_challenge=challenge, code_challenge_method=method)

    assert error(google.exchange(value)) == (400, "invalid_grant")
    assert error(google.exchange(value, code_verifier="y" * 43)) == (400, "invalid_grant")
    assert google.exchange(value, code_verifier=VERIFIER).status == 200


def test_a_verifier_without_a_challenge_is_refused(google: Google) -> None:
    assert error(google.exchange(code(google), code_verifier=VERIFIER)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "unknown"}, (401, "invalid_client")),
        ({"redirect_uri": CALLBACK + "/"}, (400, "redirect_uri_mismatch")),
        ({"redirect_uri": ""}, (400, "redirect_uri_mismatch")),
        ({"code": "4/unknown"}, (400, "invalid_grant")),
        ({"code": ""}, (400, "invalid_request")),
        ({"grant_type": ""}, (400, "invalid_request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"client_id": "other.apps.example", "client_secret": "GOCSPX-two"}, (400, "invalid_grant")),
    ],
)
def test_a_faulty_exchange_is_refused_and_leaves_the_code_good(
    google: Google, changed: dict[str, str], expected: tuple[int, str]
) -> None:
    value = code(google)
    refusal = google.exchange(**{"code": value, **changed})

    assert error(refusal) == expected
    assert refusal.json()["error_description"]
    assert google.exchange(value).status == 200


def test_the_client_may_authenticate_by_http_basic(google: Google) -> None:
    asked = {"grant_type": "authorization_code", "code": code(google), "redirect_uri": CALLBACK}

    def basic(secret: str) -> str:
        return "Basic " + base64.b64encode(f"{CLIENT['client_id']}:{secret}".encode()).decode()

    refused = google.post("/token", asked, Authorization=basic("wrong"))
    accepted = google.post("/token", asked, Authorization=basic(CLIENT["client_secret"]))
    assert (refused.status, accepted.status) == (401, 200)
    assert google.post("/token", asked, Authorization="Basic %%%").status == 401


def test_a_refresh_token_comes_with_the_first_offline_consent_and_with_a_new_one(google: Google) -> None:
    assert "refresh_token" not in google.connect(access_type="online")
    assert "refresh_token" in google.connect()
    assert "refresh_token" not in google.connect()
    assert "refresh_token" in google.connect(prompt="consent")
    assert "refresh_token" in google.connect(scope=f"openid {SETTINGS}")


def test_granted_scopes_are_included_only_where_asked_for(google: Google) -> None:
    google.connect(scope=f"openid {MODIFY}")

    alone = google.connect(scope=SETTINGS)["scope"]
    merged = google.connect(scope=SETTINGS, include_granted_scopes="true")["scope"]

    assert set(alone.split()) == {SETTINGS}
    assert set(merged.split()) == {"openid", MODIFY, SETTINGS}


def test_a_refresh_may_narrow_the_scopes_but_not_widen_them(google: Google) -> None:
    refresh_token = google.connect(scope=f"{MODIFY} {SEND}")["refresh_token"]

    assert google.refresh(refresh_token, scope=SEND).json()["scope"] == SEND
    assert error(google.refresh(refresh_token, scope=SETTINGS)) == (400, "invalid_scope")


def test_a_refresh_token_belongs_to_its_client(google: Google) -> None:
    refresh_token = google.connect()["refresh_token"]
    other = {"client_id": "other.apps.example", "client_secret": "GOCSPX-two"}

    assert error(google.refresh(refresh_token, **other)) == (400, "invalid_grant")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("place", ["form", "query"])
def test_revoking_one_token_ends_the_clients_access_to_the_account(
    google: Google, which: str, place: str
) -> None:
    earlier = google.connect()
    tokens = google.connect(prompt="consent")
    bobs = google.exchange(
        click_through(google.authorization_url(), email="bob@lumen.example")["code"]
    ).json()

    token = {"token": tokens[which]}
    answer = (
        google.post("/revoke", token)
        if place == "form"
        else google.post(f"/revoke?token={token['token']}", {})
    )

    assert answer.status == 200
    for dead in (tokens, earlier):
        assert google.userinfo_status(dead["access_token"]) == 401
        assert error(google.refresh(dead["refresh_token"])) == (400, "invalid_grant")
    assert error(google.post("/revoke", token)) == (400, "invalid_token")
    assert google.refresh(bobs["refresh_token"]).status == 200


def test_an_expired_access_token_revokes_nothing(google: Google) -> None:
    tokens = google.connect()
    google.clock.advance(3600)

    assert error(google.post("/revoke", {"token": tokens["access_token"]})) == (400, "invalid_token")
    assert google.refresh(tokens["refresh_token"]).status == 200
    assert google.post("/revoke", {"token": tokens["refresh_token"]}).status == 200


def test_after_a_revocation_the_next_consent_is_a_first_one(google: Google) -> None:
    google.post("/revoke", {"token": google.connect()["access_token"]})

    assert "refresh_token" in google.connect()


def test_the_oldest_of_more_than_a_hundred_refresh_tokens_dies_silently(google: Google) -> None:
    oldest = google.connect()["refresh_token"]
    second = google.connect(prompt="consent")["refresh_token"]
    for _ in range(98):
        google.connect(prompt="consent")
    assert google.refresh(oldest).status == 200

    google.connect(prompt="consent")

    assert error(google.refresh(oldest)) == (400, "invalid_grant")
    assert google.refresh(second).status == 200


def test_a_refresh_token_unused_for_six_months_is_dead(google: Google) -> None:
    used, unused = google.connect()["refresh_token"], google.connect(prompt="consent")["refresh_token"]
    google.clock.advance(100 * 86400)
    assert google.refresh(used).status == 200
    google.clock.advance(100 * 86400)

    assert google.refresh(used).status == 200
    assert error(google.refresh(unused)) == (400, "invalid_grant")


def test_a_users_tokens_expire_and_are_revoked_on_command(google: Google) -> None:
    tokens = google.connect()

    assert google.command("/_emulator/tokens/expire", "alice@lumen.example") == {"expired": 1}
    assert google.userinfo_status(tokens["access_token"]) == 401
    assert google.refresh(tokens["refresh_token"]).status == 200
    assert google.command("/_emulator/tokens/revoke", "Alice@lumen.example")["revoked"] == 3
    assert error(google.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


@pytest.mark.parametrize(("body", "status"), [(b"{}", 400), (b"no", 400), (b'{"user": "nobody"}', 404)])
def test_a_command_without_a_seeded_user_is_refused(google: Google, body: bytes, status: int) -> None:
    from tests.local.gmail.consent_form import HTTP

    answer = HTTP.request("POST", google.url + "/_emulator/tokens/revoke", body=body)
    assert answer.status == status


def test_every_request_to_the_token_endpoint_is_counted(google: Google) -> None:
    tokens = google.connect()
    google.refresh(tokens["refresh_token"])
    google.refresh("1//unknown")

    assert google.server.token_calls == 3


def test_tokens_outlive_a_restart_and_the_file_holds_none_of_them(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    with running_google(tmp_path / "clock", file) as google:
        value = code(google)
        tokens = google.exchange(value).json()
    with running_google(tmp_path / "clock", file) as google:
        assert google.refresh(tokens["refresh_token"]).status == 200
        assert google.userinfo_status(tokens["access_token"]) == 200

    stored = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"alice@lumen.example" in stored
    for secret in (value, tokens["access_token"], tokens["refresh_token"]):
        assert secret.encode() not in stored


def test_nothing_secret_is_printed(google: Google, capfd: pytest.CaptureFixture[str]) -> None:
    tokens = google.connect()
    google.refresh(tokens["refresh_token"])
    google.post("/revoke", {"token": tokens["access_token"]})

    output = "".join(capfd.readouterr())
    assert not any(secret in output for secret in (tokens["access_token"], tokens["refresh_token"], "4/"))


def test_a_wrong_method_or_path_is_refused(google: Google) -> None:
    assert google.get("/token").status == 405
    assert google.get("/oauth2/v9/anything").status == 404
    assert json.loads(google.get("/oauth2/v3/certs").data)["keys"]
