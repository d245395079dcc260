"""One subscription: its configuration, its queue, and the pusher while it has an endpoint."""

from collections.abc import Callable

from google.pubsub_v1 import types

from local.pubsub.message import Message
from local.pubsub.push import Pusher
from local.pubsub.queue import Rules, SubscriptionQueue

DELETED_TOPIC = "_deleted-topic_"

# Google pushes again after 100 ms to 60 s where the subscription names no retry policy
# (https://cloud.google.com/pubsub/docs/push#push_backoff), and gives a pulled message back at once.
_PUSH_BACKOFF_S = (0.1, 60.0)
_PULL_BACKOFF_S = (0.0, 0.0)


class Subscription:
    """Made with a complete, checked configuration. Only `queue` is thread-safe: the broker locks the rest."""

    def __init__(self, config: types.Subscription, bury: Callable[[str, Message, int], bool]) -> None:
        """`bury(subscription name, message, attempts)` publishes to the dead letter topic."""
        name = config.name
        self._config = config
        self._pusher: Pusher | None = None
        self.queue = SubscriptionQueue(rules_of(config), lambda message, count: bury(name, message, count))
        self._push()

    @property
    def config(self) -> types.Subscription:
        """A copy of the configuration, safe to hand out."""
        return types.Subscription(self._config)

    @property
    def topic(self) -> str:
        """The topic's name, or `_deleted-topic_`."""
        return str(self._config.topic)

    def forget_topic(self) -> None:
        """The topic is deleted: messages already here stay, no new ones come."""
        self._config.topic = DELETED_TOPIC

    def reconfigure(self, config: types.Subscription) -> None:
        """Takes over another complete, checked configuration."""
        moved = config.push_config.push_endpoint != self._config.push_config.push_endpoint
        self._config = config
        self.queue.rules = rules_of(config)
        if moved:
            self.stop()
            self._push()

    def stop(self) -> None:
        """Ends pushing."""
        if self._pusher is not None:
            self._pusher.stop()
            self._pusher = None

    def _push(self) -> None:
        endpoint = self._config.push_config.push_endpoint
        if endpoint:
            self._pusher = Pusher(self._config.name, endpoint, self.queue)


def rules_of(config: types.Subscription) -> Rules:
    """The delivery rules that a complete configuration asks for."""
    minimum, maximum = _PUSH_BACKOFF_S if config.push_config.push_endpoint else _PULL_BACKOFF_S
    if "retry_policy" in config:
        # A push that fails is never repeated without any pause, not even where the policy says 0 s.
        minimum = max(minimum, config.retry_policy.minimum_backoff.total_seconds())
        maximum = max(minimum, config.retry_policy.maximum_backoff.total_seconds())
    max_attempts = config.dead_letter_policy.max_delivery_attempts if "dead_letter_policy" in config else None
    return Rules(float(config.ack_deadline_seconds), minimum, maximum, max_attempts)
