"""What the CRM is told of by webhook: that something happened to a mailbox, by ids only."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from shared.errors import BadInput

EventType = Literal[
    "notice.created", "mailbox.connected", "mailbox.needs_reconnect", "mailbox.health", "mailbox.warning",
    "mailbox.disconnected",
]  # fmt: skip
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


@dataclass(frozen=True)
class Event:
    """One event. It holds no address and nothing of a mail: `message` and `contact` are ids. `at` is UTC.

    `cause` is the health code of a mailbox whose health changed, and `act` who must act (None: nobody). Of a warning it
    is the warning's code, and `ends_at` (UTC) when that will be. `turn` names what the event is told apart by, where
    that is not its moment: whoever tells of it again has another moment.
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
    ends_at: datetime | None = None
    turn: str | None = None

    @property
    def id(self) -> str:
        """The same for the same event, however often it is published: the receiver's key against doubles."""
        # A notice is created once; everything else is told apart by its turn, by what it warns of, or by its moment.
        known = self.message or self.turn or self.at.isoformat()
        if self.ends_at is not None:
            known = f"{self.cause} {self.ends_at.isoformat()}"
        return hashlib.sha256("\n".join((self.type, self.mailbox, known)).encode()).hexdigest()[:32]


def encode_event(event: Event) -> bytes:
    """As it is published, for `parse_event`."""
    moments = {"at": event.at.isoformat(), "ends_at": event.ends_at.isoformat() if event.ends_at else None}
    return json.dumps({**event.__dict__, **moments}).encode()


def parse_event(payload: bytes) -> Event:
    """Reads what `encode_event` wrote. Raises BadInput for anything else."""
    try:
        fields = json.loads(payload)
        ends_at = fields.get("ends_at")
        moments = {
            "at": datetime.fromisoformat(fields["at"]),
            "ends_at": None if ends_at is None else datetime.fromisoformat(ends_at),
        }
        event = Event(**{**fields, **moments})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput("This is not an event of ours.", code="invalid_event") from None
    ids = (event.org, event.user, event.mailbox)
    optional = (event.message, event.contact, event.cause, event.act, event.turn)
    if (
        event.type not in EVENT_TYPES
        or any(moment is not None and moment.tzinfo is None for moment in (event.at, event.ends_at))
        or not all(isinstance(each, str) and each for each in ids)
        or not all(each is None or isinstance(each, str) for each in optional)
    ):
        raise BadInput("This is not an event of ours.", code="invalid_event")
    return event


def webhook_body(event: Event) -> str:
    """The body that the CRM gets (Standard Webhooks: type, timestamp, data)."""
    known = {"message": event.message, "contact": event.contact, "cause": event.cause, "act": event.act}
    subject = {"mailbox": event.mailbox, "user": event.user}
    if event.ends_at is not None:
        known["ends_at"] = _stamp(event.ends_at)
    subject |= {name: value for name, value in known.items() if value is not None}
    return json.dumps({"type": event.type, "timestamp": _stamp(event.at), "data": subject})


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
