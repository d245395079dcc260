"""Gmail accounts for the port's contract: the fake, and our adapter against the Gmail emulator over the wire."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import stamina

from shared.adapters.gmail import GmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.ports.gmail import Gmail
from tests.fakes.gmail import FakeAccount
from tests.local.gmail.running import ALICE, MODIFY, Running, deliver, mail


@dataclass(frozen=True)
class GmailUnderTest:
    """An empty account seen from both sides: the port, and what the world does to the account.

    `receive` takes the sender of a mail, `converse` the senders of a conversation's mails.
    """

    gmail: Gmail
    address: str
    receive: Callable[[str], str]
    converse: Callable[..., list[str]]
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

    def converse(*senders: str) -> list[str]:
        ids = [receive(senders[0])]
        thread = account.list_messages().ids[0][1]
        return ids + [account.receive(sender, thread=thread) for sender in senders[1:]]

    return GmailUnderTest(account, account.address, receive, converse, account.delete, forget_history)


def emulated_account(server: Running, email: str) -> GmailUnderTest:
    """The adapter, with a token that Google takes, on an account that nobody else uses."""
    users = server.users(email)
    numbers = count()

    def converse(*senders: str) -> list[str]:
        number, ids = next(numbers), []
        first = f"<talk-{number}@client.example>"
        for at, sender in enumerate(senders):
            link = {"References": first} if at else {"Message_ID": first}
            content = mail(f"Talk {number}", sender=sender, to=email, **link)
            ids.append(deliver(server, content, email)["id"])
        return ids

    return GmailUnderTest(
        gmail=client_of(server, email),
        address=email,
        receive=lambda sender: deliver(server, mail(sender=sender, to=email), email)["id"],
        converse=converse,
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
