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
    """Publishes one message per mailbox that has work or whose turn it is to be asked this hour, and one per
    organisation, whose CRM is asked for changes.

    Two ticks at once do no harm: label_mailbox takes a lease. Reads only the rows it publishes. Consents that nobody
    has claimed in time, and disconnects that died on the way, end here too: this is what runs every ten minutes.
    """
    run = uuid.uuid4().hex
    slot = slot_at(services.clock.now())
    published: list[str] = []
    for page in _orgs(services):
        published += _publish([{"org": org, "run": run} for org in page], services)
    seen: set[str] = set()
    for page in _to_visit(slot, services):
        new = [mailbox for mailbox in page if mailbox not in seen]
        seen.update(new)
        published += _publish([{"mailbox": mailbox, "run": run} for mailbox in new], services)
    forgotten = forget_unclaimed(services)
    left = services.finish_leaving()
    services.log.event("run.started", run=run, count=len(published))
    return {"run": run, "published": published, "forgotten": forgotten, "left": left}


def _to_visit(slot: int, services: Services) -> Iterator[Sequence[str]]:
    syncs, labelings = services.syncs, services.labelings
    yield from pages(lambda after: syncs.with_work(PAGE, after))
    yield from pages(lambda after: labelings.with_work(PAGE, after))
    yield from pages(lambda after: syncs.in_slot(slot, PAGE, after))
    for org in orgs_without_pushes(syncs.unannounced(ORGS_LOOKED_AT)):
        services.log.event("pushes.missing", "ERROR", org=org)
        yield from pages(lambda after, org=org: syncs.of_org(org, PAGE, after))  # type: ignore[misc]


def _orgs(services: Services) -> Iterator[Sequence[str]]:
    after: str | None = None
    while page := services.crm_cursors.orgs(PAGE, after):
        yield [org for _, org in page]
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _publish(turns: Sequence[Mapping[str, str]], services: Services) -> list[str]:
    messages = [json.dumps(turn).encode() for turn in turns]
    return services.publisher.publish(services.label_topic, messages) if messages else []
