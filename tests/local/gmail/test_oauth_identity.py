"""ID tokens, keys and what the server tells about an account."""

import time
from collections.abc import Iterator

import google.oauth2._client as google_auth_client
import jwt
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import id_token as google_id_token
from google.oauth2.credentials import Credentials

from local.gmail.oauth_identity import access_token_hash
from tests.local.gmail.oauth_server import CLIENT, Google, running_google


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    with running_google(tmp_path_factory.mktemp("oauth") / "clock") as server:
        yield server


def verified(google: Google, id_token: str) -> dict[str, object]:
    """The claims after the checks that a relying party makes (OpenID Connect Core section 3.1.3.7)."""
    configuration = google.get("/.well-known/openid-configuration").json()
    key = jwt.PyJWKClient(configuration["jwks_uri"]).get_signing_key_from_jwt(id_token)
    claims: dict[str, object] = jwt.decode(
        id_token, key, algorithms=["RS256"], audience=CLIENT["client_id"], issuer=configuration["issuer"]
    )
    return claims


def test_an_id_token_passes_the_checks_of_a_relying_party(google: Google) -> None:
    tokens = google.connect(scope="openid email profile", nonce="n-1")
    claims = verified(google, tokens["id_token"])

    assert claims["iss"] == google.url
    assert (claims["aud"], claims["azp"]) == (CLIENT["client_id"], CLIENT["client_id"])
    assert (claims["email"], claims["email_verified"]) == ("alice@lumen.example", True)
    assert (claims["name"], claims["given_name"], claims["family_name"]) == (
        "Alice Marchetti",
        "Alice",
        "Marchetti",
    )
    assert (claims["hd"], claims["nonce"]) == ("lumen.example", "n-1")
    assert claims["at_hash"] == access_token_hash(tokens["access_token"])


def test_the_hash_of_an_access_token_is_the_one_of_the_standards_example() -> None:
    # OpenID Connect Core 1.0, appendix A.3.
    assert access_token_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"


def test_googles_own_library_accepts_the_id_token(google: Google) -> None:
    tokens = google.connect(prompt="consent")
    certs = {key["kid"]: key for key in google.get("/oauth2/v3/certs").json()["keys"]}

    claims = google_id_token.verify_token(
        tokens["id_token"],
        Request(requests.Session()),
        audience=CLIENT["client_id"],
        certs_url=google.url + "/oauth2/v3/certs",
    )

    assert claims["email"] == "alice@lumen.example"
    assert jwt.get_unverified_header(tokens["id_token"])["kid"] in certs


def test_googles_own_library_refreshes_and_learns_that_a_grant_is_gone(google: Google) -> None:
    tokens = google.connect(prompt="consent")
    credentials = Credentials(  # type: ignore[no-untyped-call]
        token=None,
        refresh_token=tokens["refresh_token"],
        token_uri=google.url + "/token",
        client_id=CLIENT["client_id"],
        client_secret=CLIENT["client_secret"],
    )
    credentials.refresh(Request())  # type: ignore[no-untyped-call]
    assert google.userinfo_status(str(credentials.token)) == 200
    assert credentials.expiry is not None

    answer = google_auth_client.refresh_grant(  # type: ignore[no-untyped-call]
        Request(),
        google.url + "/token",
        tokens["refresh_token"],
        CLIENT["client_id"],
        CLIENT["client_secret"],
    )
    assert answer[0].startswith("ya29.")

    google.post("/revoke", {"token": tokens["refresh_token"]})
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(Request())  # type: ignore[no-untyped-call]


def test_the_subject_is_the_same_for_an_account_and_differs_between_accounts(google: Google) -> None:
    def subject(email: str) -> object:
        from tests.local.gmail.consent_form import click_through

        answer = click_through(google.authorization_url(), email=email)
        return verified(google, google.exchange(answer["code"]).json()["id_token"])["sub"]

    alice = subject("alice@lumen.example")
    assert alice == subject("alice@lumen.example")
    assert alice != subject("bob@lumen.example")
    assert len(str(alice)) == 21


def test_id_tokens_live_in_the_machines_time_while_the_local_clock_is_moved(google: Google) -> None:
    google.clock.advance(40 * 86400)
    try:
        claims = verified(google, google.connect()["id_token"])
    finally:
        google.clock.advance(-40 * 86400)

    assert abs(float(str(claims["iat"])) - time.time()) < 60
    assert float(str(claims["exp"])) - float(str(claims["iat"])) == 3600


def test_without_openid_there_is_no_id_token_and_without_email_no_address(google: Google) -> None:
    assert "id_token" not in google.connect(scope="email")
    assert "email" not in verified(google, google.connect(scope="openid")["id_token"])


def test_a_refresh_gives_an_id_token_without_the_nonce(google: Google) -> None:
    tokens = google.connect(prompt="consent", nonce="n-2")
    claims = verified(google, google.refresh(tokens["refresh_token"]).json()["id_token"])

    assert "nonce" not in claims


@pytest.mark.parametrize("path", ["/userinfo", "/oauth2/v3/userinfo"])
def test_userinfo_tells_what_the_scopes_allow(google: Google, path: str) -> None:
    full = google.connect(scope="openid email profile")["access_token"]
    bare = google.connect(scope="openid")["access_token"]

    told = google.get(path, Authorization=f"Bearer {full}").json()
    assert (told["email"], told["name"]) == ("alice@lumen.example", "Alice Marchetti")
    assert set(google.get(path, Authorization=f"Bearer {bare}").json()) == {"sub", "hd"}


def test_userinfo_without_a_live_token_is_unauthorized(google: Google) -> None:
    answer = google.get("/userinfo", Authorization="Bearer ya29.none")

    assert answer.status == 401
    assert answer.json() == {"error": "invalid_request", "error_description": "Invalid Credentials"}
    assert "WWW-Authenticate" in answer.headers


def test_tokeninfo_describes_live_tokens_only(google: Google) -> None:
    tokens = google.connect(prompt="consent")

    told = google.get(f"/tokeninfo?access_token={tokens['access_token']}").json()
    assert (told["aud"], told["access_type"]) == (CLIENT["client_id"], "offline")
    assert (told["email"], told["email_verified"]) == ("alice@lumen.example", "true")
    assert 3500 < int(told["expires_in"]) <= 3599
    told = google.get(f"/tokeninfo?id_token={tokens['id_token']}").json()
    assert told["email"] == "alice@lumen.example"
    forged = tokens["id_token"][:-8] + "AAAAAAAA"
    assert google.get(f"/tokeninfo?id_token={forged}").status == 400
    assert google.get("/tokeninfo?access_token=ya29.none").json()["error"] == "invalid_token"


def test_the_configuration_names_endpoints_that_answer(google: Google) -> None:
    configuration = google.get("/.well-known/openid-configuration").json()

    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint", "userinfo_endpoint"):
        path = configuration[name].removeprefix(google.url)
        assert google.post(path, {}).status in {400, 401}
