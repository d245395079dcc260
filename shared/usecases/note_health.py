"""Health by cause, written where the cause is met, and cleared where it works again."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from shared.domain.mailbox import Health, Mailbox
from shared.domain.watching import has_lapsed
from shared.errors import AppError, NotFound, Stale
from shared.log import Log
from shared.ports.clock import Clock
from shared.ports.mailboxes import MailboxStore

_CAUSES: Final[Mapping[str, str]] = {
    "blocked_by_admin": "blocked_by_admin",
    "gmail_not_enabled": "gmail_not_enabled",
    "quota_exhausted": "quota",
    "gmail_api_disabled": "gmail_api_disabled",
    "oauth_client_invalid": "oauth_client_invalid",
    "exists_in_gmail": "label_conflict",
    "label_names_taken": "label_conflict",
    "gmail_down": "google_down",
    "gmail_no_answer": "google_down",
    "google_down": "google_down",
    "google_no_answer": "google_down",
}
"""Error code -> the health code it leads to. A throttle passes within the minute and is nobody's illness."""

PASSING: Final = frozenset(_CAUSES.values())
"""Health codes that end when a call to Gmail succeeds."""


def note_failure(mailbox: Mailbox, error: AppError, mailboxes: MailboxStore, clock: Clock, log: Log) -> None:
    """Writes the health that an error of Google's leads to: one write when it begins, none while it lasts.

    What is wrong already, and does not end by itself, is told on.
    """
    code = _CAUSES.get(error.code)
    if code == "google_down" and has_lapsed(mailbox, clock.now()):
        # That passes by itself; without a watch notices come late until somebody has acted.
        code = "watch_lapsed"
    if code is None or code == mailbox.health.code or mailbox.health.code not in PASSING | {"ok"}:
        return
    _write(mailbox, code, mailboxes, clock)
    log.event("mailbox.health", "WARNING", mailbox=mailbox.id, code=code)


def note_success(mailbox: Mailbox, mailboxes: MailboxStore, clock: Clock, log: Log) -> None:
    """Clears what a success disproves: one write when it ends. Labels that clash end once all three are there."""
    if mailbox.health.code not in PASSING or (
        mailbox.health.code == "label_conflict" and len(mailbox.labels) < 3
    ):
        return
    # What Google's illness has hidden is told now.
    code = "watch_lapsed" if has_lapsed(mailbox, clock.now()) else "ok"
    _write(mailbox, code, mailboxes, clock)
    log.event("mailbox.health", mailbox=mailbox.id, code=code)


def _write(mailbox: Mailbox, code: str, mailboxes: MailboxStore, clock: Clock) -> None:
    # Whoever has changed the row meanwhile knows better, or it is gone; the next call looks again.
    with suppress(Stale, NotFound):
        mailboxes.update(replace(mailbox, health=Health(code, clock.now())), "health", if_unchanged=True)
