"""Drives a running stack as the CRM's page and a person at Google's consent page would: over HTTP and nothing else."""

import base64
import html.parser
import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.e2e.data_sets import DOMAIN, SELLERS
from tests.local.waiting import until

TIMEOUT_S = 60
TICK_S = 320
"""A tick answers when its work is done, by itself after 300 s at the latest (local/gateway/ticks.py)."""


@dataclass(frozen=True)
class Seller:
    """A CRM user with a connected mailbox, seen from outside."""

    token: str
    email: str
    mailbox: str


class FirstForm(html.parser.HTMLParser):
    """The fields of a page's first form as they stand, ticked boxes included, buttons left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.choices: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        if tag != "input" or "name" not in values:
            return
        name, value, kind = values["name"], values.get("value", ""), values.get("type", "text")
        if kind in ("radio", "checkbox"):
            self.choices.setdefault(name, []).append(value)
        if kind not in ("radio", "checkbox") or "checked" in values:
            self.fields.append((name, value))


@dataclass
class Driver:
    """One stack. `port` is the gateway's, `told` the file with what it prints, `logs` the folder of its parts' logs,
    `start_work_s` what the processor did until it was ready.
    """

    port: int
    session: requests.Session = field(default_factory=requests.Session)
    logs: Path = Path()
    told: Path = Path()
    start_work_s: float = 0.0
    _unmet: Iterator[str] = field(default_factory=lambda: iter(SELLERS))

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def internal_url(self) -> str:
        """The gateway's internal port, where Pub/Sub's pushes come in."""
        gateway = json.loads((self.logs.parent / "gateway.json").read_text(encoding="utf-8"))
        return f"http://127.0.0.1:{gateway['internal_port']}"

    def push(self, entry_point: str, payload: bytes) -> requests.Response:
        """One push as Pub/Sub makes it, past Pub/Sub."""
        message = {"data": base64.b64encode(payload).decode(), "messageId": uuid.uuid4().hex}
        body: dict[str, Any] = {"message": message, "subscription": "projects/p/subscriptions/s"}
        return self.session.post(f"{self.internal_url}/{entry_point}", json=body, timeout=TIMEOUT_S)

    def connect_next(self, **settings: object) -> Seller:
        """Connects the mailbox of a user whom no test has met, with these settings."""
        name = self.next_name()
        token, email = self.token(name), f"{name}@{DOMAIN}"
        mailbox = self.connect(token, email)
        if settings:
            self.call("PATCH", "/oauth/mailbox", settings, token=token, expect=200)
        return Seller(token, email, str(mailbox["id"]))

    def next_name(self) -> str:
        """A CRM user whom no test has met."""
        name = next(self._unmet, None)
        assert name is not None, (
            f"the tests of one stack have met all {len(SELLERS)} (tests/e2e/data_sets.py)"
        )
        return name

    def token(self, user: str) -> str:
        return str(self.call("POST", "/crm/token", {"user": user}, expect=200)["token"])

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        expect: int | None = None,
    ) -> Any:
        """The JSON of one call (None for an empty answer); `expect` is the status it must have."""
        response = self.raw(method, path, body, token=token)
        if expect is not None:
            assert response.status_code == expect, (
                f"{method} {path}: {response.status_code} {response.text[:500]}"
            )
        return response.json() if response.content else None

    def raw(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        patience_s = TICK_S if path.startswith("/local/tick/") else TIMEOUT_S
        return self.session.request(method, self.url + path, data=data, headers=sent, timeout=patience_s)

    def when_free(self, method: str, path: str, body: object = None, *, token: str) -> requests.Response:
        """One call, made anew for as long as another job is at work on the mailbox."""
        answers: list[requests.Response] = []

        def is_free() -> bool:
            answers.append(self.raw(method, path, body, token=token))
            return answers[-1].status_code < 429 or answers[-1].json()["code"] != "mailbox_busy"

        until(is_free, f"{method} {path} finds the mailbox free")
        return answers[-1]

    def recount(self, token: str) -> None:
        """Proves the mailbox complete."""
        answer = self.when_free("POST", "/notify/completeness", {}, token=token)
        assert answer.status_code == 200, answer.text[:500]

    def mailboxes(self) -> list[dict[str, Any]]:
        """The organisation's mailboxes as its admin sees them."""
        token, cursor, found = self.token("admin"), "", []
        while cursor is not None:
            page = self.call("GET", f"/oauth/org/mailboxes?limit=100{cursor}", token=token, expect=200)
            found += page["items"]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return found

    def disconnect(self, mailbox: str) -> None:
        """By the admin; somebody may have before. Where a push is at work, an empty row stays until the sweep."""
        path = f"/oauth/org/mailboxes/{mailbox}?labels=keep"
        answer = self.when_free("DELETE", path, token=self.token("admin"))
        assert answer.status_code in (200, 404), f"{path}: {answer.status_code} {answer.text[:500]}"

    def consent(
        self, authorization_url: str, email: str, *, decision: str = "allow", untick: bool = False
    ) -> requests.Response:
        """What a person does in the popup: chooses the account, leaves the boxes, presses the button."""
        browser = requests.Session()
        page = browser.get(authorization_url, timeout=TIMEOUT_S)
        assert page.status_code == 200, page.text[:500]
        form = FirstForm(page.text)
        assert email in form.choices["email"], form.choices
        left_out = {"email", "scope"} if untick else {"email"}
        fields = [(name, value) for name, value in form.fields if name not in left_out]
        fields += [("email", email), ("decision", decision)]
        return browser.post(urljoin(page.url, form.action), data=fields, timeout=TIMEOUT_S)

    def connect(self, token: str, email: str, **body: object) -> dict[str, Any]:
        """Authenticate, consent, complete: the mailbox."""
        begun = self.call("POST", "/oauth/connections", body, token=token, expect=201)
        page = self.consent(begun["authorization_url"], email)
        assert page.status_code == 200, page.text[:500]
        found = re.search(r'"ticket": ?"([^"]+)"', page.text)
        assert found is not None, page.text[:500]
        mailbox = self.call(
            "POST", "/oauth/connections/complete", {"ticket": found[1]}, token=token, expect=201
        )
        return dict(mailbox)

    def deliver(self, to: str, sender: str, subject: str = "Hello", text: str = "Hello there.") -> str:
        """A new mail, as if it had just arrived: its Gmail id."""
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = to
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{time.monotonic_ns()}@mail.example>"
        mail.set_content(text)
        return self.deliver_raw(to, mail.as_bytes())

    def deliver_raw(self, to: str, raw: bytes) -> str:
        body = {"to": to, "raw": base64.urlsafe_b64encode(raw).decode()}
        answer = self.call("POST", "/local/deliver", body)
        return str(answer["id"])

    def stored(self) -> dict[str, Any]:
        """The store's documents by path, but for what was spent of Gmail's quota: a call that writes nothing may ask
        Gmail.
        """
        documents = self.call("GET", "/local/store", expect=200)["documents"]
        return {path: fields for path, fields in documents.items() if not path.startswith("quota_shards/")}

    def label_ids(self, seller: Seller, message_id: str) -> set[str]:
        """What labels a message carries, read through the product's own proxy: 20 units."""
        path = f"/proxy/mailboxes/{seller.mailbox}/messages/{message_id}"
        return set(self.call("GET", path, token=seller.token, expect=200)["labels"])
