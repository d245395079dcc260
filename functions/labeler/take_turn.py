"""What Pub/Sub brings on the label topic: a mailbox's turn, or an organisation's."""

import json
from collections.abc import Mapping
from typing import Any

from functions.labeler.label_mailbox import Turn, label_mailbox, parse_turn
from functions.labeler.services import Services
from functions.labeler.spread_changes import parse_org_turn, spread_changes
from shared.errors import Postponed


def take_turn(payload: bytes, services: Services) -> Mapping[str, Any]:
    """Does the work of one message. Raises BadInput for one that the labeler has not published."""
    if _names_an_org(payload):
        return spread_changes(parse_org_turn(payload), services)
    turn = parse_turn(payload)
    try:
        return label_mailbox(turn, services)
    except Postponed as postponed:
        return _put_off(turn, postponed, services)


def _put_off(turn: Turn, postponed: Postponed, services: Services) -> Mapping[str, Any]:
    """There are no units now. The sync row says that work waits; what only this message knew is written down."""
    if turn.calendar:
        services.labelings.wake(turn.mailbox)
    services.log.event("turn.postponed", mailbox=turn.mailbox, run=turn.run, code=postponed.code)
    return {"mailbox": turn.mailbox, "notices": 0, "labelled": {}, "postponed": True}


def _names_an_org(payload: bytes) -> bool:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "org" in document
