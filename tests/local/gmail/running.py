"""A running emulator for tests, and Google's own client pointed at it."""

import base64
import functools
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from werkzeug.serving import BaseWSGIServer

from local import serve
from local.gmail.discovery import document
from local.gmail.emulator import Emulator, build_emulator
from local.gmail.errors import unauthenticated
from local.gmail.oauth_model import AccessGrant, Account
from local.gmail.quota import NO_LIMITS
from local.gmail.seed import Seed

FULL = "https://mail.google.com/"
MODIFY = "https://www.googleapis.com/auth/gmail.modify"
READONLY = "https://www.googleapis.com/auth/gmail.readonly"
METADATA = "https://www.googleapis.com/auth/gmail.metadata"
SEND = "https://www.googleapis.com/auth/gmail.send"
ALICE, BOB = "alice@example.com", "bob@example.com"


class KnownTokens:
    """Access tokens made by hand: the OAuth server has tests of its own."""

    def __init__(self) -> None:
        self._grants: dict[str, AccessGrant] = {}

    def grant(self, email: str, *scopes: str) -> str:
        token = f"token-{len(self._grants)}"
        self._grants[token] = AccessGrant(email, frozenset(scopes), "client")
        return token

    def authenticate(self, bearer: str | None) -> AccessGrant:
        if bearer not in self._grants:
            raise unauthenticated()
        return self._grants[bearer]

    def revoke_account(self, email: str) -> int:
        gone = [token for token, grant in self._grants.items() if grant.email == email]
        for token in gone:
            del self._grants[token]
        return len(gone)


@functools.cache
def _discovery_text() -> str:
    return json.dumps(document())


@dataclass
class Running:
    """An emulator on a port of its own."""

    emulator: Emulator
    server: BaseWSGIServer
    tokens: KnownTokens = field(default_factory=KnownTokens)
    _users: dict[tuple[int, str, tuple[str, ...]], Any] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    def client(self, email: str = ALICE, *scopes: str) -> Any:
        """Google's client for an account. A transport of its own: httplib2 is not thread-safe."""
        described = _discovery_text().replace(
            "https://gmail.googleapis.com/", f"http://127.0.0.1:{self.port}/"
        )
        make_credentials: Any = Credentials
        credentials = make_credentials(self.tokens.grant(email, *(scopes or (FULL,))))
        return build_from_document(described, credentials=credentials)

    def users(self, email: str = ALICE, *scopes: str) -> Any:
        """The same client's `users()`, made once per thread, account and scopes."""
        key = (threading.get_ident(), email, scopes)
        if key not in self._users:
            self._users[key] = self.client(email, *scopes).users()
        return self._users[key]

    def request(
        self, method: str, path: str, body: object = None, *, token: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """A plain HTTP request: status, headers by lower-case name, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, content, sent)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, answer

    def control(self, method: str, path: str, body: object = None) -> Any:
        status, _, answer = self.request(method, f"/_emulator/{path}", body)
        assert status < 300, answer
        return json.loads(answer) if answer else None


def seed_of(*emails: str, **more: Any) -> Seed:
    accounts = tuple(Account(email, email.partition("@")[0].title()) for email in emails)
    return Seed(Path(), accounts, **more)


@contextmanager
def running(seed: Seed | None = None, **options: Any) -> Iterator[Running]:
    tokens = KnownTokens()
    options = {"limits": NO_LIMITS, "tokens": tokens, **options}
    emulator = build_emulator(seed or seed_of(ALICE, BOB), **options)
    server = serve.make(emulator.app, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Running(emulator, server, tokens)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        emulator.close()


def mail(
    subject: str = "Hello",
    sender: str = "carol@customer.test",
    to: str = ALICE,
    body: str = "Hi",
    **headers: str,
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def raw(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def deliver(server: Running, content: bytes, to: str = ALICE) -> dict[str, str]:
    delivered: dict[str, str] = server.control("POST", "deliver", {"to": to, "raw": raw(content)})
    return delivered


def reason(error: Any) -> tuple[int, str]:
    """Status and reason of a googleapiclient HttpError."""
    body = json.loads(error.value.content)["error"]
    return int(error.value.resp.status), str(body["errors"][0]["reason"])
