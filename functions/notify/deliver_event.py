"""One event on its way to the CRM: one attempt a delivery; Pub/Sub brings it again after a refusal, for three days."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from shared.domain.audit import RECEIVER, AuditEntry, policy_changes
from shared.domain.event import Event, encode_event, webhook_body
from shared.errors import AppError, BadInput, NotFound, Stale
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.orgs import OrgStore
from shared.ports.webhook import Webhook

TRIED_FOR: Final = timedelta(days=3)
ATTEMPTS: Final = 4
"""How often a policy that others write to meanwhile is read again."""


@dataclass(frozen=True)
class Delivery:
    """An event, and when Pub/Sub took it (UTC)."""

    event: Event
    published_at: datetime


@dataclass(frozen=True)
class DeliverServices:
    """What a delivery needs. `publish` is Pub/Sub's; `dead_letters` the topic of what is given up (None: nowhere)."""

    orgs: OrgStore
    webhook: Webhook
    publish: Callable[[str, Sequence[bytes]], list[str]]
    dead_letters: str | None
    clock: Clock
    log: Log


def deliver_event(delivery: Delivery, services: DeliverServices) -> Mapping[str, Any]:
    """Sends an event where the policy says now: one read, one call. An organisation without a webhook gets none.

    After three days of refusals the event goes to the dead letters, for `python -m functions.notify.replay`. A receiver
    that says 410 Gone is taken out of the policy. Raises UpstreamDown where the receiver does not take it; BadInput
    where it never will.
    """
    event = delivery.event
    url = services.orgs.get(event.org).webhook_url
    if url is None:
        return {"delivered": False}
    try:
        status = services.webhook.send(url, event.id, webhook_body(event))
    except NotFound:
        _disable(url, event.org, services)
        return {"delivered": False}
    except AppError as error:
        if isinstance(error, BadInput) or services.clock.now() - delivery.published_at < TRIED_FOR:
            raise
        _give_up(event, error, services)
        return {"delivered": False}
    services.log.event(
        "event.delivered", kind=event.type, mailbox=event.mailbox, message_id=event.message, status=status
    )
    return {"delivered": True}


def _give_up(event: Event, error: AppError, services: DeliverServices) -> None:
    if services.dead_letters is not None:
        services.publish(services.dead_letters, [encode_event(event)])
    services.log.event(
        "event.given_up",
        "ERROR",
        kind=event.type,
        mailbox=event.mailbox,
        message_id=event.message,
        code=error.code,
    )


def _disable(url: str, org: str, services: DeliverServices) -> None:
    for _ in range(ATTEMPTS):
        policy, version = services.orgs.get_with_version(org)
        if policy.webhook_url != url:
            # The admin has named another one meanwhile.
            return
        after = replace(policy, webhook_url=None)
        changes = policy_changes(policy, after)
        told = AuditEntry(org, RECEIVER, "policy.changed", services.clock.now(), changes=changes)
        try:
            services.orgs.replace(org, after, version, told)
        except Stale:
            continue
        services.log.event("webhook.disabled", "WARNING", org=org)
        return
