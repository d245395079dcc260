"""A Pub/Sub push as the entry points see it."""

import base64

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request


def push_of(payload: bytes) -> Request:
    """A delivery of one message."""
    message = {"data": base64.b64encode(payload).decode(), "messageId": "1"}
    return Request(EnvironBuilder(method="POST", json={"message": message}).get_environ())
