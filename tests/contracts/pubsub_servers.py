"""Starts the embedded Pub/Sub and Google's emulator, each in a process of its own, behind the official clients."""

import os
import subprocess
import sys
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
import pytest
from google.api_core.exceptions import DeadlineExceeded
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient  # type: ignore[import-untyped]
from google.pubsub_v1.types import ReceivedMessage

from local.emulators import find_java, find_pubsub_jar, pubsub_command
from tests.local.free_port import free_port

SERVERS = ("embedded", "official")
# Two Java emulators that start at once beside the tests take a busy machine of 2 cores most of a minute.
START_DEADLINE_S = 120.0
# For one condition to come true; long because the official emulator pauses 1 to 3 s between pushes, and longer beside
# other tests.
DEADLINE_S = 120.0

T = TypeVar("T")


@dataclass(frozen=True)
class PubSub:
    """A running server and one project in it. Names are short ids; every call uses the official clients."""

    server: str
    project: str
    publisher: Any
    subscriber: Any

    def topic(self, topic: str) -> str:
        """Makes a topic; returns its full name."""
        name = self.topic_name(topic)
        self.publisher.create_topic(name=name)
        return name

    def subscription(self, subscription: str, topic: str, **options: Any) -> str:
        """Subscribes to `topic`, a short id; returns the subscription's full name."""
        name = self.subscription_name(subscription)
        self.subscriber.create_subscription(
            request={"name": name, "topic": self.topic_name(topic), **options}
        )
        return name

    def topic_name(self, topic: str) -> str:
        return f"projects/{self.project}/topics/{topic}"

    def subscription_name(self, subscription: str) -> str:
        return f"projects/{self.project}/subscriptions/{subscription}"

    def publish(self, topic: str, data: bytes, **attributes: str) -> str:
        """Publishes one message to a topic's short id; returns the message id."""
        return str(self.publisher.publish(self.topic_name(topic), data, **attributes).result(DEADLINE_S))

    def pull(self, subscription: str, count: int = 1) -> list[ReceivedMessage]:
        """Pulls until `count` messages are here, each as it came last; fails after a deadline."""
        got: dict[str, ReceivedMessage] = {}
        deadline = time.monotonic() + DEADLINE_S
        while len(got) < count:
            assert time.monotonic() < deadline, f"{len(got)} of {count} messages came"
            # A server that was late with its answer gives the messages out again.
            with suppress(DeadlineExceeded):
                answer = self.subscriber.pull(
                    subscription=self.subscription_name(subscription),
                    max_messages=count - len(got),
                    timeout=5,
                )
                got |= {received.message.message_id: received for received in answer.received_messages}
        return list(got.values())

    def glance(self, subscription: str) -> list[ReceivedMessage]:
        """What is there now, without waiting: one message or none."""
        answer = self.subscriber.pull(
            request={
                "subscription": self.subscription_name(subscription),
                "max_messages": 1,
                "return_immediately": True,
            }
        )
        return list(answer.received_messages)

    def acknowledge(self, subscription: str, messages: Sequence[ReceivedMessage]) -> None:
        name = self.subscription_name(subscription)
        self.subscriber.acknowledge(subscription=name, ack_ids=[each.ack_id for each in messages])

    def extend(self, subscription: str, messages: Sequence[ReceivedMessage], seconds: int) -> None:
        self.subscriber.modify_ack_deadline(
            subscription=self.subscription_name(subscription),
            ack_ids=[each.ack_id for each in messages],
            ack_deadline_seconds=seconds,
        )


@contextmanager
def running(server: str) -> Iterator[PubSub]:
    """The server `server`, ended afterwards. Skips, and warns, where Google's emulator is not installed."""
    port = free_port()
    process = subprocess.Popen(_command(server, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        # By itself a channel tries again after 1, 1.6, 2.6, … 120 s.
        often = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 200)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", often) as channel:
            grpc.channel_ready_future(channel).result(timeout=START_DEADLINE_S)
        with pytest.MonkeyPatch.context() as patch:
            # The clients read it when they are made.
            patch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{port}")
            publisher, subscriber = PublisherClient(), SubscriberClient()
        yield PubSub(server, "none", publisher, subscriber)
        subscriber.close()
    finally:
        process.terminate()
        process.wait(60)


def new_project(pubsub: PubSub) -> PubSub:
    """The same server with a project that nobody used before."""
    return PubSub(pubsub.server, f"project-{uuid.uuid4().hex[:8]}", pubsub.publisher, pubsub.subscriber)


def wait_for(condition: Callable[[], T], deadline_s: float = DEADLINE_S) -> T:
    """The first true value of `condition`, or a failure after the deadline."""
    ends_at = time.monotonic() + deadline_s
    while not (value := condition()):
        assert time.monotonic() < ends_at, "the condition did not come true in time"
        time.sleep(0.005)
    return value


def _command(server: str, port: int) -> list[str]:
    if server == "embedded":
        return [sys.executable, "-m", "local.pubsub", "--port", str(port)]
    return _official_command(os.environ, port)


def _official_command(environment: Mapping[str, str], port: int) -> list[str]:
    java, jar = find_java(environment), find_pubsub_jar(environment)
    if java is None or jar is None:
        missing = "java >= 11" if java is None else "google-cloud-cli-pubsub-emulator"
        text = f"NOT CHECKED against Google's Pub/Sub emulator: {missing} is missing"
        # A skip alone is one letter among many; a warning stands in the summary of every run.
        warnings.warn(text, stacklevel=1)
        pytest.skip(text)
    return pubsub_command(jar, java, port)
