"""What the labeler did in a mailbox, newest first: for its owner, and for the organisation's admin."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.labeler.own_mailbox import find_in_org, find_own
from functions.labeler.services import Services
from shared.domain.caller import Caller
from shared.domain.categories import CATEGORIES
from shared.domain.label_run import LabelRun


@dataclass(frozen=True)
class ListRuns:
    """A page of `limit` runs after `cursor`. `mailbox` is one of the admin's organisation; None: the caller's own."""

    caller: Caller
    limit: int
    cursor: str | None
    mailbox: str | None = None


def list_runs(values: ListRuns, services: Services) -> dict[str, Any]:
    """One query, one read a run: numbers, no mail. Raises NotFound (codes not_connected, mailbox_not_found)."""
    caller, wanted = values.caller, values.mailbox
    mailbox = find_own(caller, services) if wanted is None else find_in_org(caller, wanted, services)
    bound_to = (mailbox.org, mailbox.user, "label-runs")
    before = None
    if values.cursor is not None:
        position = services.cursors.open(values.cursor, bound_to)
        before = (datetime.fromisoformat(position["at"]), str(position["id"]))
    runs = services.label_runs.page(mailbox.id, before, values.limit)
    cursor = None
    if len(runs) == values.limit:
        position = {"at": runs[-1].started_at.isoformat(), "id": runs[-1].id}
        cursor = services.cursors.seal(position, bound_to)
    return {"items": [_shown(run) for run in runs], "next_cursor": cursor}


def _shown(run: LabelRun) -> dict[str, Any]:
    labelled = {} if run.is_undo else run.labelled
    return {
        "id": run.id,
        "started_at": run.started_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "labelled": {category: labelled.get(category, 0) for category in CATEGORIES},
        "taken_off": 0 if run.is_undo else run.taken_off,
        "undone": len(run.certain) if run.is_undo else 0,
        "gmail_units": run.units,
        "duration_ms": run.duration_ms,
        "state": run.state,
    }
