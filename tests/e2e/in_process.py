"""The functions with their real adapters in one process: every call they cost can be counted exactly.

Pub/Sub alone is replaced: the tests hand its messages on themselves.
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from werkzeug.test import Client
from werkzeug.wrappers import Request

from functions.labeler import wiring as labeler_wiring
from functions.labeler.routes import ROUTES as LABELER_ROUTES
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from functions.notify import wiring as notify_wiring
from functions.notify.handle_push import handle_push, parse_gmail_push
from functions.notify.routes import ROUTES as NOTIFY_ROUTES
from functions.oauth import wiring as oauth_wiring
from functions.oauth.routes import ROUTES as OAUTH_ROUTES
from functions.proxy import wiring as proxy_wiring
from functions.proxy.routes import ROUTES as PROXY_ROUTES
from local.crm.models import Seed, User
from shared.log import Log
from shared.web import App
from shared.wiring import Common, CommonSettings
from tests.e2e.in_process_servers import CLIENT_ID, CRM_ISSUER, PROJECT, Servers, running_servers
from tests.fakes.publisher import FakePublisher
from tests.local.gmail.consent_form import click_through
from tests.local.gmail.running import mail
from tests.local.waiting import until

PUBLIC_URL = "http://localhost"


@dataclass(frozen=True)
class Cost:
    """What something cost. `requests` counts each part of a Gmail batch, `round_trips` the batch as one.

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


class House:
    """The four functions over running servers."""

    def __init__(self, servers: Servers, users: Mapping[str, User]) -> None:
        self.servers = servers
        self.common = Common(_settings(servers))
        self.common.log = Log(io.StringIO(), strict=True)
        self.publisher = FakePublisher()
        self.notify = notify_wiring.services(self.common)
        self.labeler = replace(labeler_wiring.services(self.common), publisher=self.publisher)
        self.oauth = self._client(OAUTH_ROUTES, oauth_wiring.services(self.common))
        self.proxy = self._client(PROXY_ROUTES, proxy_wiring.services(self.common))
        self.runs = self._client(LABELER_ROUTES, self.labeler)
        self.notices = self._client(NOTIFY_ROUTES, self.notify)
        self._users = users

    def cost_of(self, work: Callable[[], object]) -> Cost:
        """What `work` spends."""
        before = self._spent()
        work()
        return self._spent().since(before)

    def call(
        self, client: Client, method: str, path: str, user: str, body: object = None, *, key: str = ""
    ) -> Any:
        """The JSON of one call with a CRM token of `user`'s; it must succeed. `key` is its Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self.servers.signer.token_for(self._users[user])}"}
        headers |= {"Idempotency-Key": key} if key else {}
        answer = client.open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json

    def proxy_bytes(self, path: str, user: str) -> bytes:
        """The bytes of one GET of the proxy."""
        headers = {"Authorization": f"Bearer {self.servers.signer.token_for(self._users[user])}"}
        answer = self.proxy.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)

    def connect(self, user: str) -> str:
        """Authenticate, consent, complete: the mailbox's id."""
        begun = self.call(self.oauth, "POST", "/oauth/connections", user, {})
        started = self.oauth.get(begun["authorization_url"].removeprefix(PUBLIC_URL))
        consent = click_through(started.headers["Location"], self._users[user].email)
        answer = {"code": consent["code"], "state": consent["state"]}
        page = self.oauth.get("/oauth/callback", query_string=answer)
        ticket = re.search(r'"ticket": ?"([^"]+)"', page.text)
        assert ticket is not None, page.text
        completed = {"ticket": ticket[1]}
        return str(self.call(self.oauth, "POST", "/oauth/connections/complete", user, completed)["id"])

    def change(self, user: str, **settings: object) -> None:
        """Changes settings through the contract's call."""
        self.call(self.oauth, "PATCH", "/oauth/mailbox", user, settings)

    def deliver(self, user: str, *senders: str) -> list[str]:
        """A new mail from each sender: their ids. Gmail has published all its pushes when this returns."""
        owner, emulator = self._users[user].email, self.servers.emulator
        raws = [mail(f"Mail {at}", sender, owner) for at, sender in enumerate(senders)]
        ids = [str(emulator.boxes.sending.deliver(owner, raw).id) for raw in raws]
        until(lambda: emulator.pushes.state()["pending"] == 0, "all pushes are published")
        return ids

    def hand_on(self, push: bytes) -> Mapping[str, int]:
        """Gives one of Gmail's pushes to on_gmail_push."""
        return handle_push(parse_gmail_push(push), self.notify)

    def tick(self) -> list[Mapping[str, Any]]:
        """One run of the labeler: the tick, and each turn that it or a turn publishes. Answers the mailboxes' turns."""
        published = self.publisher.published
        at = len(published)
        start_run(self.labeler)
        summaries = []
        while at < len(published):
            topic, message = published[at]
            # Events are published on a topic of their own.
            if topic == self.labeler.label_topic:
                summaries.append(take_turn(message, self.labeler))
            at += 1
        return [summary for summary in summaries if "mailbox" in summary]

    def _spent(self) -> Cost:
        report = json.loads(urllib3.request("GET", f"{self.servers.gmail}/_emulator/quota").data)
        documents = self.common.documents
        return Cost(
            units=sum(user["units"] for user in report["users"].values()),
            requests=sum(user["requests"] for user in report["users"].values()),
            round_trips=sum(report["round_trips"].values()),
            token_calls=report["token_calls"],
            crm_calls=self.servers.crm_app.calls,
            reads=documents.reads,
            writes=documents.writes,
            published=len(self.publisher.published),
        )

    def _client(self, routes: Sequence[Any], services: Any) -> Client:
        common = self.common
        app: App[Any] = App(routes, services, common.crm_tokens, common.origins, common.log)
        return Client(Request.application(app.handle))


@contextmanager
def running_house(crm: Seed, folder: Path, at: datetime | None = None) -> Iterator[House]:
    """The functions and all that they speak to, until the block ends; `at` is the moment at which it begins."""
    with running_servers(crm, folder, at) as servers, pytest.MonkeyPatch.context() as patch:
        # Google's client reads the address from the environment, and from nowhere else.
        patch.setenv("FIRESTORE_EMULATOR_HOST", servers.firestore)
        yield House(servers, {user.id: user for user in crm.users})


def _settings(servers: Servers) -> CommonSettings:
    def secret(name: str) -> str:
        return f"projects/{PROJECT}/secrets/{name}"

    return CommonSettings(
        google_cloud_project=PROJECT,
        public_url=PUBLIC_URL,
        google_client_id=CLIENT_ID,
        google_client_secret=secret("client"),
        token_key_secret=secret("token-key"),
        cursor_key_secret=secret("cursor-key"),
        crm_issuer=CRM_ISSUER,
        crm_jwks_url=f"{servers.crm}/jwks.json",
        crm_connector_url=f"{servers.crm}/connector",
        crm_service_token_secret=secret("crm"),
        gmail_topic=f"projects/{PROJECT}/topics/gmail",
        label_topic=f"projects/{PROJECT}/topics/label-mailbox",
        secret_manager_endpoint=servers.secrets,
        gmail_api_root=f"{servers.gmail}/",
        google_authorization_url=f"{servers.gmail}/o/oauth2/v2/auth",
        google_token_url=f"{servers.gmail}/token",
        google_revoke_url=f"{servers.gmail}/revoke",
        google_jwks_url=f"{servers.gmail}/oauth2/v3/certs",
        google_issuer=servers.gmail,
        clock_file=str(servers.clock_file),
    )
