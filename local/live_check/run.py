"""Runs the checks one after the other, cleans up whatever happens, and writes down what was seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Final

from google.auth.exceptions import RefreshError, TransportError
from googleapiclient.errors import HttpError
from httplib2 import HttpLib2Error

from local.live_check.check import Check, NotAsked, Verdict
from local.live_check.mailbox import Mailbox, Unclear
from local.live_check.table import ELSEWHERE

FOUND: Final[frozenset[Verdict]] = frozenset({"differs", "unclear"})
"""What a person should look at."""
_UNREADABLE: Final = (KeyError, ValueError, TypeError, OSError, HTTPException, HttpLib2Error, TransportError)
"""A name that is not found, an answer that is cut off and a token that cannot be had without a network are errors of
their libraries' own, and no OSError."""


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    id: str
    verdict: Verdict
    expects: str
    saw: str


@dataclass(frozen=True)
class Outcome:
    """The rows, the mails that could not be deleted again (None: it is not known), and the units of the whole run."""

    rows: tuple[Row, ...]
    left_behind: int | None
    units: int

    @property
    def passed(self) -> bool:
        """Whether Gmail is as docs/traps.md says wherever it was asked, and nothing of ours is left."""
        return self.left_behind == 0 and not any(row.verdict in FOUND for row in self.rows)


def run(mailbox: Mailbox, checks: Sequence[Check], tell: Callable[[Row], None]) -> Outcome:
    """Asks every check, also after one has failed. An interruption cleans up and goes on its way."""
    rows: list[Row] = []

    def ask(those: Iterable[Check]) -> None:
        for check in those:
            rows.append(_ask(check, mailbox))
            tell(rows[-1])

    left_behind: int | None = None
    try:
        ask(check for check in checks if not check.is_last)
    finally:
        left_behind = _clean(mailbox)
    ask(check for check in checks if check.is_last)
    return Outcome(tuple(rows), left_behind, mailbox.units)


def _ask(check: Check, mailbox: Mailbox) -> Row:
    verdict: Verdict
    try:
        finding = check.ask(mailbox)
    except NotAsked as lacking:
        verdict, saw = "not asked", str(lacking)
    except Unclear as doubt:
        verdict, saw = "unclear", str(doubt)
    except RefreshError:
        verdict, saw = "unclear", "Google no longer takes the token"
    except HttpError as refusal:
        # Its text holds the URL, and that the search's words.
        verdict, saw = "unclear", f"Gmail answered {refusal.resp.status}"
    except _UNREADABLE as fault:
        verdict, saw = "unclear", f"Gmail's answer could not be read ({type(fault).__name__})"
    else:
        verdict, saw = ("as built" if finding.agrees else "differs"), finding.saw
    return Row(check.id, verdict, check.expects, saw)


def _clean(mailbox: Mailbox) -> int | None:
    try:
        return mailbox.clean()
    except (RefreshError, HttpError, *_UNREADABLE):
        return None


def table(rows: Iterable[Row]) -> str:
    """For a terminal."""
    return "\n".join(f"{row.verdict:<10}{row.id:<17}{row.saw}" for row in rows)


def report(outcome: Outcome, when: datetime, commit: str) -> str:
    """A page in Markdown. It holds ids, our own sentences and numbers: nothing of a mail, no address."""
    lines = [
        "# What live Gmail did",
        "",
        f"{when:%Y-%m-%d %H:%M} UTC, commit {commit}. Ids are those of docs/traps.md.",
        "",
        "| id | verdict | built | seen |",
        "| --- | --- | --- | --- |",
        *(f"| {row.id} | {row.verdict} | {row.expects} | {row.saw} |" for row in outcome.rows),
        "",
        f"The run should have cost {outcome.units:,} units, more where Gmail asked to wait. Mails left behind: "
        f"{'unknown' if outcome.left_behind is None else outcome.left_behind}.",
        "",
        "Not to be asked of a mailbox:",
        "",
        *(f"- {name}: {how}." for name, how in ELSEWHERE.items()),
    ]
    return "\n".join(lines) + "\n"
