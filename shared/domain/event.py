"""What the CRM is told of by webhook: that something happened to a mailbox, by ids only."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from shared.errors import BadInput

EventType = Literal[
    "notice.created", "mailbox.connected", "mailbox.needs_reconnect", "mailbox.health", "mailbox.disconnected"
]  # fmt: skip
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


@dataclass(frozen=True)
class Event:
    """One event. It holds no address and nothing of a mail: `message` and `contact` are ids. `at` is UTC.

    `cause` is the health code of a mailbox whose health changed, and `act` who must act (None: nobody).
    """

    type: EventType
    org: str
    user: str
    mailbox: str
    at: datetime
    message: str | None = None
    contact: str | None = None
    cause: str | None = None
    act: str | None = None

    @property
    def id(self) -> str:
        """The same for the same event, however often it is published: the receiver's key against doubles."""
        # A notice is created once; everything else is told apart by its moment.
        moment = self.message or self.at.isoformat()
        return hashlib.sha256("\n".join((self.type, self.mailbox, moment)).encode()).hexdigest()[:32]


def encode_event(event: Event) -> bytes:
    """As it is published, for `parse_event`."""
    fields: Mapping[str, Any] = {**event.__dict__, "at": event.at.isoformat()}
    return json.dumps(fields).encode()


def parse_event(payload: bytes) -> Event:
    """Reads what `encode_event` wrote. Raises BadInput for anything else."""
    try:
        fields = json.loads(payload)
        event = Event(**{**fields, "at": datetime.fromisoformat(fields["at"])})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("This is not an event of ours.", code="invalid_event") from None
    ids = (event.org, event.user, event.mailbox)
    optional = (event.message, event.contact, event.cause, event.act)
    if (
        event.type not in EVENT_TYPES
        or event.at.tzinfo is None
        or not all(isinstance(each, str) and each for each in ids)
        or not all(each is None or isinstance(each, str) for each in optional)
    ):
        raise BadInput("This is not an event of ours.", code="invalid_event")
    return event


def webhook_body(event: Event) -> str:
    """The body that the CRM gets (Standard Webhooks: type, timestamp, data)."""
    known = {"message": event.message, "contact": event.contact, "cause": event.cause, "act": event.act}
    subject = {"mailbox": event.mailbox, "user": event.user}
    subject |= {name: value for name, value in known.items() if value is not None}
    moment = event.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": event.type, "timestamp": moment, "data": subject})
