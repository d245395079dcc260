"""What DeadLetters promise, for the fake, the embedded Pub/Sub and Google's emulator."""

import time
from collections.abc import Iterator

import pytest

from shared.adapters.dead_letters import PulledDeadLetters
from shared.errors import Misconfigured, UpstreamDown
from shared.ports.dead_letters import DeadLetters
from tests.contracts.pubsub_servers import DEADLINE_S, SERVERS, PubSub, new_project, running, wait_for
from tests.fakes.publisher import FakeDeadLetters
from tests.local.free_port import free_port

PAYLOADS = (b"one", b"two", b"three")


class DeadLettersContract:
    """The rules. Subclasses give the fixture `letters`: three of them."""

    def test_all_come_and_an_acknowledged_one_comes_no_more(self, letters: DeadLetters) -> None:
        taken: dict[bytes, str] = {}

        def take_two() -> bool:
            some = letters.take(2)
            assert len(some) <= 2
            # Google may give fewer than it has, and gives again what came too late to be heard.
            taken.update({letter.payload: letter.receipt for letter in some})
            return len(taken) == 3

        wait_for(take_two)
        assert sorted(taken) == sorted(PAYLOADS)
        letters.acknowledge(list(taken.values()))
        assert list(letters.take(10)) == []


class TestFakeDeadLetters(DeadLettersContract):
    """The fake keeps to it."""

    @pytest.fixture
    def letters(self) -> DeadLetters:
        return FakeDeadLetters(*PAYLOADS)


@pytest.fixture(scope="module", params=SERVERS)
def started(request: pytest.FixtureRequest) -> Iterator[PubSub]:
    with running(request.param) as pubsub:
        yield pubsub


class TestPulledDeadLetters(DeadLettersContract):
    """So does Pub/Sub."""

    @pytest.fixture
    def letters(self, started: PubSub, monkeypatch: pytest.MonkeyPatch) -> DeadLetters:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", started.publisher.api_endpoint)
        pubsub = new_project(started)
        pubsub.topic("dead")
        pubsub.subscription("dead", "dead")
        for payload in PAYLOADS:
            pubsub.publisher.publish(pubsub.topic_name("dead"), payload).result(DEADLINE_S)
        return PulledDeadLetters(pubsub.topic_name("dead"), wait_s=3.0)


def test_letters_that_nobody_keeps_are_the_operators_matter(
    started: PubSub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", started.publisher.api_endpoint)
    with pytest.raises(Misconfigured):
        PulledDeadLetters(new_project(started).topic_name("none")).take(1)


def test_a_pubsub_that_does_not_answer_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    begun = time.monotonic()
    with pytest.raises(UpstreamDown):
        PulledDeadLetters("projects/p/topics/dead", wait_s=0.5).acknowledge(["x"])
    # Google's own retry would have gone on for a minute.
    assert time.monotonic() - begun < 20
