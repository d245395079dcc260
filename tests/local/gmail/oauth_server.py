"""An OAuth server on a port of its own, and a client of it that speaks over the wire."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from local.clock import LocalClock
from local.gmail.oauth import OAuthServer
from local.gmail.oauth_model import Account, OAuthClient
from local.gmail.oauth_store import OAuthStore
from local.serve import make
from tests.local.gmail.consent_form import FORM, HTTP, click_through

MODIFY = "https://www.googleapis.com/auth/gmail.modify"
SEND = "https://www.googleapis.com/auth/gmail.send"
SETTINGS = "https://www.googleapis.com/auth/gmail.settings.basic"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
CALLBACK = "http://localhost:8080/oauth/callback"
CLIENT = {"client_id": "crm.apps.example", "client_secret": "GOCSPX-one"}

ACCOUNTS = [
    Account("alice@lumen.example", "Alice Marchetti", "Alice", "Marchetti", hd="lumen.example"),
    Account("bob@lumen.example", "Bob <Achterberg>"),
]
CLIENTS = [
    OAuthClient("crm.apps.example", "GOCSPX-one", "The CRM", frozenset({CALLBACK})),
    OAuthClient("other.apps.example", "GOCSPX-two", "Another", frozenset({CALLBACK, f"{CALLBACK}?tenant=7"})),
]


class Google:
    """What a client knows of the server: its URL. `server` and `clock` are for tests that look behind it."""

    def __init__(self, url: str, server: OAuthServer, clock: LocalClock) -> None:
        self.url = url
        self.server = server
        self.clock = clock

    def authorization_url(self, **parameters: str) -> str:
        """The URL of the consent page for the CRM's client; parameters set to "" are left out."""
        asked = {
            "client_id": CLIENT["client_id"],
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": f"openid email {MODIFY} {SEND}",
            "state": "s-1",
            "access_type": "offline",
            **parameters,
        }
        return f"{self.url}/o/oauth2/v2/auth?" + urlencode({k: v for k, v in asked.items() if v})

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return HTTP.request("GET", self.url + path, headers=headers, redirect=False)

    def post(self, path: str, values: dict[str, str], **headers: str) -> urllib3.BaseHTTPResponse:
        body = urlencode(values)
        return HTTP.request("POST", self.url + path, body=body, headers={**FORM, **headers}, redirect=False)

    def command(self, path: str, user: str) -> Any:
        return HTTP.request("POST", self.url + path, json={"user": user}).json()

    def exchange(self, code: str, **values: str) -> urllib3.BaseHTTPResponse:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **CLIENT}
        return self.post("/token", {**asked, **values})

    def refresh(self, token: str, **values: str) -> urllib3.BaseHTTPResponse:
        asked = {"grant_type": "refresh_token", "refresh_token": token, **CLIENT}
        return self.post("/token", {**asked, **values})

    def connect(self, **parameters: str) -> dict[str, Any]:
        """The token response after allowing everything."""
        answer = self.exchange(click_through(self.authorization_url(**parameters))["code"])
        assert answer.status == 200, answer.data
        tokens: dict[str, Any] = json.loads(answer.data)
        return tokens

    def userinfo_status(self, access_token: str) -> int:
        return self.get("/oauth2/v3/userinfo", Authorization=f"Bearer {access_token}").status


@contextmanager
def running_google(clock_file: Path, store_file: Path | None = None) -> Iterator[Google]:
    """A server that is up until the block ends."""
    clock = LocalClock(clock_file)
    store = OAuthStore(store_file)
    server = OAuthServer(ACCOUNTS, CLIENTS, clock, store)
    http = make(server, 0)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Google(f"http://localhost:{http.server_port}", server, clock)
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)
        store.close()
