"""The publisher of the functions, against the embedded Pub/Sub and Google's emulator."""

from collections.abc import Iterator

import pytest

from shared.adapters.pubsub import PubSubPublisher
from shared.errors import Misconfigured, UpstreamDown
from tests.contracts.pubsub_servers import SERVERS, PubSub, new_project, running
from tests.local.free_port import free_port


@pytest.fixture(scope="module", params=SERVERS)
def started(request: pytest.FixtureRequest) -> Iterator[PubSub]:
    with running(request.param) as pubsub:
        yield pubsub


@pytest.fixture
def pubsub(started: PubSub, monkeypatch: pytest.MonkeyPatch) -> PubSub:
    """A fresh project with a topic, `mail`, and a subscription, `reader`; Google's clients find the server."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", started.publisher.api_endpoint)
    pubsub = new_project(started)
    pubsub.topic("mail")
    pubsub.subscription("reader", "mail")
    return pubsub


def test_all_messages_are_published_and_their_ids_come_in_order(pubsub: PubSub) -> None:
    messages = [f"message {number}".encode() for number in range(150)]
    ids = PubSubPublisher(pubsub.project).publish("mail", messages)
    received = {each.message.message_id: each.message.data for each in pubsub.pull("reader", 150)}
    assert [received[message_id] for message_id in ids] == messages


def test_a_topic_may_be_given_by_its_full_name(pubsub: PubSub) -> None:
    [message_id] = PubSubPublisher("elsewhere").publish(pubsub.topic_name("mail"), [b"hello"])
    assert pubsub.pull("reader")[0].message.message_id == message_id


def test_publishing_nothing_is_no_call(pubsub: PubSub) -> None:
    assert PubSubPublisher(pubsub.project).publish("none", []) == []


def test_a_missing_topic_is_the_operators_matter(pubsub: PubSub) -> None:
    with pytest.raises(Misconfigured):
        PubSubPublisher(pubsub.project).publish("none", [b"hello"])


def test_a_pubsub_that_does_not_answer_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    with pytest.raises(UpstreamDown) as raised:
        PubSubPublisher("project", publish_s=0.5).publish("mail", [b"canary-4711"])
    assert raised.value.code == "pubsub_down"
    assert "canary" not in str(raised.value)
