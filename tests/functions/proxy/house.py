"""The proxy's HTTP surface over fakes: one organisation, Alice with a mailbox, Bob with another."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from functions.proxy.routes import ROUTES
from functions.proxy.services import Services
from shared.adapters.safe_html import clean_html
from shared.domain.caller import Caller
from shared.domain.contact import Contact, Deal
from shared.domain.mailbox import Mailbox
from shared.domain.paging import Cursors
from shared.errors import NotAuthenticated
from shared.log import Log
from shared.ports.connector import SharingConnector
from shared.ports.gmail import SendingOpener
from shared.ports.mailboxes import MailboxStore
from shared.usecases.shared_mail import SharingServices
from shared.web import App
from tests.fakes.proxy_fakes import (
    NOON,
    FakeContacts,
    FakeGmail,
    FakeMailboxes,
    FakeOpener,
    FixedClock,
    caller,
    letter,
    mail_of,
    mailbox_of,
)
from tests.fakes.sends import FakeSends
from tests.fakes.sharing_stores import FakeAudit, FakeShares
from tests.fakes.stores import FakeOrgs

ANA = Contact(
    "c1", "Ana Client", "contact", ("ana@client.example", "ana@home.example"),
    (Deal("d1", "Roof", "open", date(2026, 11, 30), 1200.0), Deal("d2", "Wall", "lost")),
)  # fmt: skip
LEAD = Contact("c2", "No Address", "lead", ())


class _AnyOrigin:
    def allows(self, origin: str, org: str | None) -> bool:
        return False

    def may_ask(self, origin: str) -> bool:
        return False


def _authenticate(authorization: str | None) -> Caller:
    if not authorization:
        raise NotAuthenticated("This call needs a CRM token.")
    user, _, org = authorization.removeprefix("Bearer ").partition("@")
    return caller(user, org or "acme")


@dataclass
class House:
    """What a test looks into: Alice's and Bob's Gmail, the rows, and all that was logged."""

    alice: Mailbox = field(default_factory=lambda: mailbox_of(caller("alice")))
    bob: Mailbox = field(default_factory=lambda: mailbox_of(caller("bob")))
    gmail: FakeGmail = field(default_factory=FakeGmail)
    bobs: FakeGmail = field(default_factory=FakeGmail)
    log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.mailboxes = FakeMailboxes({self.alice.id: self.alice, self.bob.id: self.bob})
        self.opener = FakeOpener({self.alice.id: self.gmail, self.bob.id: self.bobs})
        self.contacts = FakeContacts({"c1": ANA, "c2": LEAD})
        self.audit = FakeAudit()
        self.shares = FakeShares(self.audit)
        self.orgs = FakeOrgs()
        clock = FixedClock()
        sharing = SharingServices(
            cast(MailboxStore, self.mailboxes),
            self.orgs,
            self.shares,
            cast(SharingConnector, self.contacts),
            self.audit,
            clock,
        )
        services = Services(
            mailboxes=cast(MailboxStore, self.mailboxes),
            gmail=cast(SendingOpener, self.opener),
            contacts=self.contacts,
            cursors=Cursors(lambda: b"k" * 32),
            clean_html=clean_html,
            sends=FakeSends(),
            sharing=sharing,
            clock=clock,
            log=Log(self.log, strict=True),
        )
        app = App(ROUTES, services, _authenticate, _AnyOrigin(), services.log)
        self._client = Client(Request.application(app.handle))

    def get(self, path: str, user: str | None = "alice", **query: Any) -> TestResponse:
        """A GET with a CRM token of `user`'s."""
        return self._client.get(path, query_string=query, headers=_token(user))

    def post(self, path: str, body: Any, user: str | None = "alice") -> TestResponse:
        """A POST with a JSON body."""
        return self._client.post(path, json=body, headers=_token(user))

    def receive(
        self, count: int, sender: str = "ana@client.example", prefix: str = "m", apart_s: int = 60
    ) -> None:
        """Puts `count` mails into Alice's mailbox, the last of them the oldest."""
        for at in range(count):
            raw = letter(sender, Message_ID=f"<{prefix}{at}@client.example>", Subject=f"Mail {at}")
            self.gmail.mails.append(
                mail_of(raw, f"{prefix}{at}", ("INBOX",), NOON - timedelta(seconds=apart_s * at))
            )


def _token(user: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {user}"} if user else {}
