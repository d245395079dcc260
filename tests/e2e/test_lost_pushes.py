"""Every push is lost for three days: each contact's mail is noticed all the same, and soon."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.crm.models import Seed
from shared.domain.mailbox import mailbox_id
from shared.domain.sync import MANY_WITHOUT_PUSHES, TICK
from tests.e2e.in_process import House, running_house

USERS = [f"user{number}" for number in range(MANY_WITHOUT_PUSHES + 2)]
CONTACT, STRANGER = "ana@client.example", "somebody@nowhere.example"
CRM = Seed.model_validate(
    {
        "org": {"id": "acme", "name": "Acme"},
        "users": [
            {"id": u, "name": u, "email": f"{u}@acme.example", "permissions": ["mail_integration"]}
            for u in USERS
        ],
        "contacts": [{"id": "ana", "name": "Ana", "addresses": [CONTACT], "deals": []}],
    }
)
START = datetime(2026, 11, 24, 12, 0, 1, tzinfo=UTC)
"""A second after a tick: the worst moment for a mail to come."""
WITHIN_A_TICK = TICK + timedelta(minutes=1)
"""The machine's own time goes by too, while a tick works."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(CRM, tmp_path, START) as house:
        house.servers.emulator.faults.add({"kind": "drop_push"})
        yield house


class Days:
    """Time goes by in ticks; when each contact's mail came and when its notice was first there."""

    def __init__(self, house: House, users: list[str]) -> None:
        self.house = house
        self.came: dict[str, datetime] = {}
        self.found: dict[str, datetime] = {}
        self.owner: dict[str, str] = {}
        for user in users:
            house.connect(user)
            house.change(user, mailmagnet=True)

    def receive(self, user: str, sender: str = CONTACT) -> None:
        (message,) = self.house.deliver(user, sender)
        if sender == CONTACT:
            self.came[message] = self.house.common.clock.now()
            self.owner[message] = user

    def tick(self) -> None:
        self.house.servers.clock.advance(TICK.total_seconds())
        self.house.tick()
        for message in self.came.keys() - self.found.keys():
            if self.house.common.notices.get_many(mailbox_id("acme", self.owner[message]), [message]):
                self.found[message] = self.house.common.clock.now()

    def waits(self, user: str) -> list[timedelta]:
        """How long each of a user's mails waited for its notice, in order of arrival."""
        mine = [message for message, owner in self.owner.items() if owner == user]
        return [self.found[message] - self.came[message] for message in mine]


def test_one_mailbox_the_first_within_the_hour_and_the_rest_within_a_tick(house: House) -> None:
    seed = 11
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - no secret
    days = Days(house, USERS[:1])
    days.receive(USERS[0])
    assert house.common.notices.count(mailbox_id("acme", USERS[0])) == 0, "the control: no push came"

    for _ in range(3 * 24 * 6):
        days.tick()
        if chance.random() < 0.15:
            days.receive(USERS[0], chance.choice([CONTACT, STRANGER]))
    days.tick()

    first, *rest = days.waits(USERS[0])
    assert first <= timedelta(minutes=60)
    assert len(rest) > 20
    assert max(rest) <= WITHIN_A_TICK
    assert house.servers.pushes == []


def test_the_control_where_no_mailbox_is_suspected_the_rest_wait_for_the_hour_too(house: House) -> None:
    days = Days(house, USERS[:1])
    syncs, mailbox = house.common.syncs, mailbox_id("acme", USERS[0])
    waited = []
    for _ in range(4):
        # The defence off: that pushes have failed is forgotten.
        state = syncs.get(mailbox)
        assert state is not None
        syncs.save(replace(state, unannounced=False))
        days.receive(USERS[0])
        while days.came.keys() - days.found.keys():
            days.tick()
        waited.append(days.waits(USERS[0])[-1])
    assert max(waited[1:]) > 4 * TICK


def test_where_many_mailboxes_hear_of_no_push_the_whole_organisation_is_swept_at_every_tick(
    house: House,
) -> None:
    days = Days(house, USERS)
    *most, silent = USERS
    for user in most:
        days.receive(user)
    for _ in range(6):
        days.tick()
    assert len(days.found) == len(most)

    days.receive(silent)
    days.tick()

    assert days.waits(silent)[0] <= WITHIN_A_TICK, "nobody had to wait for the mailbox's own turn"


def test_when_pushes_come_again_the_mailbox_is_quiet_again(house: House) -> None:
    days = Days(house, USERS[:1])
    days.receive(USERS[0])
    for _ in range(6):
        days.tick()
    mailbox = mailbox_id("acme", USERS[0])
    assert house.common.syncs.with_work(10) == [mailbox]

    house.servers.emulator.faults.clear()
    days.receive(USERS[0])
    house.hand_on(house.servers.pushes[-1])

    assert house.common.syncs.with_work(10) == []
