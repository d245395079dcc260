"""What the labeler remembers: its row of a mailbox, its runs, how far it has read the CRM's changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.domain.label_run import LabelRun
from shared.domain.labeling_row import LabelingRow
from shared.domain.labels import Deed


class LabelingStore(Protocol):
    """The labeler's own rows, by mailbox."""

    def get(self, mailbox: str) -> LabelingRow | None: ...

    def begin(self, mailbox: str, org: str) -> None:
        """Labels went on: the Inbox is to be sorted from its newest mail on. What was known of contacts stays."""
        ...

    def save(self, row: LabelingRow) -> LabelingRow:
        """Writes all but `contacts`, if it is still the version read. Raises Stale if it is not, or is gone."""
        ...

    def add_contacts(self, row: LabelingRow, keys: Collection[str]) -> object:
        """Remembers contacts whose mail may carry our labels: one write. Answers the row's new version.

        Raises Stale if the row is not the version that was read, or is gone.
        """
        ...

    def mark_changed(self, mailbox: str, since: datetime) -> None:
        """Asks the next turn to follow the CRM's changes since then, or since an earlier moment that was asked for."""
        ...

    def wake(self, mailbox: str) -> None:
        """Asks the next turn to look at this mailbox's labels: one write, if there is a row."""
        ...

    def confirm(self, mailbox: str, org: str) -> bool:
        """Lets a run that was held go on; False if none is held in this organisation's mailbox."""
        ...

    def holding(self, keys: Sequence[str]) -> Sequence[str]:
        """Mailboxes that hold mail of any of at most 30 contacts: one query, one read each, at least one."""
        ...

    def with_work(self, limit: int, after: str | None = None) -> Sequence[str]:
        """Mailboxes with work other than new mail, ordered, following `after`."""
        ...

    def of_org(self, org: str, limit: int, after: str | None = None) -> Sequence[str]:
        """An organisation's mailboxes that have labels, ordered, following `after`."""
        ...

    def delete(self, mailbox: str) -> int: ...


class LabelRunStore(Protocol):
    """What the labeler did, by mailbox."""

    def put(self, mailbox: str, run: LabelRun) -> None:
        """Writes a run, new or not."""
        ...

    def get(self, mailbox: str, run: str) -> LabelRun | None: ...

    def page(self, mailbox: str, before: tuple[datetime, str] | None, limit: int) -> Sequence[LabelRun]:
        """Newest first, older than the run that `before` names."""
        ...

    def since(
        self, mailbox: str, since: datetime, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[LabelRun]:
        """Runs started at or after `since`, oldest first, following the run that `after` names."""
        ...

    def last_deeds(self, mailbox: str, message_ids: Collection[str]) -> Mapping[str, Deed]:
        """Our last certain deed on each of these messages. One query per 30 ids; one read a run, at least one."""
        ...

    def unsettled(self, mailbox: str) -> Sequence[LabelRun]:
        """Runs with deeds that nobody knows to be done, oldest first: one query, one read each, at least one."""
        ...

    def has_any(self, mailbox: str) -> bool:
        """Whether anything is remembered: one read."""
        ...

    def delete_all(self, mailbox: str) -> int: ...


@dataclass(frozen=True)
class CrmCursor:
    """How far an organisation's changes are handed on. `since` is the CRM's own time.

    `untold_since`: from then on (CRM's time) contacts changed without the CRM saying which of their addresses are new,
    and not every mailbox is searched for these yet. `searched_at`: when all were last (UTC).
    """

    org: str
    since: datetime
    calendar: str = ""
    untold_since: datetime | None = None
    searched_at: datetime | None = None
    version: object = field(default=None, compare=False)


class CrmCursorStore(Protocol):
    """One change cursor per organisation."""

    def get(self, org: str) -> CrmCursor | None: ...

    def begin(self, cursor: CrmCursor) -> None:
        """Writes a first cursor; an existing one stays where it is, and is another version from then on."""
        ...

    def end(self, cursor: CrmCursor) -> bool:
        """Deletes the cursor, unless it has begun again or moved since it was read: then the answer is False."""
        ...

    def save(self, cursor: CrmCursor) -> None: ...

    def orgs(self, limit: int, after: str | None = None) -> Sequence[tuple[str, str]]:
        """(document id, organisation) of all that have labels, ordered, following the document id `after`."""
        ...
