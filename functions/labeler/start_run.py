"""The tick: finds mailboxes with work without reading the idle ones, and hands them out over Pub/Sub."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from functions.labeler.services import Services
from shared.domain.sync import slot_at
from shared.usecases.forget_unclaimed import forget_unclaimed

PAGE: Final = 500


def start_run(services: Services) -> Mapping[str, Any]:
    """Publishes one message per mailbox that has work, or whose turn it is to be asked this hour.

    Two ticks at once do no harm: label_mailbox takes a lease. Reads only the rows it publishes. Consents that nobody
    has claimed in time end here too: this is what runs every ten minutes.
    """
    run = uuid.uuid4().hex
    slot = slot_at(services.clock.now())
    published: list[str] = []
    seen: set[str] = set()
    for page in _pages(services.syncs.with_work):
        published += _publish(page, seen, run, services)
    for page in _pages(lambda limit, after: services.syncs.in_slot(slot, limit, after)):
        published += _publish(page, seen, run, services)
    forgotten = forget_unclaimed(services.forgetting)
    services.log.event("run.started", run=run, count=len(published))
    return {"run": run, "published": published, "forgotten": forgotten}


def _pages(fetch: Callable[[int, str | None], Sequence[str]]) -> Iterator[Sequence[str]]:
    after: str | None = None
    while page := fetch(PAGE, after):
        yield page
        after = page[-1]


def _publish(page: Sequence[str], seen: set[str], run: str, services: Services) -> list[str]:
    new = [mailbox for mailbox in page if mailbox not in seen]
    seen.update(new)
    messages = [json.dumps({"mailbox": mailbox, "run": run}).encode() for mailbox in new]
    return services.publisher.publish(services.label_topic, messages) if messages else []
