"""What Pub/Sub brings on the label topic: a mailbox's turn, or an organisation's."""

import json
from collections.abc import Mapping
from typing import Any

from functions.labeler.label_mailbox import label_mailbox, parse_turn
from functions.labeler.services import Services
from functions.labeler.spread_changes import parse_org_turn, spread_changes


def take_turn(payload: bytes, services: Services) -> Mapping[str, Any]:
    """Does the work of one message. Raises BadInput for one that the labeler has not published."""
    if _names_an_org(payload):
        return spread_changes(parse_org_turn(payload), services)
    return label_mailbox(parse_turn(payload), services)


def _names_an_org(payload: bytes) -> bool:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "org" in document
