"""One organisation's turn: what changed in its CRM, or the month, is handed on to the mailboxes it matters to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from functions.labeler.read_changes import change_pages
from functions.labeler.services import Services
from shared.domain.categories import calendar_of
from shared.domain.labeling_row import contact_keys, org_key
from shared.domain.sync import hour_of, slot_at, slot_of
from shared.errors import BadInput, NotFound
from shared.ports.labeling import CrmCursor
from shared.usecases.at_once import at_once

KEYS_PER_QUERY: Final = 30
SEARCHED_EVERY: Final = timedelta(hours=1)
"""How often every mailbox is searched for addresses that a CRM may have given its contacts without saying so."""
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


@dataclass(frozen=True)
class _Changes:
    """What the CRM says: mailboxes with mail of changed contacts, and its time to go on from.

    `told`: contacts have got new addresses. `untold`: contacts with addresses changed, any of which may be new.
    """

    holders: tuple[str, ...]
    at: datetime
    told: bool
    untold: bool


def spread_changes(turn: OrgTurn, services: Services) -> Mapping[str, Any]:
    """Marks and publishes the mailboxes that hold mail of changed contacts; all of them where a contact has got an
    address, whose mail may lie in any, and at the turn of the month. Where the CRM does not tell new addresses, all of
    them once an hour at most, for everything that has changed since the last time.

    Where no mailbox of the organisation keeps what labels need (MailMagnet is off, or it is disconnected), the cursor
    ends: looked for once a day, one read.

    One CRM call per 200 changed contacts; two reads, one query per 30 changed contacts, one read and one write a
    mailbox that is marked. The cursor moves last: a turn that dies is done again, and a mark does no harm.
    """
    cursor = services.crm_cursors.get(turn.org)
    if cursor is None:
        raise NotFound("This organisation has no labels.", code="no_work")
    now = services.clock.now()
    if _is_time_to_look(turn.org, now) and _has_ended(cursor, services):
        raise NotFound("This organisation has no labels any more.", code="no_work")
    policy = services.orgs.get(turn.org)
    calendar = calendar_of(ZoneInfo(policy.time_zone), now, count_won_this_month=policy.count_won_this_month)
    changes = _read(cursor, services)
    untold_since = cursor.untold_since or (cursor.since if changes.untold else None)
    is_due = untold_since is not None and not _searched_lately(cursor, now)
    marks = dict.fromkeys(changes.holders, cursor.since)
    if changes.told or is_due:
        since = min(cursor.since, untold_since) if is_due and untold_since else cursor.since
        marks = dict.fromkeys(_all_of(turn.org, services), since)
    for _ in at_once(MARKED_AT_ONCE, marks, lambda m: services.labelings.mark_changed(m, marks[m])):
        pass
    mailboxes = dict.fromkeys(marks)
    if calendar != cursor.calendar:
        mailboxes |= dict.fromkeys(_all_of(turn.org, services))
    published = _publish(list(mailboxes), calendar, turn, services)
    after = replace(cursor, since=changes.at, calendar=calendar, untold_since=untold_since)
    if is_due:
        after = replace(after, untold_since=None, searched_at=now)
    if after != cursor:
        services.crm_cursors.save(after)
    services.log.event("changes.spread", org=turn.org, run=turn.run, count=len(mailboxes))
    return {"org": turn.org, "mailboxes": len(mailboxes), "published": published}


def _is_time_to_look(org: str, now: datetime) -> bool:
    key = org_key(org)
    return (hour_of(key), slot_of(key)) == (now.hour, slot_at(now))


def _has_ended(cursor: CrmCursor, services: Services) -> bool:
    """Labels that go on write their mailbox's row first, and then begin the cursor: one that we find without rows is
    either the same still when it ends, or another version, and stays.
    """
    if services.labelings.of_org(cursor.org, 1) or not services.crm_cursors.end(cursor):
        return False
    services.log.event("changes.ended", org=cursor.org)
    return True


def _searched_lately(cursor: CrmCursor, now: datetime) -> bool:
    return cursor.searched_at is not None and now - cursor.searched_at < SEARCHED_EVERY


def _read(cursor: CrmCursor, services: Services) -> _Changes:
    """The same moment to go on from where nothing has changed."""
    holders: dict[str, None] = {}
    at: datetime | None = None
    changed = told = untold = False
    for page in change_pages(cursor.org, cursor.since, services.connector):
        at = at or page.now
        keys = sorted(contact_keys(cursor.org, (change.contact for change in page.changed)))
        changed = changed or bool(keys)
        told = told or any(change.new_addresses for change in page.changed)
        untold = untold or any(change.new_addresses is None and change.gained for change in page.changed)
        for start in range(0, len(keys), KEYS_PER_QUERY):
            holders |= dict.fromkeys(services.labelings.holding(keys[start : start + KEYS_PER_QUERY]))
    return _Changes(tuple(holders), at if changed and at is not None else cursor.since, told, untold)


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
