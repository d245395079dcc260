"""The JSON form of a pushed message and the attributes of a dead one."""

import json
from datetime import UTC, datetime

from local.pubsub.message import Message, as_dead_letter, push_body

TIME = datetime(2026, 11, 24, 6, 35, 49, 632_999, tzinfo=UTC)
SUBSCRIPTION = "projects/crm/subscriptions/pushed"


def test_a_full_message_is_written_as_google_writes_it() -> None:
    message = Message("5", b"hello", {"a": "1"}, "key", TIME)
    assert json.loads(push_body(message, SUBSCRIPTION, 3)) == {
        "message": {
            "data": "aGVsbG8=",
            "attributes": {"a": "1"},
            "messageId": "5",
            "message_id": "5",
            "publishTime": "2026-11-24T06:35:49.632Z",
            "publish_time": "2026-11-24T06:35:49.632Z",
            "orderingKey": "key",
        },
        "subscription": SUBSCRIPTION,
        "deliveryAttempt": 3,
    }


def test_empty_fields_are_left_out() -> None:
    body = json.loads(push_body(Message("5", b"", publish_time=TIME), SUBSCRIPTION, None))
    assert set(body) == {"message", "subscription"}
    assert set(body["message"]) == {"messageId", "message_id", "publishTime", "publish_time"}


def test_a_dead_letter_keeps_its_attributes_and_says_where_it_comes_from() -> None:
    assert as_dead_letter(Message("5", b"hello", {"a": "1"}, "key", TIME), 7, SUBSCRIPTION) == {
        "a": "1",
        "CloudPubSubDeadLetterSourceDeliveryCount": "7",
        "CloudPubSubDeadLetterSourceSubscription": "pushed",
        "CloudPubSubDeadLetterSourceSubscriptionProject": "crm",
        "CloudPubSubDeadLetterSourceTopicPublishTime": "2026-11-24T06:35:49.632Z",
    }
