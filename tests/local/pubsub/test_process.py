"""`python -m local.pubsub` as a process: its port, its end, and how hard it pushes."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core import exceptions

from local.pubsub.push import CONCURRENCY
from tests.contracts.pubsub_servers import PubSub, new_project, running, wait_for
from tests.contracts.push_endpoint import Push, PushEndpoint
from tests.local.free_port import free_port


@pytest.fixture
def pubsub() -> Iterator[PubSub]:
    with running("embedded") as started:
        pubsub = new_project(started)
        pubsub.topic("mail")
        yield pubsub


def pushed_to(pubsub: PubSub, endpoint: PushEndpoint, **options: Any) -> None:
    """Subscribes the endpoint, which may take as long as Pub/Sub allows at all: its delay makes no second push."""
    push = {"push_config": {"push_endpoint": endpoint.url}, "ack_deadline_seconds": 600}
    pubsub.subscription("pushed", "mail", **push, **options)


def test_a_slow_endpoint_gets_a_bounded_number_of_pushes_at_once(pubsub: PubSub) -> None:
    release, lock, now, most = threading.Event(), threading.Lock(), 0, 0

    def hold(_push: Push) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        release.wait(120)
        with lock:
            now -= 1
        return 204

    with PushEndpoint(hold) as endpoint:
        pushed_to(pubsub, endpoint)
        for number in range(3 * CONCURRENCY):
            pubsub.publish("mail", str(number).encode())
        wait_for(lambda: most == CONCURRENCY)
        release.set()
        wait_for(lambda: len(endpoint.pushes) == 3 * CONCURRENCY)
    assert most == CONCURRENCY


def test_no_message_is_lost_to_an_endpoint_that_fails_half_of_the_time(pubsub: PubSub) -> None:
    seed = time.time_ns()
    print(f"seed {seed}")
    dice = random.Random(seed)  # noqa: S311 - no secret
    lock, acknowledged = threading.Lock(), list[bytes]()

    def fail_often(push: Push) -> int:
        with lock:
            status = dice.choice((204, 204, 429, 500))
            if status == 204:
                acknowledged.append(push.data)
            return status

    backoff = {"nanos": 100_000_000}
    with PushEndpoint(fail_often) as endpoint:
        pushed_to(pubsub, endpoint, retry_policy={"minimum_backoff": backoff, "maximum_backoff": backoff})
        topic = pubsub.topic_name("mail")
        sent = {str(number).encode() for number in range(500)}
        for future in [pubsub.publisher.publish(topic, data) for data in sent]:
            future.result(60)
        wait_for(lambda: set(acknowledged) == sent)
    assert len(acknowledged) == 500
    assert len(endpoint.pushes) > 500


def test_pushes_reuse_their_connections(pubsub: PubSub) -> None:
    """Counted by the source ports that the endpoint sees."""
    ports: set[int] = set()

    class Counting(PushEndpoint):
        def _handler(self) -> type:
            base = super()._handler()

            class Handler(base):  # type: ignore[misc, valid-type]
                def setup(self) -> None:
                    ports.add(self.client_address[1])
                    super().setup()

            return Handler

    with Counting() as endpoint:
        pushed_to(pubsub, endpoint)
        for number in range(100):
            pubsub.publish("mail", str(number).encode())
        wait_for(lambda: len(endpoint.pushes) == 100)
    assert len(ports) <= CONCURRENCY


def test_a_failed_push_is_reported_without_its_content_or_endpoint() -> None:
    port = free_port()
    process = _start(port, stderr=subprocess.PIPE)
    with pytest.MonkeyPatch.context() as patch, PushEndpoint(lambda _push: 500) as endpoint:
        patch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{port}")
        from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient  # type: ignore[import-untyped]

        pubsub = PubSub("embedded", "canary", PublisherClient(), SubscriberClient())
        pubsub.topic("mail")
        pubsub.subscription("pushed", "mail", push_config={"push_endpoint": f"{endpoint.url}?key=hush"})
        pubsub.publish("mail", b"hush", hush="hush")
        wait_for(lambda: len(endpoint.pushes) > 1)
    process.terminate()
    _out, errors = process.communicate(timeout=60)
    assert b"projects/canary/subscriptions/pushed: message 1, attempt 1: 500" in errors
    assert b"hush" not in errors


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_even_while_it_pushes_and_is_pulled(signal_number: int) -> None:
    port = free_port()
    process = _start(port)
    release = threading.Event()
    with (
        pytest.MonkeyPatch.context() as patch,
        PushEndpoint(lambda _p: release.wait(120) and 204) as endpoint,
    ):
        patch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{port}")
        from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

        pubsub = PubSub("embedded", "ending", PublisherClient(), SubscriberClient())
        pubsub.topic("mail")
        pushed_to(pubsub, endpoint)
        pubsub.subscription("reader", "mail")
        pubsub.publish("mail", b"hello")
        pubsub.pull("reader")
        puller = threading.Thread(target=_pull_in_vain, args=(pubsub,), daemon=True)
        puller.start()
        wait_for(lambda: endpoint.pushes)
        os.kill(process.pid, signal_number)
        # It takes half a second, on a busy machine ten times that; a pull may take 20 seconds, and a push minutes.
        assert process.wait(15) == 0
        release.set()
        puller.join(60)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_second_server_on_the_same_port_is_refused_with_its_number() -> None:
    port = free_port()
    first = _start(port)
    answer = subprocess.run(
        [sys.executable, "-m", "local.pubsub", "--port", str(port)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    first.terminate()
    first.wait(60)
    assert answer.returncode == 1
    assert f"port {port} is taken" in answer.stderr


def _start(port: int, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Returns when it listens."""
    command = [sys.executable, "-m", "local.pubsub", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr)
    assert process.stdout is not None
    assert process.stdout.readline() == f"listening on 127.0.0.1:{port}\n".encode()
    return process


def _pull_in_vain(pubsub: PubSub) -> None:
    with pytest.raises(exceptions.GoogleAPICallError):
        pubsub.subscriber.pull(
            subscription=pubsub.subscription_name("reader"), max_messages=1, timeout=60, retry=None
        )
