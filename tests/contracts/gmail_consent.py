"""The OAuth story that both Gmail emulators are asked to tell, and an access token from each."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

import jwt
import urllib3

from tests.contracts.gmail_emulators import HTTP, Emulator
from tests.local.gmail.consent_form import FORM, read_forms, send

CALLBACK = "http://localhost:8080/oauth/callback"
CLIENT = {"client_id": "crm.apps.example", "client_secret": "GOCSPX-contract"}
CLIENT_SEED = {**CLIENT, "name": "The CRM", "redirect_uris": [CALLBACK]}
SCOPES = "openid email https://mail.google.com/"
VERIFIER = "verifier-" + "x" * 43


def _authorization_url(emulator: Emulator, **parameters: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    asked = {
        "client_id": CLIENT["client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": SCOPES,
        "state": "s-1",
        "access_type": "offline",
        "prompt": "consent",
        "nonce": "n-1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **parameters,
    }
    return emulator.endpoint("authorization_endpoint") + "?" + urlencode(asked)


def _allow(emulator: Emulator, email: str, **parameters: str) -> dict[str, str]:
    """The account allows everything: one form with all accounts (and buttons), or one form for each account."""
    forms = read_forms(_authorization_url(emulator, login_hint=email, **parameters))
    form = next(form for form in forms if form.values("email") == [email])
    return send(form, *(button for button in form.buttons if button == ("decision", "allow")))


def _token(emulator: Emulator, **values: str) -> urllib3.BaseHTTPResponse:
    body = urlencode({**CLIENT, **values})
    return HTTP.request("POST", emulator.endpoint("token_endpoint"), body=body, headers=FORM)


def _exchange(emulator: Emulator, code: str, **values: str) -> urllib3.BaseHTTPResponse:
    asked = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return _token(emulator, **{**asked, "code": code, **values})


def access_token(emulator: Emulator, email: str) -> str:
    """A live access token for all of Gmail."""
    answer = _exchange(emulator, _allow(emulator, email)["code"])
    assert answer.status == 200, answer.data
    return str(answer.json()["access_token"])


def consent(emulator: Emulator, email: str) -> dict[str, Any]:
    """Facts about consent, exchange and refresh."""
    answer = _allow(emulator, email)
    wrong_verifier = _refusal(_exchange(emulator, answer["code"], code_verifier="y" * 43))
    wrong_secret = _refusal(_exchange(emulator, answer["code"], client_secret="wrong"))
    tokens = _exchange(emulator, answer["code"]).json()
    refreshed = _token(emulator, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()
    facts = {
        "state": answer["state"],
        "token keys": sorted(tokens),
        "token type": tokens["token_type"],
        "expires_in": tokens["expires_in"],
        "scope": sorted(tokens["scope"].split()),
        "id token": _identity(emulator, tokens["id_token"], email),
        "refresh has no new refresh token": "refresh_token" not in refreshed,
        "refreshed token is another": refreshed["access_token"] != tokens["access_token"],
        "refreshed token works": _works(emulator, refreshed["access_token"]),
        "wrong verifier": wrong_verifier,
        "wrong secret": wrong_secret,
        "unknown grant type": _refusal(_token(emulator, grant_type="password")),
        "unknown code": _refusal(_exchange(emulator, "4/unknown")),
        "unknown refresh token": _refusal(_token(emulator, grant_type="refresh_token", refresh_token="1//x")),
        "unknown client": _page_status(emulator, client_id="unknown"),
        "unknown redirect URI": _page_status(emulator, redirect_uri="http://evil.example/"),
        "code used again": _refusal(_exchange(emulator, answer["code"])),
    }
    return {
        **facts,
        "after the code was used again": _works(emulator, tokens["access_token"]),
        "Gmail without a Gmail scope": _works(emulator, _signed_in_only(emulator, email)),
        **_after_revocation(emulator, email),
    }


def _after_revocation(emulator: Emulator, email: str) -> dict[str, Any]:
    tokens = _exchange(emulator, _allow(emulator, email)["code"]).json()
    url = emulator.endpoint("revocation_endpoint")
    body = urlencode({"token": tokens["refresh_token"]})
    revoked = HTTP.request("POST", url, body=body, headers=FORM).status
    again = _token(emulator, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    return {
        "revoke": revoked,
        "refresh after revocation": _refusal(again),
        "access after revocation of the refresh token": _works(emulator, tokens["access_token"]),
        "revoke again": HTTP.request("POST", url, body=body, headers=FORM).status,
        "an unknown access token works": _works(emulator, "ya29.unknown"),
    }


def _signed_in_only(emulator: Emulator, email: str) -> str:
    answer = _exchange(emulator, _allow(emulator, email, scope="openid email")["code"])
    return str(answer.json()["access_token"])


def _identity(emulator: Emulator, id_token: str, email: str) -> tuple[bool, bool, str]:
    key = jwt.PyJWKClient(emulator.endpoint("jwks_uri")).get_signing_key_from_jwt(id_token)
    claims = jwt.decode(
        id_token, key, ["RS256"], audience=CLIENT["client_id"], issuer=emulator.endpoint("issuer")
    )
    return claims["email"] == email, claims["email_verified"], claims["nonce"]


def _works(emulator: Emulator, token: str) -> bool:
    url = f"{emulator.url}/gmail/v1/users/me/labels"
    return HTTP.request("GET", url, headers={"Authorization": f"Bearer {token}"}).status == 200


def _refusal(answer: urllib3.BaseHTTPResponse) -> tuple[int, str]:
    return answer.status, answer.json()["error"]


def _page_status(emulator: Emulator, **parameters: str) -> int:
    return HTTP.request("GET", _authorization_url(emulator, **parameters), redirect=False).status
