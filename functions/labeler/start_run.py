"""The tick: finds mailboxes with work without reading the idle ones, and hands them out over Pub/Sub."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.labeler.services import Services
from shared.domain.sync import orgs_without_pushes, slot_at
from shared.usecases.forget_unclaimed import forget_unclaimed
from shared.usecases.pages import pages

PAGE: Final = 500
ORGS_LOOKED_AT: Final = 1000
"""Mailboxes without pushes that are counted by organisation: beyond so many, those counted tell enough."""


def start_run(services: Services) -> Mapping[str, Any]:
    """Publishes one message per mailbox that has work, or whose turn it is to be asked this hour.

    Two ticks at once do no harm: label_mailbox takes a lease. Reads only the rows it publishes. Consents that nobody
    has claimed in time end here too: this is what runs every ten minutes.
    """
    run = uuid.uuid4().hex
    slot = slot_at(services.clock.now())
    published: list[str] = []
    seen: set[str] = set()
    for page in _to_visit(slot, services):
        published += _publish(page, seen, run, services)
    forgotten = forget_unclaimed(services.forgetting)
    services.log.event("run.started", run=run, count=len(published))
    return {"run": run, "published": published, "forgotten": forgotten}


def _to_visit(slot: int, services: Services) -> Iterator[Sequence[str]]:
    syncs = services.syncs
    yield from pages(lambda after: syncs.with_work(PAGE, after))
    yield from pages(lambda after: syncs.in_slot(slot, PAGE, after))
    for org in orgs_without_pushes(syncs.unannounced(ORGS_LOOKED_AT)):
        services.log.event("pushes.missing", "ERROR", org=org)
        yield from pages(lambda after, org=org: syncs.of_org(org, PAGE, after))  # type: ignore[misc]


def _publish(page: Sequence[str], seen: set[str], run: str, services: Services) -> list[str]:
    new = [mailbox for mailbox in page if mailbox not in seen]
    seen.update(new)
    messages = [json.dumps({"mailbox": mailbox, "run": run}).encode() for mailbox in new]
    return services.publisher.publish(services.label_topic, messages) if messages else []
