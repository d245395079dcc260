"""Many organisations with real turns of the labeler, some instances that do them, and a time of their own.

A call to Gmail takes a tenth of a second, waiting for units takes as long as it does, and nothing else takes any time:
ten minutes pass in a moment, the same way each time.
"""

import functools
import json
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from functions.labeler.services import Services
from functions.labeler.start_run import start_run
from functions.labeler.take_turn import take_turn
from shared.adapters.quota_governor import Governor, Meter
from shared.domain.contact import Contact
from shared.domain.mailbox import Mailbox
from shared.domain.quota import Urgency
from tests.fakes.crm import FakeCrm
from tests.fakes.gmail import FakeAccount
from tests.fakes.process import Process
from tests.fakes.quota import FakeQuotaShards, FakeTime
from tests.fakes.world import CONTACTS, World

CALL_S = 0.1
TICK_S = 600.0
RESERVE = 0.25


@dataclass
class MeteredAccount(FakeAccount):
    """An account whose calls take time and ask a meter for their units, as the real client does."""

    meter: Meter | None = None
    time: FakeTime = field(default_factory=FakeTime)
    spent: list[tuple[float, int]] = field(default_factory=list)

    def afford(self, units: int) -> int:
        return units if self.meter is None else self.meter.afford(units)

    def _spend(self, call: str, units: int) -> None:
        if self.meter is not None:
            self.meter.spend(units)
        super()._spend(call, units)
        self.time.wait(CALL_S)
        self.spent.append((self.time.now, units))


@dataclass
class Opener:
    """Opens accounts by their address, with a meter of one instance's governor."""

    accounts: Mapping[str, MeteredAccount]
    governor: Governor

    def open(
        self, mailbox: Mailbox, urgency: Urgency = "interactive", most: int | None = None
    ) -> FakeAccount:
        account = self.accounts[mailbox.email]
        account.meter = Meter(self.governor, mailbox.org, urgency, most)
        return account


class EveryOrgsCrm(FakeCrm):
    """The same contacts in each organisation."""

    def lookup(self, org: str, addresses: object) -> list[Contact]:
        return list(super().lookup(self.org, addresses))  # type: ignore[arg-type]


class Town:
    """Organisations, each with its mailboxes; `per_minute` is what Gmail gives the project."""

    def __init__(
        self, mailboxes: Mapping[str, int], *, per_minute: int, instances: int, threads: int
    ) -> None:
        self.time = FakeTime()
        self.shards = FakeQuotaShards(self.time)
        self.world = World()
        self.world.crm = EveryOrgsCrm(contacts={c.id: c for c in CONTACTS}, clock=self.world.clock)
        self.accounts: dict[str, MeteredAccount] = {}
        self.of_org: dict[str, list[Mailbox]] = {}
        for org, count in mailboxes.items():
            self.of_org[org] = [self._move_in(org, number) for number in range(count)]
        for account in self.accounts.values():
            # Nobody governs the moving in.
            account.spent.clear()
        dice = random.Random(20261124)  # noqa: S311 - no secret
        governors = [self.governor(per_minute, dice) for _ in range(instances)]
        self.workers = [self._services(governor) for governor in governors for _ in range(threads)]
        self.ended: dict[str, float] = {}

    def governor(self, per_minute: int, dice: random.Random) -> Governor:
        return Governor(self.shards, per_minute, RESERVE, seconds=self.time, wait=self.time.wait, dice=dice)

    def tick(self) -> None:
        """One tick and all its turns, in the order in which it publishes them."""
        self.world.clock.advance(seconds=TICK_S)
        began = self.time.now
        published, at = self.world.publisher.published, len(self.world.publisher.published)
        start_run(self.workers[0])
        turns = [turn for _, turn in published[at:] if "mailbox" in json.loads(turn)]
        queue = deque(turns)
        org_of = {mailbox.id: org for org, mailboxes in self.of_org.items() for mailbox in mailboxes}

        def work(services: Services) -> None:
            while queue:
                turn = queue.popleft()
                take_turn(turn, services)
                self.ended[org_of[json.loads(turn)["mailbox"]]] = self.time.now - began

        self.time.run(*(functools.partial(work, services) for services in self.workers))
        self.time.now = max(self.time.now, began + TICK_S)

    def receive(self, mailbox: Mailbox, count: int) -> list[str]:
        """So many contacts' mails of which no push tells."""
        account = self.accounts[mailbox.email]
        return [account.receive("ana@client.example") for _ in range(count)]

    def unlabelled(self, mailbox: Mailbox, messages: list[str]) -> int:
        """How many of these are still in the Inbox."""
        account = self.accounts[mailbox.email]
        return sum("INBOX" in account.labels_of(message) for message in messages)

    def postponed(self, org: str) -> int:
        """How many turns of this organisation were put off."""
        ids = {mailbox.id for mailbox in self.of_org[org]}
        lines = [json.loads(line) for line in self.world.log.getvalue().splitlines()]
        return sum(line["message"] == "turn.postponed" and line["mailbox"] in ids for line in lines)

    def most_in_a_minute(self) -> int:
        """The most units in any minute, over all accounts."""
        spent = sorted(entry for account in self.accounts.values() for entry in account.spent)
        worst = first = total = 0
        for at, units in spent:
            total += units
            while spent[first][0] <= at - 60.0:
                total -= spent[first][1]
                first += 1
            worst = max(worst, total)
        return worst

    def _move_in(self, org: str, number: int) -> Mailbox:
        """A mailbox with labels on, connected as all are and then moved to its organisation."""
        user = f"{org}{number}"
        email = f"{user}@own.example"
        account = MeteredAccount(address=email, clock=self.world.clock, time=self.time)
        self.accounts[email] = self.world.opener.accounts[email] = account
        mailbox = self.world.connect(user, mailmagnet=True, labels=True)
        rows = self.world.mailboxes.rows
        rows[mailbox.id] = moved = replace(rows[mailbox.id], org=org)
        self.world.syncs.rows[mailbox.id] = replace(self.world.syncs.rows[mailbox.id], org=org)
        self.world.labelings.rows[mailbox.id] = replace(self.world.labelings.rows[mailbox.id], org=org)
        return moved

    def _services(self, governor: Governor) -> Services:
        return replace(
            self.world.labeler_of(Process()),
            gmail=Opener(self.accounts, governor),  # type: ignore[arg-type]
            connector=self.world.crm,
        )
