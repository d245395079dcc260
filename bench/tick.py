"""`python -m bench.tick [mailboxes] [colleagues]`: a tick over many mailboxes, and one change over many colleagues.

The real use cases and adapters over the embedded Firestore and Pub/Sub, which share this process's cores. The floor
does the same bare: the same paged queries and as many messages, with Google's clients alone.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
import urllib3
from google.cloud.firestore import Client
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]

from bench.labeler import CRM, NOON
from bench.results_file import report
from functions.labeler.services import Services
from functions.labeler.spread_changes import OrgTurn, spread_changes
from functions.labeler.start_run import PAGE, start_run
from local.grpc_server import GrpcServer
from local.pubsub.broker import Broker
from local.pubsub.services import services as pubsub_services
from shared.adapters.firestore.crm_cursors import _fields as cursor_fields
from shared.adapters.firestore.documents import Write
from shared.adapters.firestore.labelings import _fields as labeling_fields
from shared.adapters.firestore.syncs import _fields as sync_fields
from shared.adapters.pubsub import PubSubPublisher
from shared.domain.labeling_row import LabelingRow, contact_key, org_key
from shared.domain.mailbox import mailbox_id
from shared.domain.sync import SyncState, slot_at, slot_of
from shared.ports.labeling import CrmCursor
from tests.e2e.in_process import Cost, House, running_house
from tests.e2e.in_process_servers import PROJECT

WITH_WORK: Final = 0.05
AN_ORG: Final = 50
WRITES_AT_ONCE: Final = 400
DEADLINE_S: Final = {"tick": 300, "spread": 540}
"""Seconds that the functions `tick` and `label_mailbox` may run: infra/terraform/functions.tf."""


def main() -> None:
    """Measures and reports."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    colleagues = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    with TemporaryDirectory() as name, running_house(CRM, Path(name), NOON) as house, _pubsub(house) as topic:
        services = replace(house.labeler, publisher=PubSubPublisher(PROJECT))
        numbers = _tick(house, services, many, topic) | _spread(house, services, colleagues)
    report("tick", numbers)


@contextmanager
def _pubsub(house: House) -> Iterator[str]:
    """An embedded Pub/Sub with the label topic: its name."""
    topic, broker = house.labeler.label_topic, Broker()
    server = GrpcServer(pubsub_services(broker), 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{server.port}")
        PublisherClient().create_topic(name=topic)
        yield topic
    server.stop()
    broker.close()


def _timed(house: House, work: Callable[[], Any]) -> tuple[Any, Cost, float]:
    documents = house.common.documents
    reads, writes, started = documents.reads, documents.writes, time.monotonic()
    answer = work()
    cost = Cost(reads=documents.reads - reads, writes=documents.writes - writes)
    return answer, cost, time.monotonic() - started


def _tick(house: House, services: Services, many: int, topic: str) -> dict[str, object]:
    busy, orgs = int(many * WITH_WORK), many // AN_ORG
    _fill_syncs(house, many, busy)
    old = CrmCursor("", NOON, "")
    _write(
        house,
        (
            (f"crm_cursors/{org_key(f'org{n}')}", cursor_fields(replace(old, org=f"org{n}")))
            for n in range(orgs)
        ),
    )
    answer, cost, seconds = _timed(house, lambda: start_run(services))
    published = len(answer["published"])
    floor = _floor(topic)
    return {
        "tick: mailboxes": many,
        "tick: of these with work": busy,
        "tick: organisations": orgs,
        "tick: messages published": published,
        "tick: Firestore reads": cost.reads,
        "tick: Firestore writes": cost.writes,
        "tick: seconds": round(seconds, 1),
        "tick: seconds that the function may run": DEADLINE_S["tick"],
        "tick: floor (bare queries, bare publishing), seconds": round(floor, 1),
        "tick: seconds to floor": round(seconds / floor, 2),
    }


def _floor(topic: str) -> float:
    """Seconds of the same pages and as many messages, without anything of ours."""
    rows, publisher = Client(PROJECT).collection("syncs"), PublisherClient()
    orgs = Client(PROJECT).collection("crm_cursors")
    work = rows.where(filter=FieldFilter("work", "==", True))
    slot = rows.where(filter=FieldFilter("slot", "==", slot_at(NOON)))
    # The clients connect first, as ours have.
    rows.limit(1).get()
    publisher.publish(topic, b"first").result()
    started = time.monotonic()
    for query in (orgs, work, slot):
        for ids in _bare_pages(query):
            sent = [
                publisher.publish(topic, f'{{"mailbox": "{name}", "run": "floor"}}'.encode()) for name in ids
            ]
            for future in sent:
                future.result()
    return time.monotonic() - started


def _bare_pages(query: Any) -> Iterator[Sequence[str]]:
    query, last = query.order_by("__name__").select([]).limit(PAGE), None
    while found := (query.start_after(last) if last else query).get():
        yield [document.id for document in found]
        last = found[-1]


def _spread(house: House, services: Services, many: int) -> dict[str, object]:
    """A deal changes whose contact has written to every colleague; then the month turns."""
    key = contact_key("acme", "won")
    _write(
        house,
        (
            (f"labelings/{name}", {**labeling_fields(LabelingRow(name, "acme")), "contacts": [key]})
            for name in (mailbox_id("acme", f"colleague{n}") for n in range(many))
        ),
    )
    clock = house.servers.clock
    month = f"{NOON:%Y-%m}"
    services.crm_cursors.save(CrmCursor("acme", clock.now(), month))
    spread_changes(OrgTurn("acme", "first"), services)
    clock.advance(1)
    body = {"name": "won", "state": "lost", "closing_date": None}
    urllib3.request("PUT", f"{house.servers.crm}/contacts/won/deals/won-deal", json=body)
    clock.advance(1)
    numbers: dict[str, object] = {"spread: colleagues": many}
    numbers |= _spread_once("a changed deal", house, services)
    clock.advance(timedelta(days=31).total_seconds())
    return (
        numbers
        | _spread_once("the month", house, services)
        | {"spread: seconds that the function may run": DEADLINE_S["spread"]}
    )


def _spread_once(what: str, house: House, services: Services) -> dict[str, object]:
    answer, cost, seconds = _timed(house, lambda: spread_changes(OrgTurn("acme", what), services))
    return {
        f"spread, {what}: mailboxes published": answer["mailboxes"],
        f"spread, {what}: Firestore reads": cost.reads,
        f"spread, {what}: Firestore writes": cost.writes,
        f"spread, {what}: seconds": round(seconds, 1),
    }


def _fill_syncs(house: House, many: int, busy: int) -> None:
    def row(at: int) -> tuple[str, Mapping[str, Any]]:
        name = mailbox_id("tick", str(at))
        state = SyncState(name, f"org{at // AN_ORG}", 1, NOON - timedelta(minutes=5), slot_of(name))
        return f"syncs/{name}", sync_fields(replace(state, unsorted=("18c0ffee",) if at < busy else ()))

    _write(house, (row(at) for at in range(many)))


def _write(house: House, rows: Iterator[tuple[str, Mapping[str, Any]]]) -> None:
    waiting = [Write("create", path, dict(fields)) for path, fields in rows]
    for start in range(0, len(waiting), WRITES_AT_ONCE):
        house.common.documents.commit(*waiting[start : start + WRITES_AT_ONCE])


if __name__ == "__main__":
    main()
