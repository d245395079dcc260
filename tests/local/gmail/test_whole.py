"""The Gmail API with the tokens of the emulator's own OAuth server."""

import json
from typing import Any
from urllib.parse import urlencode

from local.gmail.oauth_model import OAuthClient
from tests.local.gmail.consent_form import FORM, HTTP, click_through
from tests.local.gmail.running import ALICE, MODIFY, Running, deliver, mail, running, seed_of

CALLBACK = "http://localhost:8080/oauth/callback"
CLIENT = OAuthClient("crm", "hush", "CRM", frozenset({CALLBACK}))


def consent(gmail: Running, scope: str) -> dict[str, Any]:
    root = f"http://127.0.0.1:{gmail.port}"
    asked = {
        "client_id": "crm",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": scope,
        "state": "s",
        "access_type": "offline",
        "login_hint": ALICE,
    }
    code = click_through(f"{root}/o/oauth2/v2/auth?{urlencode(asked)}")["code"]
    exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    body = urlencode({**exchange, "client_id": "crm", "client_secret": "hush"})
    tokens: dict[str, Any] = json.loads(HTTP.request("POST", f"{root}/token", body=body, headers=FORM).data)
    return tokens


def test_a_token_from_the_consent_page_reads_mail_until_it_is_revoked() -> None:
    with running(seed_of(ALICE, clients=(CLIENT,)), tokens=None) as gmail:
        message_id = deliver(gmail, mail("consented"))["id"]
        token = consent(gmail, f"openid email {MODIFY}")["access_token"]
        path = f"/gmail/v1/users/{ALICE}/messages/{message_id}"
        before = gmail.request("GET", path, token=token)[0]
        too_much = gmail.request("DELETE", path, token=token)[0]
        gmail.control("POST", "faults", {"kind": "revoke", "match": "labels.list", "count": 1})
        revoked = [gmail.request("GET", "/gmail/v1/users/me/labels", token=token)[0] for _ in range(2)]
        report = gmail.control("GET", "quota")

    assert (before, too_much) == (200, 403)
    assert revoked == [401, 401]
    assert report["token_calls"] == 1
    assert report["users"][ALICE]["methods"] == {"messages.get": {"calls": 1, "units": 20}}
