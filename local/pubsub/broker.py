"""All topics and subscriptions, and the way of a message from one to the others."""

import itertools
import threading
from collections.abc import Callable, Sequence

from google.pubsub_v1 import types

from local.grpc_server import already_exists, invalid_argument, not_found
from local.pubsub.message import Message, as_dead_letter
from local.pubsub.subscription import Subscription
from local.pubsub.validation import check_messages, check_name, check_push_config, complete_subscription

# https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#updatesubscriptionrequest
_MUTABLE = frozenset(
    {
        "push_config",
        "ack_deadline_seconds",
        "retain_acked_messages",
        "message_retention_duration",
        "labels",
        "expiration_policy",
        "dead_letter_policy",
        "retry_policy",
        "enable_exactly_once_delivery",
    }
)


class Broker:
    """Thread-safe. Every method raises StatusError with Google's code for what Google refuses."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._ids = itertools.count(1)
        self._topics: dict[str, types.Topic] = {}
        self._subscriptions: dict[str, Subscription] = {}

    def create_topic(self, topic: types.Topic) -> types.Topic:
        """Raises ALREADY_EXISTS, INVALID_ARGUMENT."""
        check_name(topic.name, "topics")
        with self._lock:
            if topic.name in self._topics:
                raise already_exists("Topic already exists")
            self._topics[topic.name] = types.Topic(topic)
        return topic

    def topic(self, name: str) -> types.Topic:
        """Raises NOT_FOUND."""
        with self._lock:
            if name not in self._topics:
                raise not_found("Topic not found")
            return types.Topic(self._topics[name])

    def topics(self, project: str) -> list[types.Topic]:
        """The topics of `project` (projects/{project}), by name."""
        with self._lock:
            names = sorted(name for name in self._topics if name.startswith(f"{project}/"))
            return [types.Topic(self._topics[name]) for name in names]

    def delete_topic(self, name: str) -> None:
        """Raises NOT_FOUND. The topic's subscriptions stay, without a topic."""
        with self._lock:
            self.topic(name)
            del self._topics[name]
            for subscription in self._subscribed(name):
                subscription.forget_topic()

    def publish(self, topic: str, messages: Sequence[types.PubsubMessage]) -> list[str]:
        """Hands the messages to every subscription of `topic`; returns their new ids."""
        check_messages(messages)
        accepted = [
            Message(str(next(self._ids)), m.data, dict(m.attributes), m.ordering_key) for m in messages
        ]
        with self._lock:
            self.topic(topic)
            queues = [subscription.queue for subscription in self._subscribed(topic)]
        for message in accepted:
            for queue in queues:
                queue.put(message)
        return [message.id for message in accepted]

    def create_subscription(self, config: types.Subscription) -> types.Subscription:
        """Raises ALREADY_EXISTS, NOT_FOUND (a topic), INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED."""
        check_name(config.name, "subscriptions")
        complete_subscription(config)
        with self._lock:
            if config.name in self._subscriptions:
                raise already_exists("Subscription already exists")
            if config.topic not in self._topics:
                raise not_found("Subscription topic does not exist")
            self._check_dead_letter_topic(config)
            self._subscriptions[config.name] = Subscription(types.Subscription(config), self._bury)
        return config

    def subscription(self, name: str) -> Subscription:
        """Raises NOT_FOUND."""
        with self._lock:
            if name not in self._subscriptions:
                raise not_found("Subscription does not exist")
            return self._subscriptions[name]

    def subscriptions(self, project: str) -> list[types.Subscription]:
        """The subscriptions of `project` (projects/{project}), by name."""
        with self._lock:
            names = sorted(name for name in self._subscriptions if name.startswith(f"{project}/"))
            return [self._subscriptions[name].config for name in names]

    def subscriptions_of(self, topic: str) -> list[str]:
        """The names of the subscriptions of `topic`. Raises NOT_FOUND."""
        with self._lock:
            self.topic(topic)
            return sorted(subscription.config.name for subscription in self._subscribed(topic))

    def update_subscription(self, wanted: types.Subscription, paths: Sequence[str]) -> types.Subscription:
        """Takes the fields `paths` (top-level names) from `wanted`. Raises NOT_FOUND, INVALID_ARGUMENT."""
        if not paths:
            raise invalid_argument("The update_mask must be set, and must contain a non-empty paths list.")
        for path in paths:
            if path not in _MUTABLE:
                raise invalid_argument(f"Invalid update_mask: {path} cannot be updated.")

        def change(config: types.Subscription) -> None:
            for path in paths:
                setattr(config, path, getattr(wanted, path) if path in wanted else None)

        return self._change(wanted.name, change)

    def modify_push_config(self, name: str, push_config: types.PushConfig) -> None:
        """Sets where to push; an empty endpoint turns to pulling. Raises NOT_FOUND, INVALID_ARGUMENT."""
        check_push_config(push_config)

        def change(config: types.Subscription) -> None:
            config.push_config = push_config

        self._change(name, change)

    def delete_subscription(self, name: str) -> None:
        """Its messages are lost. Raises NOT_FOUND."""
        with self._lock:
            self.subscription(name).stop()
            del self._subscriptions[name]

    def close(self) -> None:
        """Ends every push and wakes every waiting pull."""
        with self._lock:
            for subscription in self._subscriptions.values():
                subscription.stop()
                subscription.queue.wake()

    def _change(self, name: str, change: Callable[[types.Subscription], None]) -> types.Subscription:
        with self._lock:
            subscription = self.subscription(name)
            config = subscription.config
            change(config)
            complete_subscription(config)
            self._check_dead_letter_topic(config)
            subscription.reconfigure(config)
            return subscription.config

    def _check_dead_letter_topic(self, config: types.Subscription) -> None:
        if "dead_letter_policy" in config and config.dead_letter_policy.dead_letter_topic not in self._topics:
            raise not_found("Dead letter topic not found")

    def _subscribed(self, topic: str) -> list[Subscription]:
        return [each for each in self._subscriptions.values() if each.topic == topic]

    def _bury(self, subscription: str, message: Message, attempts: int) -> bool:
        """Publishes to the dead letter topic. False if that is gone: the message is then tried again."""
        with self._lock:
            found = self._subscriptions.get(subscription)
            topic = found.config.dead_letter_policy.dead_letter_topic if found else ""
            if topic not in self._topics:
                return False
            queues = [each.queue for each in self._subscribed(topic)]
        buried = Message(
            id=str(next(self._ids)),
            data=message.data,
            attributes=as_dead_letter(message, attempts, subscription),
            ordering_key=message.ordering_key,
        )
        for queue in queues:
            queue.put(buried)
        return True
