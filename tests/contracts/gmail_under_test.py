"""Gmail accounts for the port's contract: the fake, and our adapter against the Gmail emulator over the wire."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import stamina

from shared.adapters.gmail import GmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.ports.gmail import Gmail
from tests.fakes.gmail import FakeAccount
from tests.local.gmail.running import ALICE, MODIFY, Running, deliver, mail


@dataclass(frozen=True)
class GmailUnderTest:
    """An empty account seen from both sides: the port, and what the world does to the account."""

    gmail: Gmail
    address: str
    receive: Callable[[str], str]
    delete: Callable[[str], None]
    forget_history: Callable[[], None]


def fake_account() -> GmailUnderTest:
    """The fake."""
    account = FakeAccount()

    def forget_history() -> None:
        account.history_from = account.history_id

    def receive(sender: str) -> str:
        account.clock.advance(seconds=1)
        return account.receive(sender)

    return GmailUnderTest(account, account.address, receive, account.delete, forget_history)


def emulated_account(server: Running, email: str) -> GmailUnderTest:
    """The adapter, with a token that Google takes, on an account that nobody else uses."""
    users = server.users(email)
    return GmailUnderTest(
        gmail=client_of(server, email),
        address=email,
        receive=lambda sender: deliver(server, mail(sender=sender, to=email), email)["id"],
        delete=lambda message_id: users.messages().delete(userId="me", id=message_id).execute(),
        forget_history=lambda: server.control("POST", "faults", {"kind": "expire_history", "user": email}),
    )


def client_of(server: Running, email: str = ALICE, pool: HttpPool | None = None) -> GmailClient:
    """Our adapter for one account of a running emulator."""
    token = server.tokens.grant(email, MODIFY)
    return GmailClient(
        pool or HttpPool(), f"http://127.0.0.1:{server.port}/", Bearer(lambda _rejected: token)
    )


@contextmanager
def impatient() -> Iterator[None]:
    """Tries again as often as ever, but without the pauses in between."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
