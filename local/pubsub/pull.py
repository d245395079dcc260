"""Pull, its stream, and what a puller answers."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import grpc
from google.pubsub_v1 import types

from local.grpc_server import invalid_argument
from local.pubsub.broker import Broker
from local.pubsub.queue import Leased, SubscriptionQueue, is_ack_id
from local.pubsub.validation import check_ack_deadline

# "The system will wait (for a bounded amount of time)": the documentation names no bound.
_PULL_WAIT_S = 20.0
_STREAM_BATCH = 100


class Puller:
    """The delivering methods of google.pubsub.v1.Subscriber."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def pull(self, request: types.PullRequest, context: Any) -> types.PullResponse:
        """Waits for a message until 20 s or half of the call's time are over, or the caller hangs up."""
        if request.max_messages < 1:
            raise invalid_argument("No max_messages specified")
        subscription = self._broker.subscription(request.subscription)
        wait_s = 0.0 if request.return_immediately else _wait_s(context)
        gone = _until_hang_up(context, subscription.queue)
        leased = subscription.queue.lease(request.max_messages, wait_s, gone)
        return types.PullResponse(received_messages=_received(leased, subscription.queue))

    def acknowledge(self, request: types.AcknowledgeRequest, _context: Any) -> None:
        """An id whose lease is over is no error: the answer may have crossed the redelivery."""
        queue = self._broker.subscription(request.subscription).queue
        for ack_id in _checked(request.ack_ids):
            queue.acknowledge(ack_id)

    def modify_ack_deadline(self, request: types.ModifyAckDeadlineRequest, _context: Any) -> None:
        """0 seconds gives the messages back."""
        check_ack_deadline(request.ack_deadline_seconds)
        queue = self._broker.subscription(request.subscription).queue
        for ack_id in _checked(request.ack_ids):
            queue.extend(ack_id, request.ack_deadline_seconds)

    def streaming_pull(
        self, requests: Iterator[types.StreamingPullRequest], context: Any
    ) -> Iterator[types.StreamingPullResponse]:
        """Delivers until the caller hangs up; the caller's answers are read beside it, in a thread."""
        first = next(requests, None)
        if first is None:
            return
        check_ack_deadline(first.stream_ack_deadline_seconds)
        queue = self._broker.subscription(first.subscription).queue
        gone = _until_hang_up(context, queue)
        threading.Thread(target=_read_answers, args=(first, requests, queue), daemon=True).start()
        while context.is_active() and not gone.is_set():
            leased = queue.lease(_STREAM_BATCH, _PULL_WAIT_S, gone)
            if leased:
                for each in leased:
                    queue.extend(each.ack_id, first.stream_ack_deadline_seconds)
                yield types.StreamingPullResponse(received_messages=_received(leased, queue))


def _wait_s(context: Any) -> float:
    remaining_s: float | None = context.time_remaining()
    if remaining_s is None:
        return _PULL_WAIT_S
    # An empty answer in time, rather than DEADLINE_EXCEEDED.
    return min(_PULL_WAIT_S, remaining_s / 2)


def _checked(ack_ids: Sequence[str]) -> Sequence[str]:
    if not ack_ids:
        raise invalid_argument("No ack ids specified.")
    for ack_id in ack_ids:
        if not is_ack_id(ack_id):
            raise invalid_argument(f"Invalid ack id (ack_id={ack_id})")
    return ack_ids


def _until_hang_up(context: Any, queue: SubscriptionQueue) -> threading.Event:
    """An event that is set when the call ends for whatever reason."""
    gone = threading.Event()

    def hang_up() -> None:
        gone.set()
        queue.wake()

    if not context.add_callback(hang_up):
        gone.set()
    return gone


def _read_answers(
    first: types.StreamingPullRequest,
    requests: Iterable[types.StreamingPullRequest],
    queue: SubscriptionQueue,
) -> None:
    try:
        _answer(first, queue)
        for request in requests:
            _answer(request, queue)
    except grpc.RpcError:
        return  # the caller hung up; what it did not acknowledge is delivered again


def _answer(request: types.StreamingPullRequest, queue: SubscriptionQueue) -> None:
    for ack_id in request.ack_ids:
        queue.acknowledge(ack_id)
    for ack_id, seconds in zip(
        request.modify_deadline_ack_ids, request.modify_deadline_seconds, strict=False
    ):
        queue.extend(ack_id, seconds)


def _received(leased: Iterable[Leased], queue: SubscriptionQueue) -> list[types.ReceivedMessage]:
    counted = queue.rules.max_attempts is not None
    return [
        types.ReceivedMessage(
            ack_id=each.ack_id,
            message=types.PubsubMessage(
                data=each.message.data,
                attributes=dict(each.message.attributes),
                message_id=each.message.id,
                publish_time=each.message.publish_time,
                ordering_key=each.message.ordering_key,
            ),
            # Google counts only for a subscription with a dead letter topic.
            delivery_attempt=each.attempt if counted else 0,
        )
        for each in leased
    ]
