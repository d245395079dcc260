"""Publishes to Google Pub/Sub.

Google's libraries are imported where they are used: they are slow to load, and a cold start that publishes
nothing must not wait for them.
"""
# ruff: noqa: PLC0415

import concurrent.futures
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import SpanKind

from shared.errors import Misconfigured, UpstreamDown
from shared.tracing import outgoing, span

if TYPE_CHECKING:
    from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]

# For all attempts of one message together: the client's own default is ten minutes.
PUBLISH_S: Final = 10.0
# An answer normally arrives within the limit above; this ends the wait for a client that hangs.
_SLACK_S: Final = 5.0


class PubSubPublisher:
    """Thread-safe. The client is made at the first publish; it reads PUBSUB_EMULATOR_HOST itself."""

    def __init__(self, project: str, publish_s: float = PUBLISH_S) -> None:
        """`publish_s` bounds the attempts of one message, in seconds."""
        self._project = project
        self._publish_s = publish_s
        self._lock = threading.Lock()
        self._built: PublisherClient | None = None

    def publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
        """Publishes all and waits for the answers; returns the message ids, in order.

        `topic` is a topic's id, or its full name projects/{project}/topics/{topic}. At least once: after an
        error some of the messages may have been published, and publishing all again is right.
        Raises Misconfigured where the topic is missing or not allowed, else UpstreamDown.
        """
        from google.api_core import exceptions as google_errors
        from google.auth import exceptions as auth_errors

        name = topic if topic.startswith("projects/") else f"projects/{self._project}/topics/{topic}"
        try:
            return self._publish(name, messages)
        except (google_errors.NotFound, google_errors.Forbidden, auth_errors.DefaultCredentialsError):
            raise Misconfigured(
                "The topic does not exist, or may not be published to.", code="topic_unusable"
            ) from None
        except (
            google_errors.GoogleAPIError,
            auth_errors.GoogleAuthError,
            concurrent.futures.TimeoutError,
        ):
            raise UpstreamDown("Pub/Sub did not take the messages.", code="pubsub_down") from None

    def _publish(self, topic: str, messages: Sequence[bytes]) -> list[str]:
        from google.api_core.retry import Retry

        client = self._client()
        limit_s = self._publish_s
        retry = Retry(initial=0.1, maximum=2.0, timeout=limit_s)
        # Whoever handles the message goes on with this request's trace.
        with span("publish", SpanKind.PRODUCER, count=len(messages)):
            trace = outgoing()
            waiting = [
                client.publish(topic, message, retry=retry, timeout=limit_s, **trace) for message in messages
            ]
            return [str(future.result(timeout=limit_s + _SLACK_S)) for future in waiting]

    def _client(self) -> "PublisherClient":
        with self._lock:
            if self._built is None:
                from google.cloud.pubsub_v1 import PublisherClient

                self._built = PublisherClient()
            return self._built
