"""`python -m local.assembly.topics`: makes the stack's topics and push subscriptions, as Terraform does.

Runs beside each start of Pub/Sub, which keeps nothing between two; PUBSUB_EMULATOR_HOST says where it is.
"""

import argparse
import contextlib
import os
import socket
import time
from typing import Any

from google.api_core.exceptions import AlreadyExists
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient  # type: ignore[import-untyped]

from local.assembly.secret_seed import PROJECT

_START_S = 60.0
# Topic, subscription and entry point, acknowledgement deadline in seconds (it is the push's time-out).
_PUSHES = (
    ("gmail", "on_gmail_push", 60),
    ("label-mailbox", "label_mailbox", 600),
    ("events", "deliver_event", 30),
)
# Its entry point gives a message up itself.
_UNCOUNTED = "events"


def main() -> None:
    """Waits until Pub/Sub takes connections, then makes everything that is not there."""
    parser = argparse.ArgumentParser(prog="python -m local.assembly.topics", description=__doc__)
    parser.add_argument("--push-to", required=True, help="the gateway's internal URL")
    parser.add_argument("--max-attempts", type=int, required=True)
    options = parser.parse_args()
    wait_until_it_listens(os.environ["PUBSUB_EMULATOR_HOST"])
    publisher, subscriber = PublisherClient(), SubscriberClient()
    for topic, entry_point, deadline_s in _PUSHES:
        dead = f"{topic}-dead-letter"
        _create_topic(publisher, topic)
        _create_topic(publisher, dead)
        _create_subscription(subscriber, {"name": _subscription(dead), "topic": _topic(dead)})
        push = {
            "name": _subscription(entry_point.replace("_", "-")),
            "topic": _topic(topic),
            "push_config": {"push_endpoint": f"{options.push_to}/{entry_point}"},
            "ack_deadline_seconds": deadline_s,
            "retry_policy": {"minimum_backoff": {"seconds": 1}, "maximum_backoff": {"seconds": 60}},
        }
        given_up = {"dead_letter_topic": _topic(dead), "max_delivery_attempts": options.max_attempts}
        counted = {} if topic == _UNCOUNTED else {"dead_letter_policy": given_up}
        _create_subscription(subscriber, push | counted)


def wait_until_it_listens(address: str) -> None:
    """Waits for `host:port` to take a connection; gRPC itself would pause for a second after a refusal."""
    host, _, port = address.rpartition(":")
    deadline = time.monotonic() + _START_S
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _create_topic(publisher: Any, name: str) -> None:
    with contextlib.suppress(AlreadyExists):
        publisher.create_topic(request={"name": _topic(name)})


def _create_subscription(subscriber: Any, request: dict[str, object]) -> None:
    with contextlib.suppress(AlreadyExists):
        subscriber.create_subscription(request=request)


def _topic(name: str) -> str:
    return f"projects/{PROJECT}/topics/{name}"


def _subscription(name: str) -> str:
    return f"projects/{PROJECT}/subscriptions/{name}"


if __name__ == "__main__":
    main()
