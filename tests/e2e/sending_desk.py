"""A seller's mailbox from which mail is sent while Gmail and our own process fail on command."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import urllib3
from werkzeug.test import Client
from werkzeug.wrappers import Request

from functions.proxy import wiring
from functions.proxy.routes import ROUTES
from functions.proxy.services import Services
from local.crm.models import Seed
from shared.adapters.gmail_opener import GrantedGmail
from shared.adapters.http_pool import HttpPool
from shared.domain.sending import CLAIM
from shared.web import App
from tests.e2e.in_process import House, running_house

IMPATIENT = urllib3.Timeout(connect=2.0, read=1.5)
"""The product waits 25 s for Gmail; the tests do not."""
CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": "ana", "name": "Ana", "email": "ana@acme.example", "permissions": ["mail_integration"]},
            {"id": "ben", "name": "Ben", "email": "ben@acme.example", "permissions": ["mail_integration"]},
        ],
        "contacts": [{"id": "won", "name": "Won", "addresses": ["won@client.example"], "deals": []}],
    }
)


class Killed(BaseException):
    """The process died here: nothing after this line runs, no handler, no clean-up."""


class Dying:
    """Passes calls on until the `at`th of them, and dies before or after that one is carried out."""

    def __init__(self, at: int, after: bool) -> None:
        self._calls = count(1)
        self._at = at
        self._after = after
        self.died_at = ""

    def wrap(self, target: Any) -> Any:
        """`target` with each of its methods counted."""
        return _Wrapped(target, self)

    def call(self, name: str, method: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        here = next(self._calls) == self._at
        if here and not self._after:
            self.died_at = f"before {name}"
            raise Killed
        answer = method(*args, **kwargs)
        if here:
            self.died_at = f"after {name}"
            raise Killed
        return answer


class _Wrapped:
    def __init__(self, target: Any, dying: Dying) -> None:
        self._target = target
        self._dying = dying

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)
        return lambda *args, **kwargs: self._dying.call(name, method, args, kwargs)


class _DyingOpener:
    def __init__(self, opener: Any, dying: Dying) -> None:
        self._opener = opener
        self._dying = dying

    def open(self, mailbox: Any) -> Any:
        return self._dying.wrap(self._opener.open(mailbox))


@dataclass
class Desk:
    """Ana's mailbox. Each mail has a subject of its own, by which its copies are counted."""

    house: House
    mailbox: str
    services: Services
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def letter(self) -> tuple[str, dict[str, Any]]:
        """A key that was never used and a mail to a contact."""
        number = next(self._numbers)
        body = {"to": ["won@client.example"], "subject": f"Letter {number}", "text": "Dear Won"}
        return f"key-{number:08}", body

    def send(self, key: str, body: Mapping[str, Any], services: Services | None = None) -> tuple[int, Any]:
        """The status and JSON of one POST /proxy/messages."""
        return self.call("POST", "/proxy/messages", body, key=key, services=services)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        services: Services | None = None,
        user: str = "ana",
    ) -> tuple[int, Any]:
        common = self.house.common
        app: App[Any] = App(ROUTES, services or self.services, common.crm_tokens, common.origins, common.log)
        token = self.house.servers.signer.token_for(next(row for row in CRM.users if row.id == user))
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        answer = Client(Request.application(app.handle)).open(path, method=method, json=body, headers=headers)
        return answer.status_code, answer.json if answer.data else None

    def copies(self, subject: str) -> Mapping[str, list[str]]:
        """What lies in the mailbox under this subject: ids under SENT, and under DRAFT."""
        url = f"{self.house.servers.gmail}/_emulator/messages?user=ana@acme.example"
        rows = json.loads(urllib3.request("GET", url).data)
        return {
            label: [row["id"] for row in rows if row["subject"] == subject and label in row["labelIds"]]
            for label in ("SENT", "DRAFT")
        }

    def dying(self, dying: Dying) -> Services:
        """The services of a process that dies."""
        opener: Any = _DyingOpener(self.services.gmail, dying)
        return replace(self.services, gmail=opener, sends=dying.wrap(self.services.sends))

    @contextmanager
    def fault(self, match: str, kind: str, **more: Any) -> Iterator[None]:
        """Gmail misbehaves until the block ends."""
        url = f"{self.house.servers.gmail}/_emulator/faults"
        order = {"match": match, "kind": kind, **more}
        answer = urllib3.request("POST", url, json=order)
        assert answer.status < 300, answer.data
        try:
            yield
        finally:
            urllib3.request("DELETE", url)

    def later(self, seconds: float = CLAIM.total_seconds() + 1) -> None:
        """Time passes; by default enough for the claim of a dead process to end."""
        self.house.servers.clock.advance(seconds)


@contextmanager
def running_desk(folder: Path) -> Iterator[Desk]:
    """A house in which Ana is connected and Gmail is not waited for long."""
    with running_house(CRM, folder) as house:
        mailbox = house.connect("ana")
        common = house.common
        opener = GrantedGmail(
            HttpPool(timeout=IMPATIENT),
            common.settings.gmail_api_root,
            common.grants,
            common.cipher,
            common.consent,
            common.clock,
            lambda mailbox, scopes: None,
        )
        yield Desk(house, mailbox, replace(wiring.services(common), gmail=opener))
