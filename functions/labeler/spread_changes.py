"""One organisation's turn: what changed in its CRM, or the month, is handed on to the mailboxes it matters to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from functions.labeler.read_changes import change_pages
from functions.labeler.services import Services
from shared.domain.categories import calendar_of
from shared.domain.labeling_row import contact_keys
from shared.errors import BadInput, NotFound
from shared.ports.labeling import CrmCursor
from shared.usecases.at_once import at_once

KEYS_PER_QUERY: Final = 30
PAGE: Final = 300
MARKED_AT_ONCE: Final = 8
"""Firestore's 20 ms for a read and a write, side by side: 10,000 mailboxes in half a minute."""


@dataclass(frozen=True)
class OrgTurn:
    """Whose turn it is, in which run."""

    org: str
    run: str


def parse_org_turn(payload: bytes) -> OrgTurn:
    """Reads what the tick published. Raises BadInput for anything else."""
    try:
        document = json.loads(payload)
        turn = OrgTurn(document["org"], document["run"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("This is not a turn of the labeler's.", code="invalid_turn") from None
    if not (isinstance(turn.org, str) and isinstance(turn.run, str)):
        raise BadInput("This is not a turn of the labeler's.", code="invalid_turn")
    return turn


def spread_changes(turn: OrgTurn, services: Services) -> Mapping[str, Any]:
    """Marks and publishes the mailboxes that hold mail of changed contacts; all of them where a contact has got an
    address, whose mail may lie in any, and at the turn of the month.

    One CRM call per 200 changed contacts; two reads, one query per 30 changed contacts, one read and one write a
    mailbox that is marked. The cursor moves last: a turn that dies is done again, and a mark does no harm.
    """
    cursor = services.crm_cursors.get(turn.org)
    if cursor is None:
        raise NotFound("This organisation has no labels.", code="no_work")
    policy, now = services.orgs.get(turn.org), services.clock.now()
    calendar = calendar_of(ZoneInfo(policy.time_zone), now, count_won_this_month=policy.count_won_this_month)
    marked, at = _mark_holders(cursor, services)
    mailboxes = dict.fromkeys(marked)
    if calendar != cursor.calendar:
        mailboxes |= dict.fromkeys(_all_of(turn.org, services))
    published = _publish(list(mailboxes), calendar, turn, services)
    after = replace(cursor, since=at, calendar=calendar)
    if mailboxes or calendar != cursor.calendar or at is not cursor.since:
        services.crm_cursors.save(after)
    services.log.event("changes.spread", org=turn.org, run=turn.run, count=len(mailboxes))
    return {"org": turn.org, "mailboxes": len(mailboxes), "published": published}


def _mark_holders(cursor: CrmCursor, services: Services) -> tuple[list[str], datetime]:
    """The mailboxes that were marked, and the CRM's time to go on from; the same moment where nothing has changed."""
    holders: dict[str, None] = {}
    at: datetime | None = None
    changed = gained = False
    for page in change_pages(cursor.org, cursor.since, services.connector):
        at = at or page.now
        keys = sorted(contact_keys(cursor.org, (change.contact for change in page.changed)))
        changed = changed or bool(keys)
        gained = gained or any(change.gained for change in page.changed)
        for start in range(0, len(keys), KEYS_PER_QUERY):
            holders |= dict.fromkeys(services.labelings.holding(keys[start : start + KEYS_PER_QUERY]))
    if gained:
        holders |= dict.fromkeys(_all_of(cursor.org, services))
    for _ in at_once(MARKED_AT_ONCE, holders, lambda m: services.labelings.mark_changed(m, cursor.since)):
        pass
    return list(holders), at if changed and at is not None else cursor.since


def _all_of(org: str, services: Services) -> Iterator[str]:
    after: str | None = None
    while page := services.labelings.of_org(org, PAGE, after):
        yield from page
        after = page[-1]


def _publish(mailboxes: Sequence[str], calendar: str, turn: OrgTurn, services: Services) -> list[str]:
    published: list[str] = []
    for start in range(0, len(mailboxes), PAGE):
        messages = [
            json.dumps({"mailbox": mailbox, "run": turn.run, "calendar": calendar}).encode()
            for mailbox in mailboxes[start : start + PAGE]
        ]
        published += services.publisher.publish(services.label_topic, messages)
    return published
