"""What Pub/Sub refuses, and the values it fills in.

The rules are those of https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1 and of
https://cloud.google.com/pubsub/quotas#resource_limits. One is looser: Google wants an acknowledgement
deadline of at least 10 seconds, its emulator and this server take 1, which keeps tests fast.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

import grpc
from google.pubsub_v1 import types
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from local.grpc_server import StatusError, invalid_argument, unimplemented

DEFAULT_ACK_DEADLINE_S = 10
DEFAULT_MAX_ATTEMPTS = 5

_UNSUPPORTED = (
    "filter",
    "enable_message_ordering",
    "bigquery_config",
    "cloud_storage_config",
    "message_transforms",
    "detached",
)
_MAX_ACK_DEADLINE_S = 600
_MAX_ATTEMPTS = range(5, 101)
_MAX_BACKOFF = timedelta(seconds=600)
_DEFAULT_MINIMUM_BACKOFF = timedelta(seconds=10)
_RETENTION = timedelta(days=7)
_MAX_MESSAGES = 1000
_MAX_BYTES = 10_000_000
_MAX_ATTRIBUTES = 100
_MAX_KEY_BYTES = 256
_MAX_VALUE_BYTES = 1024
_ID = r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}"
_PROJECT = re.compile(r"projects/[^/]+")


def check_project(name: str) -> None:
    """Raises INVALID_ARGUMENT unless `name` is projects/{project}."""
    if not _PROJECT.fullmatch(name):
        raise invalid_argument(f"Invalid [projects] name: (name={name})")


def check_name(name: str, collection: str) -> None:
    """Raises INVALID_ARGUMENT unless `name` is projects/{project}/{collection}/{id} with a valid id."""
    if not re.fullmatch(rf"{_PROJECT.pattern}/{collection}/{_ID}", name):
        raise invalid_argument(f"Invalid [{collection}] name: (name={name})")


def check_messages(messages: Sequence[types.PubsubMessage]) -> None:
    """Raises INVALID_ARGUMENT for what cannot be published."""
    if not messages:
        raise invalid_argument("No messages to publish")
    if len(messages) > _MAX_MESSAGES:
        raise invalid_argument("Too many messages to publish")
    total = 0
    for message in messages:
        if not message.data and not message.attributes:
            raise invalid_argument("Some messages are empty")
        _check_attributes(message)
        total += len(message.data)
    if total > _MAX_BYTES:
        raise invalid_argument("Request payload size exceeds the limit: 10000000 bytes.")


def _check_attributes(message: types.PubsubMessage) -> None:
    if len(message.attributes) > _MAX_ATTRIBUTES:
        raise invalid_argument("Too many attributes")
    for key, value in message.attributes.items():
        if len(key.encode()) > _MAX_KEY_BYTES or len(value.encode()) > _MAX_VALUE_BYTES:
            raise invalid_argument("An attribute is too long")


def check_ack_deadline(seconds: int) -> None:
    """Raises INVALID_ARGUMENT outside of 0..600 seconds."""
    if not 0 <= seconds <= _MAX_ACK_DEADLINE_S:
        raise invalid_argument("ack_deadline_secs out of bounds")


def complete_subscription(subscription: types.Subscription) -> None:
    """Fills in Google's defaults. Raises StatusError for what is wrong or not supported here."""
    for field in _UNSUPPORTED:
        if field in subscription:
            raise unimplemented(f"The embedded Pub/Sub does not support {field}.")
    check_ack_deadline(subscription.ack_deadline_seconds)
    subscription.ack_deadline_seconds = subscription.ack_deadline_seconds or DEFAULT_ACK_DEADLINE_S
    if "message_retention_duration" not in subscription:
        subscription.message_retention_duration = _RETENTION
    check_push_config(subscription.push_config)
    if "retry_policy" in subscription:
        _complete_retry_policy(subscription.retry_policy)
    if "dead_letter_policy" in subscription:
        _complete_dead_letter_policy(subscription.dead_letter_policy)


def check_push_config(config: types.PushConfig) -> None:
    """Raises StatusError unless the endpoint is an HTTP URL, or absent (the subscription is pulled)."""
    if "no_wrapper" in config:
        raise unimplemented("The embedded Pub/Sub does not support no_wrapper.")
    if not config.push_endpoint:
        return
    try:
        url = parse_url(config.push_endpoint)
    except LocationParseError:
        raise invalid_argument("Unsupported push_endpoint") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise invalid_argument("Unsupported push_endpoint")


def _complete_retry_policy(policy: types.RetryPolicy) -> None:
    if "minimum_backoff" not in policy:
        policy.minimum_backoff = _DEFAULT_MINIMUM_BACKOFF
    if "maximum_backoff" not in policy:
        policy.maximum_backoff = _MAX_BACKOFF
    for name in ("minimum_backoff", "maximum_backoff"):
        if not timedelta(0) <= getattr(policy, name) <= _MAX_BACKOFF:
            raise invalid_argument(f"The value for {name} must be between 0s and 600s.")
    if policy.maximum_backoff < policy.minimum_backoff:
        raise invalid_argument("The value for maximum_backoff is smaller than minimum_backoff.")


def _complete_dead_letter_policy(policy: types.DeadLetterPolicy) -> None:
    check_name(policy.dead_letter_topic, "topics")
    policy.max_delivery_attempts = policy.max_delivery_attempts or DEFAULT_MAX_ATTEMPTS
    if policy.max_delivery_attempts not in _MAX_ATTEMPTS:
        raise StatusError(
            grpc.StatusCode.OUT_OF_RANGE,
            "The value for max_delivery_attempts must be between 5 and 100.",
        )
