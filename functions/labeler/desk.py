"""One turn in one mailbox: what it works with, and how its deeds are written down before and after they are done."""

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from functions.labeler.change_mailbox import change_mailbox
from functions.labeler.services import Services
from shared.domain.categories import Category, calendar_of
from shared.domain.contact import Contact, by_address
from shared.domain.label_run import KEPT_BEYOND_LOOK_BACK, LabelRun, RunState
from shared.domain.labeling_row import GIVEN_UP, REFUSAL, REFUSED_MOST, LabelingRow, contact_keys
from shared.domain.labels import Deed, wanted_by_address
from shared.domain.mailbox import Mailbox
from shared.domain.policy import Policy
from shared.errors import AppError, BadInput, Misconfigured, NotFound, Stale, Throttled
from shared.ports.gmail import Gmail
from shared.usecases.lease import SAVES, busy

CATCHES_UP: Final = (
    ("changed_since",),
    # A place in one search means nothing in another: these are of one backfill, or of the one begun anew.
    ("backfill", "backfill_before", "backfill_left", "backfill_more"),
    ("held",), ("confirmed",), ("refused",), ("contacts",),
)  # fmt: skip
"""Fields of the row that others write too, by what changes together."""


@dataclass
class Desk:
    """What a turn has in hand. `mailbox` and `row` change as the turn goes on; `found` is the row as it was read.

    `doubts` are deeds that were written down and are not known to be done.
    """

    mailbox: Mailbox
    row: LabelingRow
    gmail: Gmail
    policy: Policy
    services: Services
    tick: str
    is_undo: bool = False
    run: LabelRun | None = None
    done: list[Deed] = field(default_factory=list)
    doubts: list[Deed] = field(default_factory=list)
    checks_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.checks_left = self.services.checks_a_turn
        self.found = self.row
        self.now = self.services.clock.now()
        self._started = time.monotonic()
        self._counted: set[str] = set()
        self._units_before = self.gmail.units

    @property
    def has_read(self) -> bool:
        """Whether this turn has read headers."""
        return self.checks_left < self.services.checks_a_turn

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's."""
        return ZoneInfo(self.policy.time_zone)

    @property
    def calendar(self) -> str:
        """The month and setting that labels must be right for now."""
        return calendar_of(self.zone, self.now, count_won_this_month=self.policy.count_won_this_month)

    @property
    def look_back(self) -> datetime:
        """Mail received before this moment does not follow changes any more."""
        return self.policy.look_back(self.now)

    def wanted(
        self, addresses: Collection[str], contacts: Mapping[str, Sequence[Contact]]
    ) -> Mapping[str, Category | None]:
        """What mail from each address earns now."""
        return wanted_by_address(
            addresses, contacts, self.zone, self.now, count_won_this_month=self.policy.count_won_this_month
        )

    def contacts_of(self, addresses: Iterable[str]) -> Mapping[str, tuple[Contact, ...]]:
        """The contacts with these addresses, each remembered as having mail here: one call per 200 addresses.

        Where one is new, the CRM is asked again after it is remembered: a change in between would reach nobody.
        """
        org, wanted = self.mailbox.org, frozenset(addresses)
        contacts = self.services.connector.lookup(org, wanted) if wanted else []
        new = contact_keys(org, contacts) - self.row.contacts
        if new:
            self._remember(new)
            contacts = self.services.connector.lookup(org, wanted)
        return by_address(contacts)

    def note(self, deeds: Sequence[Deed]) -> None:
        """Writes down what is about to be done: one write. Until it is done, the run says `running`."""
        if self.run is None:
            kept = timedelta(days=self.policy.label_look_back_days) + KEPT_BEYOND_LOOK_BACK
            run_id = uuid.uuid4().hex
            self.run = LabelRun(run_id, self.tick, self.now, self.now + kept, is_undo=self.is_undo)
        self.doubts += deeds
        self._write_run(replace(self.run, state="running"))

    def note_refused(self, failed: Mapping[str, AppError], *, others_work: bool) -> frozenset[str]:
        """Counts, once a turn, that Gmail did not show or change these; those that are given up with it.

        `others_work`: it did so for others. Who takes back hears of each failure, and nothing is given up.
        """
        if self.is_undo:
            return frozenset()
        counts = {
            i: self.row.refused.get(i, 0) + weight
            for i, error in failed.items()
            if i not in self._counted and (weight := _weight(error, others_work))
        }
        if counts:
            self._counted |= counts.keys()
            kept = list({**self.row.refused, **counts}.items())[-REFUSED_MOST:]
            self.row = replace(self.row, refused=dict(kept))
        given_up = frozenset(i for i in failed if self.row.refused.get(i, 0) >= GIVEN_UP)
        for message_id in sorted(given_up & counts.keys()):
            self.services.log.event(
                "message.set_aside", "ERROR", mailbox=self.mailbox.id, message_id=message_id
            )
        return given_up

    def settle(self, done: Collection[Deed], *, not_done: Collection[Deed] = ()) -> None:
        """These deeds are in doubt no more."""
        known = {*done, *not_done}
        self.doubts = [deed for deed in self.doubts if deed not in known]
        self.done += done

    def finish(self, state: RunState) -> None:
        """Writes down what was done and what it cost: one write, where there is a run at all."""
        if self.run is not None:
            duration = round((time.monotonic() - self._started) * 1000)
            units = self.gmail.units - self._units_before
            self._write_run(replace(self.run, state=state, units=units, duration_ms=duration))
            self.services.log.event(
                "run.finished",
                mailbox=self.mailbox.id,
                run=self.tick,
                outcome=state,
                count=len(self.done),
                gmail_units=units,
                duration_ms=duration,
            )

    def _write_run(self, run: LabelRun) -> None:
        self.run = replace(run, deeds=(*self.done, *self.doubts), doubtful=len(self.doubts))
        self.services.label_runs.put(self.mailbox.id, self.run)

    def save_row(self) -> None:
        """Writes the row if this turn has changed it; what others asked for meanwhile stays asked for."""
        for _ in range(SAVES):
            if replace(self.row, version=None) == replace(self.found, version=None):
                return
            try:
                self.found = self.row = self.services.labelings.save(self.row)
                return
            except Stale:
                self._catch_up()
        raise busy()

    def change_mailbox(self, change: Callable[[Mailbox], Mailbox]) -> None:
        """Writes what `change` makes of the mailbox row, over nothing that others have written meanwhile."""
        self.mailbox = change_mailbox(self.mailbox, change, self.services)

    def _remember(self, keys: Collection[str]) -> None:
        for _ in range(SAVES):
            try:
                fresh = self.services.labelings.add_contacts(self.row, keys)
            except Stale:
                self._catch_up()
                continue
            known = self.row.contacts | frozenset(keys)
            self.row = replace(self.row, contacts=known, version=fresh)
            self.found = replace(self.found, contacts=known, version=fresh)
            return
        raise busy()

    def _catch_up(self) -> None:
        """Takes over what others wrote into the row since it was read: a mark of changes, a confirmation, a restart."""
        fresh = self.services.labelings.get(self.mailbox.id)
        if fresh is None:
            raise NotFound("Labels have ended for this mailbox.", code="no_work")
        changes = {
            name: getattr(fresh, name)
            for group in CATCHES_UP
            if any(getattr(fresh, name) != getattr(self.found, name) for name in group)
            for name in group
        }
        work = self.row.work or fresh.work
        self.row = replace(self.row, **changes, work=work, version=fresh.version)
        self.found = fresh


def _weight(error: AppError, others_work: bool) -> int:
    """Much where it is Gmail's word about the message, little where it may pass, nothing where it is about all."""
    if isinstance(error, Throttled | Misconfigured):
        return 0
    if isinstance(error, BadInput) or error.code == "gmail_garbled":
        return REFUSAL
    if not others_work:
        return 0
    return 1 if error.act == "retry" else REFUSAL
