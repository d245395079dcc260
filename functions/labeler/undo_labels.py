"""Taking back what the labeler did: to one message, in one run, or since a time; what its user did since then stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from functions.labeler.carry_out import carry_out
from functions.labeler.desk import Desk
from functions.labeler.find_mail import How, look_up
from functions.labeler.keep_labels import LabelsTurnedOff
from functions.labeler.own_mailbox import find_own
from functions.labeler.services import Services
from functions.labeler.settle_runs import settle_runs
from shared.domain.caller import Caller
from shared.domain.label_run import LabelRun
from shared.domain.labeling_row import LabelingRow
from shared.domain.labels import Deed
from shared.domain.mailbox import Mailbox
from shared.errors import NotFound
from shared.usecases.collect_notices import collect_and_go
from shared.usecases.lease import leased
from shared.usecases.lost_grant import noting_lost_grant

LEASE: Final = timedelta(seconds=75)
"""Longer than this function may run (60 s, infra/terraform/functions.tf)."""
RUNS: Final = 200
"""Read at a time."""
AT_ONCE: Final = 2000
"""Messages taken back in one call; `more` says that there are others."""

Because = Literal[
    "not_labelled_by_us", "changed_since", "label_taken_off", "moved_by_user", "undone_already", "try_again"
]


@dataclass(frozen=True)
class UndoLabels:
    """What to take back: exactly one of these is given."""

    caller: Caller
    message: str | None
    run: str | None
    since: datetime | None


def undo_labels(values: UndoLabels, services: Services) -> dict[str, Any]:
    """Reverses our own deeds and remembers that, so that no later run does them again.

    5 units a message up to ten of a kind, 50 per 1,000 above; 20 a message up to twenty to see how they stand now, 5
    per 500 of our labels' mail above (`look_up`). What a run that died has left in doubt is settled first.
    Raises NotFound for a run that is not known, TryAgain while a run is at work.
    """
    mailbox = find_own(values.caller, services)
    with (
        noting_lost_grant(mailbox, services.mailboxes, services.clock, services.log),
        leased(mailbox.id, services.syncs, services.clock, lasting=LEASE) as held,
    ):
        row = services.labelings.get(mailbox.id) or LabelingRow(mailbox.id, mailbox.org)
        policy = services.orgs.get(mailbox.org)
        gmail = services.gmail.open(mailbox)
        desk = Desk(mailbox, row, gmail, policy, services, values.run or "undo", is_undo=True)
        settle_runs(held, desk)
        chosen, skipped = _chosen(mailbox, values, services)
        stands, unread = look_up(list(chosen), desk)
        deeds, untouched = _plan(chosen, stands)
        # Only of what is to be done: what is left as it is would come first in the next call again.
        more = len(deeds) > AT_ONCE
        failed = _carry_out(deeds[:AT_ONCE], desk) | unread
        collect_and_go(mailbox, held, gmail, services.collecting)
    skipped |= untouched | dict.fromkeys(failed, "try_again")
    services.log.event("labels.undone", mailbox=mailbox.id, count=len(desk.done), skipped=len(skipped))
    return {
        "reversed": len(desk.done),
        "skipped": [{"id": message_id, "because": because} for message_id, because in skipped.items()],
        "more": more,
    }


def _chosen(
    mailbox: Mailbox, values: UndoLabels, services: Services
) -> tuple[dict[str, Deed], dict[str, Because]]:
    """For each message the way back, from what our last deed left to what was before the first one that is undone."""
    runs = services.label_runs
    if values.message is not None:
        last = runs.last_deeds(mailbox.id, [values.message]).get(values.message)
        return ({values.message: last}, {}) if last else ({}, {values.message: "not_labelled_by_us"})
    if values.run is not None:
        run = runs.get(mailbox.id, values.run) if values.run.isalnum() else None
        if run is None:
            raise NotFound("There is no such run.", code="run_not_found")
        last_deeds = runs.last_deeds(mailbox.id, [deed.message_id for deed in run.certain])
        chosen: dict[str, Deed] = {}
        skipped: dict[str, Because] = {}
        for deed in run.certain:
            if last_deeds.get(deed.message_id, deed) == deed:
                chosen[deed.message_id] = deed
            else:
                skipped[deed.message_id] = "changed_since"
        return chosen, skipped
    return _since(mailbox, values.since or services.clock.now(), services), {}


def _since(mailbox: Mailbox, since: datetime, services: Services) -> dict[str, Deed]:
    """From what each message has now back to what it had then, over all deeds in between, undone ones too.

    What was taken back altogether is not among them: an earlier call has done and told that. One read a run.
    """
    chosen: dict[str, Deed] = {}
    for run in _runs_since(mailbox, since, services):
        for deed in run.certain:
            earlier = chosen.get(deed.message_id, deed)
            # Out of the Inbox by our doing, unless it is back there since.
            inbox = not deed.undone if deed.inbox else earlier.inbox
            is_undone = deed.after == earlier.before and not inbox
            chosen[deed.message_id] = Deed(deed.message_id, earlier.before, deed.after, is_undone, inbox)
    return {message_id: deed for message_id, deed in chosen.items() if not deed.undone}


def _runs_since(mailbox: Mailbox, since: datetime, services: Services) -> Iterator[LabelRun]:
    after: tuple[datetime, str] | None = None
    while page := services.label_runs.since(mailbox.id, since, RUNS, after):
        yield from page
        if len(page) < RUNS:
            break
        after = (page[-1].started_at, page[-1].id)


def _plan(chosen: Mapping[str, Deed], stands: Mapping[str, How]) -> tuple[list[Deed], dict[str, Because]]:
    deeds: list[Deed] = []
    skipped: dict[str, Because] = {}
    for message_id, how in stands.items():
        deed, ours = chosen[message_id], how.ours
        expected = {deed.after} if deed.after else set()
        if deed.undone:
            skipped[message_id] = "undone_already"
        elif ours == expected:
            # Only what is ours to invert: a mail that was outside the Inbox before stays outside, and one that its
            # user has thrown away since stays thrown away.
            inbox = deed.inbox and not how.thrown
            deeds.append(Deed(message_id, deed.after, deed.before, undone=True, inbox=inbox))
        else:
            skipped[message_id] = "moved_by_user" if ours else "label_taken_off"
    return deeds, skipped


def _carry_out(deeds: Sequence[Deed], desk: Desk) -> frozenset[str]:
    try:
        failed = carry_out(deeds, desk)
    except LabelsTurnedOff:
        failed = frozenset(deed.message_id for deed in deeds) - {deed.message_id for deed in desk.done}
    except BaseException:
        desk.finish("failed")
        raise
    desk.finish("done")
    return failed
