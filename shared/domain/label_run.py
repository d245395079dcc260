"""A turn of the labeler as it is remembered: ids, labels of ours and counts, nothing of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from shared.domain.categories import CATEGORIES, Category
from shared.domain.labels import Deed

RunState = Literal["running", "done", "failed", "held", "postponed"]
"""`postponed`: there were units for a part only, and the next tick goes on."""

KEPT_BEYOND_LOOK_BACK: Final = timedelta(days=30)
"""A run is remembered so much longer than changes look back: what its user did stays known as long as it matters."""


@dataclass(frozen=True)
class LabelRun:
    """One turn in one mailbox. `tick` is the run of the tick that asked for it; times are UTC.

    The last `doubtful` of its deeds were written down before Gmail was asked, and nobody knows yet whether they were
    done: a turn that is killed leaves them so, and the next one looks (`running` until then).
    """

    id: str
    tick: str
    started_at: datetime
    expires_at: datetime
    state: RunState = "running"
    deeds: tuple[Deed, ...] = ()
    units: int = 0
    duration_ms: int = 0
    is_undo: bool = False
    doubtful: int = 0

    @property
    def certain(self) -> tuple[Deed, ...]:
        """What was done."""
        return self.deeds[: len(self.deeds) - self.doubtful]

    @property
    def in_doubt(self) -> tuple[Deed, ...]:
        """What may have been done."""
        return self.deeds[len(self.deeds) - self.doubtful :]

    @property
    def labelled(self) -> Mapping[Category, int]:
        """How many messages got each label."""
        return {c: n for c in CATEGORIES if (n := sum(deed.after == c for deed in self.certain))}

    @property
    def taken_off(self) -> int:
        """How many messages lost a label of ours and got no other."""
        return sum(deed.after is None for deed in self.certain)
