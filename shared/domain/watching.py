"""When Gmail's watches are renewed: every day, each mailbox in its own hour, long before the seven days are over."""

from datetime import datetime, timedelta
from typing import Final

from shared.domain.mailbox import Mailbox

LIFETIME: Final = timedelta(days=7)
"""https://developers.google.com/workspace/gmail/api/guides/push#renewing_mailbox_watch"""
LATE: Final = timedelta(days=6)
"""With less than this left a day has passed without a renewal: it is made up for in any hour."""
FRESH: Final = timedelta(days=6, hours=23)
"""With more than this left there is nothing to renew: the job has run twice, or MailMagnet has just gone on."""
LAPSED: Final = timedelta(hours=2)
"""A watch that ended so recently is still tried in every hour; later, once a day in the mailbox's own."""
ALARM: Final = timedelta(hours=48)
"""With less than this left the operator is told."""
WATCH_CODES: Final = frozenset({"topic_not_granted", "other_push_client", "watch_lapsed"})
"""Health codes that a successful renewal ends."""


def is_fresh(expires_at: datetime | None, now: datetime) -> bool:
    """Whether renewing can wait for the mailbox's next hour."""
    return expires_at is not None and expires_at - now > FRESH


def is_alarming(expires_at: datetime | None, now: datetime) -> bool:
    """Whether a watch that could not be renewed is about to end, or has ended."""
    return expires_at is None or expires_at - now < ALARM


def has_lapsed(mailbox: Mailbox, now: datetime) -> bool:
    """Whether Gmail tells us of no new mail though MailMagnet is at work."""
    ends = mailbox.watch_expires_at
    return mailbox.settings.mailmagnet and not mailbox.settings.paused and ends is not None and ends <= now


def health_after(failure: str | None, expires_at: datetime | None, now: datetime) -> str | None:
    """The health code that a renewal leads to: `failure` is the error's code, None success. None: no change."""
    if failure is None:
        return "ok"
    if failure in WATCH_CODES:
        return failure
    return "watch_lapsed" if expires_at is None or expires_at <= now else None
