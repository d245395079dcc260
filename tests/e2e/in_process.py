"""The functions with their real adapters in this process, and the servers they speak to on threads of it.

Nothing is replaced but Pub/Sub, whose messages the tests hand on themselves: every cost can be counted exactly.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request

import functions.labeler.wiring
import functions.notify.wiring
import functions.oauth.wiring
import functions.proxy.wiring
from functions.labeler.label_mailbox import label_mailbox, parse_turn
from functions.labeler.start_run import start_run
from functions.notify.handle_push import handle_push, parse_gmail_push
from functions.oauth import routes as oauth_routes
from functions.proxy import routes as proxy_routes
from local import serve
from local.clock import LocalClock
from local.crm.app import CrmApp
from local.crm.models import Seed as CrmSeed
from local.crm.records import Records
from local.crm.tokens import TokenSigner
from local.firestore.server import FirestoreServer
from local.gmail.emulator import Emulator, build_emulator
from local.gmail.oauth_model import Account, OAuthClient
from local.gmail.quota import NO_LIMITS
from local.gmail.seed import Seed as GmailSeed
from local.grpc_server import GrpcServer
from local.secret_manager.seed import fill
from local.secret_manager.services import services as secret_services
from local.secret_manager.store import SecretStore
from shared.web import App
from shared.wiring import Common, CommonSettings
from tests.fakes.publisher import FakePublisher
from tests.local.gmail.consent_form import click_through
from tests.local.gmail.running import mail
from tests.local.waiting import until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PUBLIC_URL = "http://localhost"
CRM_ISSUER = "http://crm.example/crm"
GMAIL_TOPIC = "projects/p/topics/gmail"
SECRETS = {"client": b"GOCSPX-one", "token-key": b"k" * 32, "cursor-key": b"c" * 32, "crm": b"crm-token"}


@dataclass(frozen=True)
class Cost:
    """What a call cost. `requests` counts each part of a Gmail batch, `round_trips` the batch as one.

    `writes` are documents written or deleted; `published` are Pub/Sub messages of ours.
    """

    units: int = 0
    requests: int = 0
    round_trips: int = 0
    token_calls: int = 0
    crm_calls: int = 0
    reads: int = 0
    writes: int = 0
    published: int = 0

    def since(self, before: "Cost") -> "Cost":
        """What was spent between two readings."""
        return Cost(**{f.name: getattr(self, f.name) - getattr(before, f.name) for f in fields(self)})


class CountedCrm:
    """The demo CRM, counting the calls of its connector."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self.calls = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self.calls += str(environ["PATH_INFO"]).startswith("/crm/connector/")
        return self._app(environ, start_response)


class House:
    """All four functions. `pushes` are the payloads that Gmail has published, oldest first."""

    def __init__(
        self, common: Common, emulator: Emulator, crm: CountedCrm, clock: LocalClock, tokens: TokenSigner
    ) -> None:
        self.common = common
        self.emulator = emulator
        self.crm = crm
        self.clock = clock
        self.pushes: list[bytes] = []
        self.publisher = FakePublisher()
        self.notify = functions.notify.wiring.services(common)
        self.labeler = replace(functions.labeler.wiring.services(common), publisher=self.publisher)
        self._tokens = tokens
        self.oauth = self._client(oauth_routes.ROUTES, functions.oauth.wiring.services(common))
        self.proxy = self._client(proxy_routes.ROUTES, functions.proxy.wiring.services(common))

    def spent(self) -> Cost:
        """All that was spent since the start."""
        report: Mapping[str, Any] = self.emulator.quota.report()
        documents = self.common.documents
        return Cost(
            units=sum(user["units"] for user in report["users"].values()),
            requests=sum(user["requests"] for user in report["users"].values()),
            round_trips=sum(report["round_trips"].values()),
            token_calls=self.emulator_token_calls(),
            crm_calls=self.crm.calls,
            reads=documents.reads,
            writes=documents.writes,
            published=len(self.publisher.published),
        )

    def cost_of(self, work: Callable[[], object]) -> Cost:
        """What `work` spends."""
        before = self.spent()
        work()
        return self.spent().since(before)

    def call(self, client: Client, method: str, path: str, user: str, body: object = None) -> Any:
        """The JSON of one call with a CRM token of `user`'s; it must succeed."""
        token = self._tokens.token_for(USERS[user])
        answer = client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 300, answer.text
        return answer.json

    def connect(self, user: str) -> str:
        """Authenticate, consent, complete; the mailbox's id."""
        begun = self.call(self.oauth, "POST", "/oauth/connections", user, {})
        started = self.oauth.get(begun["authorization_url"].removeprefix(PUBLIC_URL))
        asked = click_through(started.headers["Location"], email_of(user))
        page = self.oauth.get("/oauth/callback", query_string={"code": asked["code"], "state": asked["state"]})
        ticket = re.search(r'"ticket": ?"([^"]+)"', page.text)
        assert ticket is not None, page.text
        completed = {"ticket": ticket[1]}
        return str(self.call(self.oauth, "POST", "/oauth/connections/complete", user, completed)["id"])

    def change(self, user: str, **settings: bool) -> None:
        """Changes settings through the contract's call."""
        self.call(self.oauth, "PATCH", "/oauth/mailbox", user, settings)

    def deliver(self, user: str, sender: str, count: int = 1) -> list[str]:
        """New mails from `sender`; their ids. Waits until Gmail has published what it has to say of them."""
        owner = email_of(user)
        raws = [mail(f"Mail {at}", sender, owner) for at in range(count)]
        ids = [self.emulator.boxes.sending.deliver(owner, raw).id for raw in raws]
        until(lambda: self.emulator.pushes.state()["pending"] == 0, "all pushes are published")
        return ids

    def push(self, payload: bytes) -> Mapping[str, int]:
        """Hands one of Gmail's pushes to on_gmail_push."""
        return handle_push(parse_gmail_push(payload), self.notify)

    def tick(self) -> list[Mapping[str, Any]]:
        """One run of the labeler: the tick, and a turn for each message that it publishes."""
        before = len(self.publisher.published)
        start_run(self.labeler)
        return [label_mailbox(parse_turn(m), self.labeler) for _, m in self.publisher.published[before:]]

    def emulator_token_calls(self) -> int:
        """Requests to Google's token endpoint since the start."""
        return int(self._token_calls())

    _token_calls: Callable[[], int] = staticmethod(lambda: 0)

    def _client(self, routes: Sequence[Any], services: Any) -> Client:
        app: App[Any] = App(routes, services, self.common.crm_tokens, self.common.origins, self.common.log)
        return Client(Request.application(app.handle))
