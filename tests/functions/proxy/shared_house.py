"""The proxy's HTTP surface over one case of the sharing matrix: Olga's mailbox with one message, and one viewer."""

import io
from dataclasses import dataclass, field, replace
from typing import Any, cast

from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from functions.proxy.routes import ROUTES
from functions.proxy.services import Services
from shared.adapters.safe_html import clean_html
from shared.domain.caller import Caller
from shared.domain.mailbox import Mailbox, mailbox_id
from shared.domain.paging import Cursors
from shared.domain.share import Share
from shared.log import Log
from shared.ports.connector import CrmUser, SharingConnector
from shared.ports.gmail import SendingOpener
from shared.ports.mailboxes import MailboxStore
from shared.usecases.shared_mail import SharingServices
from shared.web import App
from tests.domain.sharing_oracle import Case
from tests.domain.test_sharing import A, B, headers_of, labels_of, mailbox_of, policy_of, viewer_of
from tests.fakes.proxy_fakes import (
    NOON,
    FakeContacts,
    FakeGmail,
    FakeMailboxes,
    FakeOpener,
    FixedClock,
    mail_of,
)
from tests.fakes.sends import FakeSends
from tests.fakes.sharing_stores import FakeAudit, FakeShares
from tests.fakes.stores import FakeOrgs

BODY = (
    "Subject: Hidden or not\r\nMessage-ID: <one@a.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello.\r\n"
    '--b\r\nContent-Type: text/plain; name="plan.txt"\r\nContent-Disposition: attachment; filename="plan.txt"\r\n\r\n'
    "The plan.\r\n--b--\r\n"
)


class _AnyOrigin:
    def allows(self, origin: str, org: str | None) -> bool:
        return False

    def may_ask(self, origin: str) -> bool:
        return False


@dataclass
class SharedHouse:
    """`mailbox` is Olga's; what the viewer asks is counted in `gmail`, `opener`, `mailboxes` and `contacts`."""

    case: Case
    gmail: FakeGmail = field(default_factory=FakeGmail)
    audit: FakeAudit = field(default_factory=FakeAudit)

    def __post_init__(self) -> None:
        self.mailbox = _with_id(mailbox_of(self.case))
        raw = "".join(f"{name}: {value}\r\n" for name, value in headers_of(self.case)) + BODY
        self.gmail.mails.append(mail_of(raw, "m1", labels_of(self.case), NOON))
        self.mailboxes = FakeMailboxes({self.mailbox.id: self.mailbox})
        self.opener = FakeOpener({self.mailbox.id: self.gmail})
        superior = "cleo" if self.case.viewer == "superior" else None
        people = [CrmUser("olga", "Olga", frozenset({"sales", "trainee"}), superior), CrmUser("cleo", "Cleo")]
        hidden = {"owner": (), "colleague without the record": ("a", "b")}.get(self.case.viewer, ("b",))
        self.contacts = FakeContacts({"a": A, "b": B}, frozenset(hidden), people)
        self._client = Client(Request.application(self._app().handle))

    def get(self, path: str) -> TestResponse:
        """A GET with the viewer's token."""
        return self._client.get(path, headers={"Authorization": "Bearer token"})

    def paths(self, message_id: str = "m1", mailbox: str | None = None) -> tuple[str, str, str]:
        """The message, its thread, its attachment."""
        base = f"/proxy/mailboxes/{mailbox or self.mailbox.id}"
        message = f"{base}/messages/{message_id}"
        return message, f"{base}/threads/t-{message_id}", f"{message}/attachments/1"

    def _app(self) -> App[Any]:
        viewer = viewer_of(self.case)
        shares, orgs, clock = FakeShares(self.audit), FakeOrgs(), FixedClock()
        for contact_id in ("a", "b") if self.case.picked else ("b",):
            shares.put(Share(self.mailbox.id, "acme", contact_id, NOON))
        orgs.put("acme", policy_of(self.case))
        mailboxes = cast(MailboxStore, self.mailboxes)
        self.sharing = SharingServices(
            mailboxes, orgs, shares, cast(SharingConnector, self.contacts), self.audit, clock
        )
        services = Services(
            mailboxes=mailboxes,
            gmail=cast(SendingOpener, self.opener),
            contacts=self.contacts,
            cursors=Cursors(lambda: b"k" * 32),
            clean_html=clean_html,
            sends=FakeSends(),
            sharing=self.sharing,
            clock=clock,
            log=Log(io.StringIO(), strict=True),
        )
        who = Caller(viewer.org, viewer.user, frozenset({"mail_integration"}), viewer.roles)
        return App(ROUTES, services, lambda authorization: who, _AnyOrigin(), services.log)


def _with_id(row: Mailbox) -> Mailbox:
    return replace(row, id=mailbox_id(row.org, row.user))
