"""Several instances, with more to do than Gmail allows, against the emulator's limits: Gmail refuses nothing."""

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.gmail.errors import GoogleError
from local.gmail.oauth_model import Account
from local.gmail.quota import Limits
from local.gmail.seed import Seed
from shared.adapters.gmail_sending import SendingGmailClient
from shared.adapters.http_pool import Bearer, HttpPool
from shared.adapters.quota_governor import Governor, Meter
from shared.domain.quota import USER_PER_MINUTE, Urgency, affordable, rested_after
from shared.errors import Postponed, Throttled
from tests.contracts.gmail_under_test import impatient
from tests.fakes.quota import FakeQuotaShards, FakeTime
from tests.local.gmail.running import MODIFY, Running, mail, running

PER_MINUTE = 30_000
USERS = [f"user{number}@own.example" for number in range(16)]
INSTANCES = 4
MAILS = 50
CALL_S, PUT_OFF_S = 0.1, 5.0
SECONDS = 120.0
PAGE_EVERY_S = 60.0
"""A page is 1,005 units of a user's 6,000 a minute; background work leaves room for one."""


@dataclass
class Project:
    """Gmail as one project sees it, and the instances that call it; `governors` None: nobody limits them."""

    google: Running
    time: FakeTime
    governed: bool
    refused: list[str] = field(default_factory=list)
    spent: int = 0
    pages: int = 0

    def __post_init__(self) -> None:
        shards = FakeQuotaShards(self.time)
        self._governors = [
            Governor(shards, PER_MINUTE, 0.25, seconds=self.time, wait=self.time.wait, dice=random.Random(n))  # noqa: S311
            for n in range(INSTANCES)
        ]
        self._ends_at = self.time.now + SECONDS
        spend = self.google.emulator.quota.spend

        def counted(email: str, method: str) -> None:
            try:
                spend(email, method)
            except GoogleError:
                self.refused.append(email)
                raise

        self.google.emulator.quota.spend = counted  # type: ignore[method-assign]

    def run(self) -> None:
        """Backfills of all users, and a person who opens pages in the first one's mailbox."""
        backfills = [functools.partial(self._backfill, number) for number in range(len(USERS))]
        self.time.run(self._person, *backfills)

    def _client(self, number: int, urgency: Urgency, most: int | None = None) -> SendingGmailClient:
        governor, token = self._governors[number % INSTANCES], self.google.tokens.grant(USERS[number], MODIFY)
        meter = Meter(governor, f"org{number % 3}", urgency, most) if self.governed else None
        url = f"http://127.0.0.1:{self.google.port}/"
        return SendingGmailClient(HttpPool(), url, Bearer(lambda _rejected: token), None, meter)

    def _backfill(self, number: int) -> None:
        """One turn after another, as much in each as the user's and the project's units allow."""
        rested_at: datetime | None = None
        while self.time.now < self._ends_at:
            now = datetime.fromtimestamp(self.time.now, UTC)
            gmail = self._client(number, "background", affordable(rested_at, now))
            try:
                self._read(gmail)
            except Throttled:
                self.time.wait(PUT_OFF_S)
            self.spent += gmail.units
            rested_at = rested_after(rested_at, gmail.units, now)
            self.time.wait(CALL_S)

    def _person(self) -> None:
        try:
            while self.time.now < self._ends_at:
                self.time.wait(PAGE_EVERY_S / 2)
                self._read(self._client(0, "interactive"))
                self.pages += 1
                self.time.wait(PAGE_EVERY_S / 2)
        finally:
            self._ends_at = self.time.now

    def _read(self, gmail: SendingGmailClient) -> None:
        ids = [message for message, _ in gmail.list_messages(limit=MAILS).ids]
        self.time.wait(CALL_S)
        payable = gmail.afford(20 * MAILS) // 20
        for outcome in gmail.get_metadata(ids[:payable], ["From"]).values():
            if isinstance(outcome, Throttled):
                raise outcome


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def google(time: FakeTime) -> Iterator[Running]:
    seed = Seed(Path(), tuple(Account(email, email) for email in USERS))
    limits = Limits(USER_PER_MINUTE, PER_MINUTE, None)
    with running(seed, limits=limits, seconds=time) as google, impatient():
        for email in USERS:
            for number in range(MAILS):
                google.emulator.boxes.sending.deliver(
                    email, mail(f"Mail {number}", "a@client.example", email)
                )
        yield google


def test_gmail_refuses_nobody_and_people_are_served(google: Running, time: FakeTime) -> None:
    project = Project(google, time, governed=True)
    project.run()
    assert project.refused == []
    assert project.pages == SECONDS / PAGE_EVERY_S
    print(f"{project.spent} units of background work in {SECONDS:.0f} s")
    assert project.spent > 0.5 * PER_MINUTE * SECONDS / 60, "the control: there was more to do than units"


def test_the_control_without_a_governor_gmail_refuses_people_too(google: Running, time: FakeTime) -> None:
    with pytest.raises(Throttled) as raised:
        Project(google, time, governed=False).run()
    assert not isinstance(raised.value, Postponed)
