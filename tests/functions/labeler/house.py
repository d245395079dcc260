"""A mailbox with labels in a world in memory, and what tests do to it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from functions.labeler.services import Services
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from shared.domain.categories import Category
from shared.domain.contact import Contact, Deal
from shared.domain.mailbox import Mailbox
from shared.domain.sync import SyncState
from shared.errors import AppError, NotFound
from tests.fakes.gmail import FakeAccount
from tests.fakes.process import Process
from tests.fakes.world import World

OPEN = (("open", None),)
WON = (("won", None),)
CLOSING = (("open", date(2026, 11, 30)),)

DealRows = Sequence[tuple[str, date | None]]


class LabelHouse:
    """Alice's mailbox with MailMagnet and labels on; her contacts are whom a test puts there."""

    def __init__(self, contacts: Mapping[str, DealRows], *, old: Sequence[str] = (), **settings: Any) -> None:
        self.world = World()
        self.world.crm.contacts.clear()
        for name, deals in contacts.items():
            self.put(name, deals)
        self.mailbox: Mailbox = self.world.connect("alice", mailmagnet=True)
        self.old = [self.account.receive(f"{name}@client.example") for name in old]
        # Mail of before MailMagnet: no notice names it.
        state = self.world.state(self.mailbox)
        self.world.syncs.rows[self.mailbox.id] = _moved(state, self.account.history_id)
        self.world.change("alice", labels=True, **settings)
        self.tick()

    @property
    def account(self) -> FakeAccount:
        return self.world.account(self.mailbox)

    def put(self, name: str, deals: DealRows, *addresses: str) -> None:
        """Makes or changes a contact, a second later than anything before."""
        made = tuple(Deal(f"{name}-{n}", "D", state, closing) for n, (state, closing) in enumerate(deals))  # type: ignore[arg-type]
        self.world.clock.advance(seconds=1)
        self.world.crm.put(
            Contact(name, name.title(), "contact", addresses or (f"{name}@client.example",), made)
        )

    @contextmanager
    def off(self) -> Iterator[None]:
        """Mail that comes in the block lies in the Inbox when labels go on; no notice names it."""
        self.world.change("alice", labels=False, mailmagnet=False)
        yield
        self.world.change("alice", mailmagnet=True)
        self.world.change("alice", labels=True)

    def receive(self, *names: str) -> list[str]:
        """A mail from each, which the next tick finds."""
        return [self.account.receive(f"{name}@client.example") for name in names]

    def tick(self, services: Services | None = None) -> list[AppError]:
        """One run, with a turn of the mailbox even where nothing asks for one; what turns have raised."""
        services = services or self.world.labeler_of(Process())
        self.world.clock.advance(minutes=10)
        published, at = self.world.publisher.published, len(self.world.publisher.published)
        start_run(services)
        sweep = json.dumps({"mailbox": self.mailbox.id, "run": "sweep"}).encode()
        raised: list[AppError] = []
        for payload in _turns(published, at, sweep):
            try:
                take_turn(payload, services)
            except NotFound:
                continue
            except AppError as error:
                raised.append(error)
        return raised

    def category(self, message: str) -> set[Category]:
        """The categories whose labels a message carries in Gmail."""
        labels = self.account.labels_of(message)
        return {c for c, label in self.world.row(self.mailbox).labels.items() if label.id in labels}

    def label(self, category: Category) -> str:
        """The id of a label of ours."""
        return self.world.row(self.mailbox).labels[category].id

    def in_inbox(self, message: str) -> bool:
        return "INBOX" in self.account.labels_of(message)


def _turns(published: list[tuple[str, bytes]], at: int, last: bytes) -> Iterator[bytes]:
    """What is published from `at` on, also by the turns themselves; `last` comes after the first of it."""
    while at < len(published):
        yield published[at][1]
        at += 1
    yield last
    while at < len(published):
        yield published[at][1]
        at += 1


def _moved(state: SyncState, cursor: int) -> SyncState:
    return replace(state, cursor=cursor)
