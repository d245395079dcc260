"""What a Clock and a Publisher promise, for the fakes and for what is deployed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.clock import ShiftedClock, SystemClock
from shared.adapters.pubsub import PubSubPublisher
from shared.ports.clock import Clock
from shared.ports.publisher import Publisher
from tests.contracts.pubsub_servers import new_project, running
from tests.fakes.clock import FakeClock
from tests.fakes.publisher import FakePublisher


@pytest.fixture(params=["fake", "system", "shifted"])
def clock(request: pytest.FixtureRequest, tmp_path: Path) -> Clock:
    clocks: dict[str, Clock] = {
        "fake": FakeClock(),
        "system": SystemClock(),
        "shifted": ShiftedClock(tmp_path / "no file"),
    }
    return clocks[request.param]


def test_a_clock_tells_an_aware_moment_in_utc(clock: Clock) -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_a_clock_does_not_go_back(clock: Clock) -> None:
    assert clock.now() <= clock.now()


def test_a_shifted_clock_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = ShiftedClock(file)
    file.write_text("86400.0", encoding="ascii")
    assert timedelta(hours=23) < clock.now() - datetime.now(UTC) < timedelta(hours=25)


@pytest.fixture(scope="module", params=["fake", "embedded"])
def publisher(request: pytest.FixtureRequest) -> Iterator[Publisher]:
    if request.param == "fake":
        yield FakePublisher()
        return
    with running("embedded") as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", started.publisher.api_endpoint)
        pubsub = new_project(started)
        pubsub.topic("label-mailbox")
        yield PubSubPublisher(pubsub.project)


def test_each_message_gets_an_id_of_its_own(publisher: Publisher) -> None:
    ids = publisher.publish("label-mailbox", [b"a", b"a", b"b"])
    assert len(set(ids)) == len(ids) == 3
    assert not set(ids) & set(publisher.publish("label-mailbox", [b"a"]))


def test_publishing_nothing_answers_nothing(publisher: Publisher) -> None:
    assert publisher.publish("label-mailbox", []) == []
