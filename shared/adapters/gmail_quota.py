"""What a call to Gmail costs, in quota units of projects made since May 2026.

https://developers.google.com/workspace/gmail/api/reference/quota
"""

from collections.abc import Mapping
from typing import Any, Final

UNITS: Final[Mapping[str, int]] = {
    "messages.get": 20,
    "messages.list": 5,
    "messages.modify": 5,
    "messages.batchModify": 50,
    "messages.attachments.get": 20,
    "threads.get": 40,
    "threads.list": 10,
    "history.list": 2,
    "labels.list": 1,
    "labels.create": 5,
    "labels.delete": 5,
    "settings.sendAs.list": 1,
    "getProfile": 1,
    "watch": 100,
    "stop": 50,
    "drafts.create": 10,
    "drafts.delete": 10,
    "drafts.get": 5,
    "drafts.list": 5,
    "drafts.send": 100,
    "drafts.update": 15,
    "messages.send": 100,
}


def units_of(request: Any) -> int:
    """The units of one request of google-api-python-client's; 0 where the table does not name it."""
    return UNITS.get(method_of(request), 0)


def method_of(request: Any) -> str:
    """Google's name of the method, without `gmail.users.`; empty for what is none of its requests."""
    return str(getattr(request, "methodId", "")).removeprefix("gmail.users.")
