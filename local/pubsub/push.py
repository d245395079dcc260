"""Pushes the messages of one subscription to its endpoint over HTTP."""

import sys
import threading

import urllib3

from local.pubsub.message import push_body
from local.pubsub.queue import Leased, SubscriptionQueue

# "102, 200, 201, 202, 204": https://cloud.google.com/pubsub/docs/push#receive_push
ACKNOWLEDGING = frozenset({102, 200, 201, 202, 204})
# Requests in flight for one subscription, so that a slow endpoint is not flooded.
CONCURRENCY = 8

_HEADERS = {"Content-Type": "application/json", "User-Agent": "CloudPubSub-Google"}
_IDLE_S = 60.0


class Pusher:
    """Pushes from its making until `stop`, in daemon threads."""

    def __init__(self, subscription: str, endpoint: str, queue: SubscriptionQueue) -> None:
        self._subscription = subscription
        self._endpoint = endpoint
        self._queue = queue
        self._stopped = threading.Event()
        self._http = urllib3.PoolManager(maxsize=CONCURRENCY, retries=False)
        for number in range(CONCURRENCY):
            name = f"push {subscription} {number}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def stop(self) -> None:
        """Starts no further request. One that is under way ends by itself."""
        self._stopped.set()
        self._queue.wake()

    def _work(self) -> None:
        while not self._stopped.is_set():
            for leased in self._queue.lease(1, _IDLE_S, self._stopped):
                self._deliver(leased)

    def _deliver(self, leased: Leased) -> None:
        outcome = self._post(leased)
        if outcome in ACKNOWLEDGING:
            self._queue.acknowledge(leased.ack_id)
            return
        # The endpoint may carry a token in its query and the message is private: neither is printed.
        sys.stderr.write(
            f"{self._subscription}: message {leased.message.id}, attempt {leased.attempt}: {outcome}\n"
        )
        self._queue.extend(leased.ack_id, 0)

    def _post(self, leased: Leased) -> int | str:
        """The endpoint's status, or the name of what kept it from answering."""
        rules = self._queue.rules
        counted = leased.attempt if rules.max_attempts is not None else None
        try:
            answer = self._http.request(
                "POST",
                self._endpoint,
                body=push_body(leased.message, self._subscription, counted),
                headers=_HEADERS,
                redirect=False,
                # The acknowledgement deadline is the endpoint's time to answer.
                timeout=urllib3.Timeout(total=rules.ack_deadline_s),
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return type(error).__name__
        return answer.status
