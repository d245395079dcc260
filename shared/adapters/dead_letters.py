"""Dead letters, pulled from Google Pub/Sub: https://cloud.google.com/pubsub/docs/pull"""
# ruff: noqa: PLC0415 - Google's libraries are imported where they are used, as in pubsub.py.

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from shared.errors import Misconfigured, UpstreamDown
from shared.ports.dead_letters import DeadLetter

T = TypeVar("T")

WAIT_S: Final = 5.0
"""So long Pub/Sub waits for a letter before we take it that there is none, and so long an acknowledgement is tried."""


class PulledDeadLetters:
    """The subscription has the name of its topic. The client reads PUBSUB_EMULATOR_HOST itself."""

    def __init__(self, topic: str, wait_s: float = WAIT_S) -> None:
        """`topic` is the dead letter topic's full name, projects/{project}/topics/{topic}."""
        self._subscription = topic.replace("/topics/", "/subscriptions/")
        self._wait_s = wait_s
        self._built: Any = None

    def take(self, limit: int) -> Sequence[DeadLetter]:
        from google.api_core.exceptions import DeadlineExceeded

        def pull() -> Any:
            request = {"subscription": self._subscription, "max_messages": limit}
            try:
                return (
                    self._client().pull(request=request, timeout=self._wait_s, retry=None).received_messages
                )
            except DeadlineExceeded:
                return ()

        return [DeadLetter(bytes(each.message.data), str(each.ack_id)) for each in _translated(pull)]

    def acknowledge(self, receipts: Sequence[str]) -> None:
        from google.api_core.exceptions import ServiceUnavailable
        from google.api_core.retry import Retry, if_exception_type

        request = {"subscription": self._subscription, "ack_ids": list(receipts)}
        # Google's own choice tries for a minute, whatever the time-out of a call.
        again = Retry(predicate=if_exception_type(ServiceUnavailable), initial=0.1, timeout=self._wait_s)
        _translated(lambda: self._client().acknowledge(request=request, timeout=self._wait_s, retry=again))

    def _client(self) -> Any:
        if self._built is None:
            from google.cloud.pubsub_v1 import SubscriberClient  # type: ignore[import-untyped]

            self._built = SubscriberClient()
        return self._built


def _translated(call: Callable[[], T]) -> T:
    from google.api_core import exceptions as google_errors
    from google.auth import exceptions as auth_errors

    try:
        return call()
    except (google_errors.NotFound, google_errors.Forbidden, auth_errors.DefaultCredentialsError):
        raise Misconfigured(
            "The dead letters do not exist, or may not be read.", code="dead_letters_unusable"
        ) from None
    except (google_errors.GoogleAPIError, auth_errors.GoogleAuthError):
        raise UpstreamDown("Pub/Sub did not answer.", code="pubsub_down") from None
