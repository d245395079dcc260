"""Signs a person in as an installed app does: the browser comes back to a port of this machine, with PKCE.

https://developers.google.com/identity/protocols/oauth2/native-app and RFC 8252. The tokens stay in memory, and are
revoked at the end.
"""

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from local.cli.fault import Fault

MAIL: Final = "https://mail.google.com/"
"""The one scope that may delete a mail for good: the run is to leave nothing behind."""
METADATA: Final = "https://www.googleapis.com/auth/gmail.metadata"
NARROW: Final = f"{METADATA} https://www.googleapis.com/auth/gmail.readonly"
"""What a second consent asks for, to see which of the two decides."""
PUBSUB: Final = "https://www.googleapis.com/auth/pubsub"
_WAIT_S: Final = 300.0
_STRAY_CALLS: Final = 20
_PAGE: Final = (
    b"<!doctype html><title>crm-gmail</title><p>You may close this page and go back to the terminal."
)


@dataclass(frozen=True)
class Client:
    """An OAuth client of type "Desktop app", as the console's JSON file describes it."""

    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str
    revoke_uri: str = "https://oauth2.googleapis.com/revoke"


@dataclass(frozen=True)
class Consent:
    """What a person has allowed: an access token, the scopes that Google says it has, and a refresh token."""

    token: str
    scopes: frozenset[str]
    refresh: str

    def in_full(self, asked: str) -> "Consent":
        """The same. Raises Fault where the person took the tick off one of the scopes asked for."""
        if not self.scopes >= set(asked.split()):
            raise Fault("Not all of what Google's page asks was allowed: run this again and tick every box.")
        return self


def read_client(file: Path) -> Client:
    """Raises Fault where the file is none of a desktop app."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))["installed"]
        return Client(*(str(told[name]) for name in ("client_id", "client_secret", "auth_uri", "token_uri")))
    except (OSError, ValueError, KeyError, TypeError):
        raise Fault(
            f"{file} is no file of a desktop app's OAuth client: make one of type Desktop app at "
            "https://console.cloud.google.com/auth/clients and download its JSON."
        ) from None


def sign_in(client: Client, scopes: str, show: Callable[[str], None], port: int = 0) -> Consent:
    """`show` gives the person the address to open. Raises Fault."""
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    with _Listener(("127.0.0.1", port), state) as listener:
        redirect = f"http://127.0.0.1:{listener.server_port}"
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": client.client_id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": scopes,
            "state": state,
            # Google gives an installed app a refresh token whatever it asks: this only says so.
            "access_type": "offline",
            # Its page also where the same was allowed before.
            "prompt": "consent",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        show(f"{client.auth_uri}?{urlencode(asked)}")
        code = listener.code()
    return _exchange(client, {"code": code, "code_verifier": verifier, "redirect_uri": redirect})


def renewed(client: Client, consent: Consent) -> Consent:
    """The same consent with a new access token, and the scopes that Google names now. Raises Fault."""
    return _ask_token(
        client, {"grant_type": "refresh_token", "refresh_token": consent.refresh}, consent.refresh
    )


def revoke(client: Client, consent: Consent) -> bool:
    """Ends it at Google; whether Google said so, also where it had ended with another token of the account."""
    try:
        # A run may outlive an access token, which Google then no longer takes; the refresh token would stay alive.
        _post(client.revoke_uri, {"token": consent.refresh or consent.token})
    except urllib.error.HTTPError as refusal:
        return refusal.code == 400 and b'"invalid_token"' in refusal.read()
    except OSError:
        return False
    return True


class _Listener(HTTPServer):
    """Takes the browser's way back. Only an answer with our own state counts; anything else is a stranger's."""

    timeout = _WAIT_S

    def __init__(self, address: tuple[str, int], state: str) -> None:
        super().__init__(address, _Handler)
        self.state = state
        self.answer: Mapping[str, str] | None = None
        self._in_time = True

    def handle_timeout(self) -> None:
        self._in_time = False

    def code(self) -> str:
        for _ in range(_STRAY_CALLS):
            self.handle_request()
            if self.answer is not None or not self._in_time:
                break
        if self.answer is None:
            raise Fault("Nobody came back from Google's page: run this again and allow what it asks.")
        if "code" not in self.answer:
            raise Fault("Google's page was answered with no: nothing was read or written.")
        return self.answer["code"]


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        told = dict(parse_qsl(urlsplit(self.path).query))
        ours = secrets.compare_digest(told.get("state", "").encode(), self.server.state.encode())
        if ours:
            self.server.answer = told
        self.send_response(200 if ours else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_PAGE if ours else b"")

    def log_message(self, format: str, *args: object) -> None:
        # The path holds the code.
        pass


def _exchange(client: Client, values: Mapping[str, str]) -> Consent:
    return _ask_token(client, {**values, "grant_type": "authorization_code"})


def _ask_token(client: Client, values: Mapping[str, str], refresh: str = "") -> Consent:
    who = {"client_id": client.client_id, "client_secret": client.client_secret}
    try:
        told = _post(client.token_uri, {**who, **values})
        scopes = frozenset(str(told["scope"]).split())
        return Consent(str(told["access_token"]), scopes, str(told.get("refresh_token", refresh)))
    except (OSError, ValueError, KeyError):
        raise Fault("Google gave no token: run this again.") from None


def _post(url: str, values: Mapping[str, str]) -> Any:
    request = urllib.request.Request(url, data=urlencode(values).encode())  # noqa: S310  from the client's own file
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read() or b"{}")
