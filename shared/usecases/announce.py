"""Announcing events: where the organisation's policy names a webhook, each event is published for delivery.

Published at least once, and before what it tells of is final: a process that dies in between publishes again, and the
receiver knows the double by its id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.event import Event, EventType, encode_event
from shared.domain.health import WARNINGS, Warned, describe
from shared.domain.mailbox import Mailbox
from shared.domain.notice import Notice
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.orgs import OrgStore


@dataclass(frozen=True)
class AnnounceServices:
    """What announcing needs. `publish` is Pub/Sub's; `topic` None: this deployment has no webhooks."""

    orgs: OrgStore
    publish: Callable[[str, Sequence[bytes]], list[str]]
    topic: str | None
    clock: Clock
    log: Log


def announce(events: Sequence[Event], services: AnnounceServices) -> int:
    """Publishes events of one organisation and answers how many: one read of the policy, one round trip.

    Raises UpstreamDown or Misconfigured where Pub/Sub does not take them.
    """
    if not events or services.topic is None or services.orgs.get(events[0].org).webhook_url is None:
        return 0
    services.publish(services.topic, [encode_event(event) for event in events])
    for event in events:
        services.log.event(
            "event.published", kind=event.type, mailbox=event.mailbox, message_id=event.message
        )
    return len(events)


def announce_notices(
    mailbox: Mailbox, notices: Sequence[Notice], contacts: Mapping[str, str], services: AnnounceServices
) -> int:
    """Announces new notices; `contacts` are contact ids by the sender's normalised address."""
    return announce(
        [
            Event(
                "notice.created",
                mailbox.org,
                mailbox.user,
                mailbox.id,
                notice.received_at,
                message=notice.message_id,
                contact=contacts.get(notice.sender),
            )
            for notice in notices
        ],
        services,
    )


def announce_mailbox(
    mailbox: Mailbox, kind: EventType, services: AnnounceServices, turn: str | None = None
) -> int:
    """Announces that a mailbox was connected, is ill or well again, needs a reconnect, or was disconnected.

    `turn` is the same for whoever tells of the same turn again; without it the moment in the row is.
    """
    cause = act = None
    moment = mailbox.granted_at
    if kind in ("mailbox.needs_reconnect", "mailbox.health"):
        cause, moment = mailbox.health.code, mailbox.health.since
        act, _ = describe(cause)
    elif kind == "mailbox.disconnected" and mailbox.leaving is not None:
        moment = mailbox.leaving.since
    at = moment or mailbox.connected_at
    event = Event(kind, mailbox.org, mailbox.user, mailbox.id, at, cause=cause, act=act, turn=turn)
    return announce([event], services)


def announce_warnings(mailbox: Mailbox, warnings: Sequence[Warned], services: AnnounceServices) -> int:
    """Announces what will end at a known moment, and who can do something about it. The id is of that moment."""
    now = services.clock.now()
    return announce(
        [
            Event(
                "mailbox.warning",
                mailbox.org,
                mailbox.user,
                mailbox.id,
                now,
                cause=warned.code,
                act=WARNINGS[warned.code].act,
                ends_at=warned.at,
            )
            for warned in warnings
        ],
        services,
    )
