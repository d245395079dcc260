"""Topics, subscriptions and pulling behave alike on the embedded Pub/Sub and on Google's emulator."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core import exceptions

from tests.contracts.pubsub_differences import expected
from tests.contracts.pubsub_servers import SERVERS, PubSub, new_project, running, wait_for


@pytest.fixture(scope="module", params=SERVERS)
def started(request: pytest.FixtureRequest) -> Iterator[PubSub]:
    with running(request.param) as pubsub:
        yield pubsub


@pytest.fixture
def pubsub(started: PubSub) -> PubSub:
    """A fresh project with one topic, `mail`, and one pull subscription to it, `reader`."""
    pubsub = new_project(started)
    pubsub.topic("mail")
    pubsub.subscription("reader", "mail")
    return pubsub


def test_a_message_is_pulled_with_its_data_attributes_id_and_time(pubsub: PubSub) -> None:
    message_id = pubsub.publish("mail", b"\x00hello", colour="red")
    [received] = pubsub.pull("reader")
    assert received.message.data == b"\x00hello"
    assert dict(received.message.attributes) == {"colour": "red"}
    assert received.message.message_id == message_id
    assert abs(datetime.now(UTC) - received.message.publish_time) < timedelta(minutes=1)
    assert received.delivery_attempt == 0


def test_every_subscription_of_the_topic_gets_the_message(pubsub: PubSub) -> None:
    pubsub.subscription("second", "mail")
    pubsub.publish("mail", b"both")
    assert [pubsub.pull(name)[0].message.data for name in ("reader", "second")] == [b"both", b"both"]


def test_a_subscription_gets_nothing_that_was_published_before_it(pubsub: PubSub) -> None:
    pubsub.publish("mail", b"before")
    pubsub.subscription("late", "mail")
    pubsub.publish("mail", b"after")
    assert pubsub.pull("late")[0].message.data == b"after"


def test_the_ids_of_one_publish_are_those_of_its_messages_in_order(pubsub: PubSub) -> None:
    ids = [pubsub.publish("mail", str(number).encode()) for number in range(5)]
    received = {each.message.message_id: each.message.data for each in pubsub.pull("reader", 5)}
    assert [received[each] for each in ids] == [b"0", b"1", b"2", b"3", b"4"]


def test_a_message_given_back_comes_again_and_an_acknowledged_one_does_not(pubsub: PubSub) -> None:
    pubsub.publish("mail", b"acknowledged")
    pubsub.acknowledge("reader", pubsub.pull("reader"))
    pubsub.publish("mail", b"given back")
    pubsub.extend("reader", pubsub.pull("reader"), 0)
    assert pubsub.pull("reader")[0].message.data == b"given back"


def test_a_message_comes_again_when_its_lease_is_over(pubsub: PubSub) -> None:
    pubsub.publish("mail", b"forgotten")
    first = pubsub.pull("reader")
    pubsub.extend("reader", first, 1)
    second = pubsub.pull("reader")
    assert second[0].message == first[0].message
    assert second[0].ack_id != first[0].ack_id


def test_an_acknowledgement_after_the_lease_is_no_error(pubsub: PubSub) -> None:
    pubsub.publish("mail", b"late")
    first = pubsub.pull("reader")
    pubsub.extend("reader", first, 0)
    pubsub.pull("reader")
    pubsub.acknowledge("reader", first)


def test_an_empty_pull_answers_in_time(pubsub: PubSub) -> None:
    answer = pubsub.subscriber.pull(
        subscription=pubsub.subscription_name("reader"), max_messages=1, timeout=4, retry=None
    )
    assert not answer.received_messages


def test_a_stream_delivers_until_it_is_cancelled(pubsub: PubSub) -> None:
    all_here, seen = threading.Event(), set()

    def take(message: Any) -> None:
        seen.add(message.data)
        message.ack()
        if len(seen) == 20:
            all_here.set()

    stream = pubsub.subscriber.subscribe(pubsub.subscription_name("reader"), callback=take)
    for number in range(20):
        pubsub.publish("mail", str(number).encode())
    assert all_here.wait(60)
    stream.cancel()
    stream.result(60)


def test_five_failed_deliveries_bring_a_message_to_the_dead_letter_topic(pubsub: PubSub) -> None:
    pubsub.topic("dead")
    pubsub.subscription("undertaker", "dead")
    policy = {"dead_letter_topic": pubsub.topic_name("dead"), "max_delivery_attempts": 5}
    pubsub.subscription("failing", "mail", dead_letter_policy=policy)
    pubsub.publish("mail", b"poison", colour="red")
    attempts = []
    for _attempt in range(5):
        received = pubsub.pull("failing")
        attempts.append(received[0].delivery_attempt)
        published = received[0].message.publish_time
        pubsub.extend("failing", received, 0)
    # Google's emulator moves the message when somebody pulls for the sixth time.
    [dead] = wait_for(lambda: pubsub.glance("failing") or pubsub.glance("undertaker"))
    assert attempts == [1, 2, 3, 4, 5]
    assert dead.message.data == b"poison"
    attributes = dict(dead.message.attributes)
    # As a moment: Google's emulator leaves the milliseconds of a whole second out.
    written = datetime.fromisoformat(attributes.pop("CloudPubSubDeadLetterSourceTopicPublishTime"))
    assert timedelta(0) <= published - written < timedelta(milliseconds=1)
    assert attributes == {
        "colour": "red",
        "CloudPubSubDeadLetterSourceDeliveryCount": "5",
        "CloudPubSubDeadLetterSourceSubscription": "failing",
        "CloudPubSubDeadLetterSourceSubscriptionProject": pubsub.project,
    }


def test_lists_come_in_pages_and_hold_only_their_project(pubsub: PubSub) -> None:
    topics = {pubsub.topic(f"topic{number}") for number in range(3)} | {pubsub.topic_name("mail")}
    project = f"projects/{pubsub.project}"
    listed = [
        each.name for each in pubsub.publisher.list_topics(request={"project": project, "page_size": 2})
    ]
    assert sorted(listed) == sorted(topics)
    subscriptions = [each.name for each in pubsub.subscriber.list_subscriptions(project=project)]
    assert subscriptions == [pubsub.subscription_name("reader")]
    named = list(pubsub.publisher.list_topic_subscriptions(topic=pubsub.topic_name("mail")))
    assert named == subscriptions


def test_a_deleted_topic_leaves_its_subscriptions_with_their_messages(pubsub: PubSub) -> None:
    pubsub.publish("mail", b"left over")
    pubsub.publisher.delete_topic(topic=pubsub.topic_name("mail"))
    found = pubsub.subscriber.get_subscription(subscription=pubsub.subscription_name("reader"))
    assert found.topic == "_deleted-topic_"
    assert pubsub.pull("reader")[0].message.data == b"left over"


def test_a_subscription_gets_googles_defaults(pubsub: PubSub) -> None:
    pubsub.subscription("retrying", "mail", retry_policy={"minimum_backoff": {"seconds": 1}})
    found = pubsub.subscriber.get_subscription(subscription=pubsub.subscription_name("retrying"))
    assert found.ack_deadline_seconds == 10
    assert found.message_retention_duration == timedelta(days=7)
    assert found.retry_policy.maximum_backoff == timedelta(seconds=600)


def test_an_update_changes_the_fields_of_its_mask_only(pubsub: PubSub) -> None:
    name = pubsub.subscription_name("reader")
    wanted = {"name": name, "ack_deadline_seconds": 33, "labels": {"ignored": "yes"}}
    pubsub.subscriber.update_subscription(
        request={"subscription": wanted, "update_mask": {"paths": ["ack_deadline_seconds"]}}
    )
    found = pubsub.subscriber.get_subscription(subscription=name)
    assert found.ack_deadline_seconds == 33
    assert not found.labels


Call = Callable[[PubSub], Any]


def _subscribe(**options: Any) -> Call:
    return lambda pubsub: pubsub.subscription("another", "mail", **options)


def _update(*paths: str) -> Call:
    def call(pubsub: PubSub) -> Any:
        wanted = {"name": pubsub.subscription_name("reader"), "topic": pubsub.topic_name("mail")}
        return pubsub.subscriber.update_subscription(
            request={"subscription": wanted, "update_mask": {"paths": list(paths)}}
        )

    return call


REFUSED: dict[str, tuple[type[Exception], Call]] = {
    "a missing topic": (
        exceptions.NotFound,
        lambda p: p.publisher.get_topic(topic=p.topic_name("none")),
    ),
    "a publish to a missing topic": (exceptions.NotFound, lambda p: p.publish("none", b"x")),
    "deleting a missing topic": (
        exceptions.NotFound,
        lambda p: p.publisher.delete_topic(topic=p.topic_name("none")),
    ),
    "a topic that exists": (exceptions.AlreadyExists, lambda p: p.topic("mail")),
    "a topic id that begins with a digit": (exceptions.InvalidArgument, lambda p: p.topic("1mail")),
    "a topic id that begins with goog": (exceptions.InvalidArgument, lambda p: p.topic("googmail")),
    "a topic id of two letters": (exceptions.InvalidArgument, lambda p: p.topic("ab")),
    "a subscription that exists": (exceptions.AlreadyExists, lambda p: p.subscription("reader", "mail")),
    "a subscription to a missing topic": (exceptions.NotFound, lambda p: p.subscription("new", "none")),
    "a missing subscription": (
        exceptions.NotFound,
        lambda p: p.subscriber.get_subscription(subscription=p.subscription_name("none")),
    ),
    "deleting a missing subscription": (
        exceptions.NotFound,
        lambda p: p.subscriber.delete_subscription(subscription=p.subscription_name("none")),
    ),
    "a pull from a missing subscription": (
        exceptions.NotFound,
        lambda p: p.subscriber.pull(subscription=p.subscription_name("none"), max_messages=1),
    ),
    "a pull of nothing": (
        exceptions.InvalidArgument,
        lambda p: p.subscriber.pull(subscription=p.subscription_name("reader"), max_messages=0),
    ),
    "an ack id nobody gave out": (
        exceptions.InvalidArgument,
        lambda p: p.subscriber.acknowledge(subscription=p.subscription_name("reader"), ack_ids=["x"]),
    ),
    "an acknowledgement of nothing": (
        exceptions.InvalidArgument,
        lambda p: p.subscriber.acknowledge(subscription=p.subscription_name("reader"), ack_ids=[]),
    ),
    "an empty message": (exceptions.InvalidArgument, lambda p: p.publish("mail", b"")),
    "a deadline over 600 s": (exceptions.InvalidArgument, _subscribe(ack_deadline_seconds=601)),
    "an endpoint that is no URL": (
        exceptions.InvalidArgument,
        _subscribe(push_config={"push_endpoint": "nonsense"}),
    ),
    "a backoff over 600 s": (
        exceptions.InvalidArgument,
        _subscribe(retry_policy={"minimum_backoff": {"seconds": 601}}),
    ),
    "a maximum below the minimum": (
        exceptions.InvalidArgument,
        _subscribe(retry_policy={"minimum_backoff": {"seconds": 9}, "maximum_backoff": {"seconds": 8}}),
    ),
    "fewer than five attempts": (
        exceptions.OutOfRange,
        lambda p: _subscribe(
            dead_letter_policy={"dead_letter_topic": p.topic_name("mail"), "max_delivery_attempts": 4}
        )(p),
    ),
    "a missing dead letter topic": (
        exceptions.NotFound,
        lambda p: _subscribe(dead_letter_policy={"dead_letter_topic": p.topic_name("none")})(p),
    ),
    "an update of the topic": (exceptions.InvalidArgument, _update("topic")),
    "an update of an unknown field": (exceptions.InvalidArgument, _update("nonsense")),
    "an update of nothing": (exceptions.InvalidArgument, _update()),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_google_refuses_is_refused_with_its_status(pubsub: PubSub, case: str) -> None:
    error, call = REFUSED[case]
    with pytest.raises(error):
        call(pubsub)


STRICTER: dict[str, dict[str, Any]] = {
    "an endpoint with an impossible port": {"push_config": {"push_endpoint": "http://127.0.0.1:99999/"}},
    "a subscription with a filter": {"filter": 'attributes.colour = "red"'},
    "a subscription in order": {"enable_message_ordering": True},
    "a push without its wrapper": {
        "push_config": {"push_endpoint": "http://127.0.0.1:1/", "no_wrapper": {"write_metadata": False}}
    },
}


@pytest.mark.parametrize("fact", STRICTER)
def test_the_embedded_server_refuses_what_it_would_have_to_ignore(pubsub: PubSub, fact: str) -> None:
    try:
        pubsub.subscription("special", "mail", **STRICTER[fact])
        answer = "accepted"
    except exceptions.GoogleAPICallError as error:
        answer = type(error).__name__
    assert answer == expected(fact, pubsub.server)
