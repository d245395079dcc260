"""One event on its way to the CRM: one attempt a delivery; Pub/Sub brings it again after a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.event import Event, webhook_body
from shared.log import Log
from shared.ports.orgs import OrgStore
from shared.ports.webhook import Webhook


@dataclass(frozen=True)
class DeliverServices:
    """What a delivery needs."""

    orgs: OrgStore
    webhook: Webhook
    log: Log


def deliver_event(event: Event, services: DeliverServices) -> Mapping[str, Any]:
    """Sends an event where the policy says now: one read, one call. An organisation without a webhook gets none.

    Raises UpstreamDown where the receiver does not take it; BadInput or NotFound where it never will.
    """
    url = services.orgs.get(event.org).webhook_url
    if url is None:
        return {"delivered": False}
    status = services.webhook.send(url, event.id, webhook_body(event))
    services.log.event(
        "event.delivered", kind=event.type, mailbox=event.mailbox, message_id=event.message, status=status
    )
    return {"delivered": True}
