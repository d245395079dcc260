"""Gmail's notifications, taken from a subscription with Google's own client."""

import json
from collections.abc import Mapping
from typing import Any, Final

from local.live_check.mailbox import Pushes, Unclear

_AT_ONCE: Final = 100
_WAIT_S: Final = 10.0
_HELP: Final = "is --subscription there, and the account its subscriber?"


def subscriber(credentials: Any) -> Any:
    """Google's client. It takes a second to load, and most runs have no subscription."""
    from google.cloud.pubsub_v1 import SubscriberClient  # type: ignore[import-untyped]  # noqa: PLC0415

    return SubscriberClient(credentials=credentials)


def subscription(name: str, client: Any) -> Pushes:
    """`name`: projects/…/subscriptions/…. Each call takes what is there, and acknowledges it. It raises Unclear."""
    from google.api_core.exceptions import DeadlineExceeded, GoogleAPIError  # noqa: PLC0415

    def take() -> list[Mapping[str, Any]]:
        try:
            answer = client.pull(subscription=name, max_messages=_AT_ONCE, timeout=_WAIT_S)
            received = list(answer.received_messages)
            if received:
                client.acknowledge(subscription=name, ack_ids=[each.ack_id for each in received])
        except DeadlineExceeded:
            return []
        except GoogleAPIError as refusal:
            raise Unclear(f"Pub/Sub let nothing be read ({type(refusal).__name__}): {_HELP}") from None
        return [json.loads(each.message.data) for each in received]

    return take
