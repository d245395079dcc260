"""One published message and its JSON form in a push request."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True)
class Message:
    """A message as the topic keeps it; `publish_time` is UTC."""

    id: str
    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    ordering_key: str = ""
    publish_time: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def published_at(self) -> str:
        """`publish_time` in RFC 3339 with milliseconds, as Pub/Sub writes it in JSON."""
        return self.publish_time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def push_body(message: Message, subscription: str, delivery_attempt: int | None) -> bytes:
    """The wrapped body of a push request (https://cloud.google.com/pubsub/docs/push#receive_push).

    Google sends id and time under two names each. Empty fields are left out, and `delivery_attempt` is sent
    only for a subscription with a dead letter topic.
    """
    inner: dict[str, object] = {
        "messageId": message.id,
        "message_id": message.id,
        "publishTime": message.published_at,
        "publish_time": message.published_at,
    }
    if message.data:
        inner["data"] = base64.b64encode(message.data).decode("ascii")
    if message.attributes:
        inner["attributes"] = dict(message.attributes)
    if message.ordering_key:
        inner["orderingKey"] = message.ordering_key
    outer: dict[str, object] = {"message": inner, "subscription": subscription}
    if delivery_attempt is not None:
        outer["deliveryAttempt"] = delivery_attempt
    return json.dumps(outer).encode("ascii")


def as_dead_letter(message: Message, attempts: int, subscription: str) -> dict[str, str]:
    """The attributes of `message` on its way to the dead letter topic.

    Named by Google: https://cloud.google.com/pubsub/docs/handling-failures#track_delivery_attempts.
    """
    _projects, project, _subscriptions, subscription_id = subscription.split("/")
    return {
        **message.attributes,
        "CloudPubSubDeadLetterSourceDeliveryCount": str(attempts),
        "CloudPubSubDeadLetterSourceSubscription": subscription_id,
        "CloudPubSubDeadLetterSourceSubscriptionProject": project,
        "CloudPubSubDeadLetterSourceTopicPublishTime": message.published_at,
    }
