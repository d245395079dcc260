"""Push subscriptions behave alike on the embedded Pub/Sub and on Google's emulator."""

import threading
from collections.abc import Iterator
from datetime import datetime
from time import monotonic

import pytest

from tests.contracts.pubsub_differences import expected
from tests.contracts.pubsub_servers import DEADLINE_S, SERVERS, PubSub, new_project, running, wait_for
from tests.contracts.push_endpoint import Push, PushEndpoint
from tests.local.free_port import free_port


@pytest.fixture(scope="module", params=SERVERS)
def started(request: pytest.FixtureRequest) -> Iterator[PubSub]:
    with running(request.param) as pubsub:
        yield pubsub


@pytest.fixture
def pubsub(started: PubSub) -> Iterator[PubSub]:
    """A fresh project with one topic, `mail`; its subscriptions end with the test."""
    pubsub = new_project(started)
    pubsub.topic("mail")
    yield pubsub
    for subscription in pubsub.subscriber.list_subscriptions(project=f"projects/{pubsub.project}"):
        pubsub.subscriber.delete_subscription(subscription=subscription.name)


def _push_to(url: str) -> dict[str, str]:
    return {"push_endpoint": url}


def test_a_push_is_json_with_the_message_and_the_subscription(pubsub: PubSub) -> None:
    with PushEndpoint() as endpoint:
        name = pubsub.subscription("pushed", "mail", push_config=_push_to(f"{endpoint.url}?key=1"))
        message_id = pubsub.publish("mail", b"\xffhello", colour="red")
        wait_for(lambda: endpoint.pushes)
    [push] = endpoint.pushes
    message = push.body["message"]
    assert (push.path, push.content_type) == ("/push?key=1", "application/json")
    assert (push.data, message["attributes"]) == (b"\xffhello", {"colour": "red"})
    assert message["messageId"] == message["message_id"] == message_id
    assert message["publishTime"] == message["publish_time"]
    assert datetime.fromisoformat(message["publishTime"]).tzinfo is not None
    assert push.body["subscription"] == name
    assert "deliveryAttempt" not in push.body


def test_a_message_may_have_attributes_and_no_data(pubsub: PubSub) -> None:
    with PushEndpoint() as endpoint:
        pubsub.subscription("pushed", "mail", push_config=_push_to(endpoint.url))
        pubsub.publish("mail", b"", colour="red")
        wait_for(lambda: endpoint.pushes)
    assert endpoint.pushes[0].body["message"].get("data", "") == ""
    assert endpoint.pushes[0].body["message"]["attributes"] == {"colour": "red"}


def test_only_the_statuses_of_success_acknowledge(pubsub: PubSub) -> None:
    """Each message is answered once with its own status, then with 204.

    A sentinel is published last and fails once: when it comes back, an earlier failure has come back too.
    """
    statuses = {200, 201, 202, 204, 301, 400, 403, 404, 409, 429, 500, 503}
    acknowledging = expected("statuses that acknowledge", pubsub.server)
    failing = [str(status).encode() for status in statuses - acknowledging]
    endpoint = PushEndpoint(lambda push: int(push.data) if endpoint.count(push.data) == 1 else 204)
    with endpoint:
        pubsub.subscription("pushed", "mail", push_config=_push_to(endpoint.url))
        for status in statuses:
            pubsub.publish("mail", str(status).encode())
        wait_for(lambda: len({push.data for push in endpoint.pushes}) == len(statuses))
        pubsub.publish("mail", b"599")
        wait_for(lambda: all(endpoint.count(data) >= 2 for data in [*failing, b"599"]))
        pushed_once = {status for status in statuses if endpoint.count(str(status).encode()) == 1}
    assert pushed_once == acknowledging


def test_an_endpoint_that_is_down_gets_the_message_when_it_is_up(pubsub: PubSub) -> None:
    port = free_port()
    pubsub.subscription("pushed", "mail", push_config=_push_to(f"http://127.0.0.1:{port}/push"))
    pubsub.publish("mail", b"patient")
    with PushEndpoint(port=port) as endpoint:
        wait_for(lambda: endpoint.pushes)
    assert endpoint.pushes[0].data == b"patient"


def test_a_failed_push_waits_at_least_the_minimum_backoff(pubsub: PubSub) -> None:
    endpoint = PushEndpoint(lambda _push: 500 if len(endpoint.pushes) < 3 else 204)
    policy = {"minimum_backoff": {"seconds": 1}, "maximum_backoff": {"seconds": 1}}
    with endpoint:
        pubsub.subscription("pushed", "mail", push_config=_push_to(endpoint.url), retry_policy=policy)
        pubsub.publish("mail", b"again")
        wait_for(lambda: len(endpoint.pushes) == 3)
    first, second, third = (push.at for push in endpoint.pushes)
    assert second - first > 0.95
    assert third - second > 0.95


def test_a_push_without_an_answer_is_repeated_after_the_deadline(pubsub: PubSub) -> None:
    answer = threading.Event()

    def hang_first(_push: Push) -> int:
        if len(endpoint.pushes) == 1:
            answer.wait()
        return 204

    with PushEndpoint(hang_first) as endpoint:
        pubsub.subscription("pushed", "mail", push_config=_push_to(endpoint.url), ack_deadline_seconds=2)
        published_at = monotonic()
        pubsub.publish("mail", b"slow")
        try:
            wait_for(lambda: len(endpoint.pushes) >= 2)
        finally:
            answer.set()
    first, second = endpoint.pushes[:2]
    # The deadline runs from the sending, and a busy endpoint may read late what was sent.
    assert second.at - published_at > 1.9
    assert second.body == first.body


def test_a_poison_message_goes_to_the_dead_letter_topic_after_five_pushes(pubsub: PubSub) -> None:
    pubsub.topic("dead")
    pubsub.subscription("undertaker", "dead")
    policy = {"dead_letter_topic": pubsub.topic_name("dead"), "max_delivery_attempts": 5}
    with PushEndpoint(lambda push: 500 if push.data == b"poison" else 204) as endpoint:
        options = {"push_config": _push_to(endpoint.url), "dead_letter_policy": policy}
        pubsub.subscription("pushed", "mail", **options)
        pubsub.publish("mail", b"poison", colour="red")
        [dead] = pubsub.pull("undertaker")
        pubsub.publish("mail", b"healthy")
        wait_for(lambda: endpoint.count(b"healthy"))
    pushed = [push for push in endpoint.pushes if push.data == b"poison"]
    seen = [push.body.get("deliveryAttempt") for push in pushed]
    assert seen == expected("deliveryAttempt of five pushes", pubsub.server)
    assert dead.message.data == b"poison"
    attributes = dict(dead.message.attributes)
    published = pushed[0].body["message"]["publishTime"]
    written = attributes.pop("CloudPubSubDeadLetterSourceTopicPublishTime")
    assert datetime.fromisoformat(written) == datetime.fromisoformat(published)
    assert attributes == {
        "colour": "red",
        "CloudPubSubDeadLetterSourceDeliveryCount": "5",
        "CloudPubSubDeadLetterSourceSubscription": "pushed",
        "CloudPubSubDeadLetterSourceSubscriptionProject": pubsub.project,
    }


def test_a_new_push_endpoint_gets_what_waits_and_what_comes(pubsub: PubSub) -> None:
    name = pubsub.subscription("reader", "mail")
    pubsub.publish("mail", b"waiting")
    with PushEndpoint() as endpoint:
        pubsub.subscriber.modify_push_config(subscription=name, push_config=_push_to(endpoint.url))
        pubsub.publish("mail", b"coming")
        wait_for(lambda: {push.data for push in endpoint.pushes} == {b"waiting", b"coming"})


def test_a_subscription_whose_endpoint_is_taken_away_can_be_pulled(pubsub: PubSub) -> None:
    with PushEndpoint() as endpoint:
        name = pubsub.subscription("pushed", "mail", push_config=_push_to(endpoint.url))
        pubsub.publish("mail", b"pushed")
        wait_for(lambda: endpoint.pushes)
        pubsub.subscriber.modify_push_config(subscription=name, push_config={})
        pubsub.publish("mail", b"pulled")
        assert pubsub.pull("pushed")[0].message.data == b"pulled"
    assert [push.data for push in endpoint.pushes] == [b"pushed"]


def test_a_thousand_messages_are_all_pushed(pubsub: PubSub) -> None:
    with PushEndpoint() as endpoint:
        pubsub.subscription("pushed", "mail", push_config=_push_to(endpoint.url))
        topic = pubsub.topic_name("mail")
        sent = {str(number).encode() for number in range(1000)}
        waiting = [pubsub.publisher.publish(topic, data) for data in sent]
        assert len({future.result(DEADLINE_S) for future in waiting}) == 1000
        wait_for(lambda: len(endpoint.pushes) >= 1000 and {push.data for push in endpoint.pushes} == sent)
