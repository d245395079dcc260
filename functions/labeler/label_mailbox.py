"""One mailbox's turn: collect what no push has brought, sort what waits, then follow what changed."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from functions.labeler.backfill_inbox import backfill_inbox
from functions.labeler.change_mailbox import change_mailbox
from functions.labeler.desk import Desk
from functions.labeler.follow_calendar import follow_calendar
from functions.labeler.follow_changes import follow_changes
from functions.labeler.hold_back import CHANGES_HELD, told_held
from functions.labeler.keep_labels import LABELS_DELETED, LabelsTurnedOff
from functions.labeler.services import Services
from functions.labeler.settle_runs import settle_runs
from functions.labeler.sort_new import sort_new
from shared.domain.categories import Category
from shared.domain.label_run import RunState
from shared.domain.labeling_row import LabelingRow
from shared.domain.mailbox import Health, Mailbox
from shared.domain.scopes import allows
from shared.errors import AppError, BadInput, NotFound, Postponed, Stale
from shared.ports.gmail import Gmail
from shared.usecases.collect_notices import collect_and_go, collect_notices
from shared.usecases.lease import Held, leased
from shared.usecases.lost_grant import noting_lost_grant
from shared.usecases.recount_mailbox import recount_mailbox

LEASE: Final = timedelta(minutes=10)
"""Longer than this function may run (540 s, infra/terraform/functions.tf): no two turns change the same mailbox."""
TURNED_ON_WITHIN: Final = timedelta(minutes=10)
"""Longer than a change of settings may run, which begins the rows before it writes the settings."""
FURTHEST_WEST: Final = timedelta(hours=12)
FURTHEST_EAST: Final = timedelta(hours=14)
"""Where on Earth the day begins last and first."""


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, in which run. `calendar`: the organisation's month has turned to this."""

    mailbox: str
    run: str
    calendar: str = ""


def parse_turn(payload: bytes) -> Turn:
    """Reads what the tick published. Raises BadInput for anything else."""
    try:
        document = json.loads(payload)
        turn = Turn(document["mailbox"], document["run"], document.get("calendar", ""))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("This is not a turn of the labeler's.", code="invalid_turn") from None
    texts = (turn.mailbox, turn.run, turn.calendar)
    if not (all(isinstance(text, str) for text in texts) and turn.mailbox.isalnum()):
        raise BadInput("This is not a turn of the labeler's.", code="invalid_turn")
    return turn


def label_mailbox(turn: Turn, services: Services) -> Mapping[str, Any]:
    """Sweeps and sorts one mailbox; answers what it did. A second turn with nothing new writes nothing in Gmail.

    Raises NotFound for a mailbox that is gone or has MailMagnet off, TryAgain if somebody else is at work on it,
    Postponed where the quota has no units: then the rows say that work waits, and the next tick goes on.
    """
    mailbox = services.mailboxes.get(turn.mailbox)
    if mailbox is None or not mailbox.settings.mailmagnet:
        _forget_rows(turn.mailbox, services)
    if mailbox is None or not mailbox.works or not mailbox.settings.mailmagnet:
        raise NotFound("This mailbox has no work to be done.", code="no_work")
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        leased(mailbox.id, services.syncs, services.clock, lasting=LEASE) as held,
    ):
        gmail = services.gmail.open(mailbox, "background", held.affordable(services.clock))
        held.pay(gmail, services.clock)
        collect_notices(mailbox, held, gmail, services.collecting)
        # What is sorted is read from the notices.
        held.settle()
        try:
            if held.state.recounting:
                recount_mailbox(mailbox, held, gmail, services.collecting)
            labelled = _sort(turn, mailbox, held, gmail, services)
        except AppError:
            # What was collected is not read again, whatever fails after it.
            with suppress(AppError):
                held.settle_way()
            raise
        collect_and_go(mailbox, held, gmail, services.collecting)
    summary = {"mailbox": mailbox.id, "notices": held.created, "labelled": labelled}
    services.log.event(
        "mailbox.labelled",
        mailbox=mailbox.id,
        run=turn.run,
        notices=held.created,
        count=sum(labelled.values()),
        gmail_units=gmail.units,
    )
    return summary


def _sort(
    turn: Turn, mailbox: Mailbox, held: Held, gmail: Gmail, services: Services
) -> Mapping[Category, int]:
    if not (mailbox.settings.labels and allows("labels", mailbox.scopes)):
        held.state = held.state.with_queue(())
        _rest(mailbox, services)
        return {}
    row = _row(mailbox, services)
    if not (held.state.unsorted or _waits(row) or _month_may_differ(row, turn, services.clock.now())):
        if row.held:
            # A mailbox that was connected anew is well again, but what was held still is.
            now = services.clock.now()
            change_mailbox(mailbox, lambda found: told_held(found, now), services)
        return {}
    desk = Desk(mailbox, row, gmail, services.orgs.get(mailbox.org), services, turn.run)
    try:
        _work(held, desk)
    except LabelsTurnedOff:
        held.state = held.state.with_queue(())
    except Postponed:
        _put_down(desk, "postponed")
        raise
    except NotFound:
        # The mailbox was disconnected meanwhile, and what was known of it is erased: nothing is written any more.
        raise
    except BaseException:
        desk.finish("failed")
        raise
    _put_down(desk, "held" if desk.row.held else "done")
    return desk.run.labelled if desk.run else {}


def _put_down(desk: Desk, state: RunState) -> None:
    desk.finish(state)
    # After the run: a turn that dies in between looks again, and finds nothing left to do.
    desk.save_row()
    _say(desk)


def _work(held: Held, desk: Desk) -> None:
    settle_runs(held, desk)
    sort_new(held, desk)
    if desk.run is not None and (desk.row.work or desk.row.calendar != desk.calendar):
        # What follows may fail by itself; what is sorted stays sorted.
        held.checkpoint()
    if desk.row.changed_since is not None and not desk.row.held:
        follow_changes(desk.row.changed_since, desk)
    if desk.row.calendar not in ("", desk.calendar) and not desk.row.held:
        follow_calendar(desk)
    if desk.row.backfill:
        backfill_inbox(desk)
    row = desk.row
    waiting = row.changed_since is not None or row.calendar not in ("", desk.calendar)
    # Who was refused is asked for again by the next job.
    refused = row.refused if row.backfill or waiting or held.state.unsorted else {}
    desk.row = replace(row, work=row.backfill or (waiting and not row.held), refused=refused)


def _forget_rows(mailbox: str, services: Services) -> None:
    """Ends rows that nobody asks for: who turned MailMagnet on died before the settings said so. Else no tick would
    ever pass them over. Two reads, two writes.
    """
    state = services.syncs.get(mailbox)
    if state is not None and state.since and services.clock.now() < state.since + TURNED_ON_WITHIN:
        return
    with suppress(Stale):
        if state is not None:
            services.syncs.delete(mailbox, state.version)
        services.labelings.delete(mailbox)


def _waits(row: LabelingRow) -> bool:
    """Whether labels have work. A backfill has, also where labels went on while `_rest` put the row down."""
    return row.work or row.backfill


def _rest(mailbox: Mailbox, services: Services) -> None:
    """While labels are off, no tick need come for them; what has changed meanwhile stays marked. One read."""
    row = services.labelings.get(mailbox.id)
    if row is not None and row.work:
        # Whoever has just written to the row is heard at the next turn.
        with suppress(Stale):
            services.labelings.save(replace(row, work=False))


def _row(mailbox: Mailbox, services: Services) -> LabelingRow:
    row = services.labelings.get(mailbox.id)
    if row is None:
        # Labels went on, and whoever turned them on died before this row was written.
        services.labelings.begin(mailbox.id, mailbox.org)
        row = services.labelings.get(mailbox.id)
    if row is None:
        raise NotFound("Labels have ended for this mailbox.", code="no_work")
    return row


def _month_may_differ(row: LabelingRow, turn: Turn, now: datetime) -> bool:
    """Whether it can be another month in the organisation's zone, without reading which zone that is."""
    if turn.calendar and turn.calendar != row.calendar:
        return not row.held
    months = {f"{moment:%Y-%m}" for moment in (now - FURTHEST_WEST, now + FURTHEST_EAST)}
    return months != {row.calendar[:7]} and not row.held


def _say(desk: Desk) -> None:
    """Keeps in the mailbox row when the labeler last did something, and that changes are held; a health that was ours
    and is over becomes ok.
    """
    now = desk.services.clock.now()

    def told(mailbox: Mailbox) -> Mailbox:
        if desk.run is not None:
            mailbox = replace(mailbox, labeling=replace(mailbox.labeling, last_run_at=now))
        if not mailbox.settings.labels:
            return mailbox
        if desk.row.held:
            return told_held(mailbox, now)
        is_over = mailbox.health.code in (CHANGES_HELD, LABELS_DELETED)
        return replace(mailbox, health=Health("ok", now)) if is_over else mailbox

    desk.change_mailbox(told)
