"""What Gmail's status and reason mean to us: one pure table.

Reasons decide, never the status alone: of all 403 only two may be tried again
(https://developers.google.com/gmail/api/guides/handle-errors).
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from shared import errors

_RATE_LIMITS: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_LONGEST_WAIT_S: Final = 3600.0

Make = Callable[[float], errors.AppError]

_TABLE: Final[Mapping[tuple[int, str], Make]] = {
    (400, "labelId not found"): lambda _: errors.LabelGone("A label of ours was deleted in Gmail."),
    (400, "failedPrecondition"): lambda _: errors.NotAllowed(
        "Gmail is not enabled for this account.", code="gmail_not_enabled"
    ),
    (400, "one push client"): lambda _: errors.Misconfigured(
        "Another topic of the same Google Cloud project has this account's only watch.",
        code="other_push_client",
    ),
    (401, ""): lambda _: errors.GrantLost(
        "Google no longer accepts this mailbox's access.", code="grant_lost"
    ),
    (403, "rateLimitExceeded"): lambda s: errors.Throttled("Gmail asks to slow down.", retry_after_s=s),
    (403, "userRateLimitExceeded"): lambda s: errors.Throttled("Gmail asks to slow down.", retry_after_s=s),
    (403, "dailyLimitExceeded"): lambda _: errors.Misconfigured(
        "The project's daily Gmail quota is used up.", code="quota_exhausted"
    ),
    (403, "insufficientPermissions"): lambda _: errors.ScopeMissing(
        "The user did not allow what this needs."
    ),
    (403, "domainPolicy"): lambda _: errors.NotAllowed(
        "The Google Workspace administrator has not allowed this app.", code="blocked_by_admin"
    ),
    (403, "accessNotConfigured"): lambda _: errors.Misconfigured(
        "The Gmail API is not enabled in the Google Cloud project.", code="gmail_api_disabled"
    ),
    (404, ""): lambda _: errors.NotFound("There is no such message."),
    (409, ""): lambda _: errors.Conflict("Gmail says that this exists already.", code="exists_in_gmail"),
    (429, ""): lambda s: errors.Throttled("Gmail asks to slow down.", retry_after_s=s),
}


def to_error(status: int, content: bytes, retry_after: str | None, now: datetime) -> errors.AppError:
    """The error for an answer of Gmail's with this status, body and Retry-After header."""
    reason, message = _reason(content)
    wait_s = _seconds(retry_after, now)
    if status == 400 and "labelid not found" in message.lower():
        reason = "labelId not found"
    if status == 400 and "only one user push notification client" in message.lower():
        reason = "one push client"
    if status == 404 and "label" in message.lower():
        reason = ""
    if status == 403 and reason in ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"):
        reason = "insufficientPermissions"
    if status == 403 and message.lower().startswith("metadata scope"):
        # "Metadata scope doesn't allow format FULL", "… does not support 'q' parameter": its reason says less.
        reason = "insufficientPermissions"
    make = _TABLE.get((status, reason)) or _TABLE.get((status, ""))
    if make is not None:
        return make(wait_s)
    if status >= 500:
        return errors.UpstreamDown("Gmail had a fault of its own.", code="gmail_down")
    if status == 403:
        return errors.NotAllowed("Gmail refused this.", code="gmail_refused")
    return errors.BadInput("Gmail did not accept the request.", code="gmail_rejected")


def _reason(content: bytes) -> tuple[str, str]:
    try:
        error = json.loads(content)["error"]
        message = str(error.get("message", ""))
        reasons = [str(item.get("reason", "")) for item in error.get("errors", [])]
        reasons += [str(item["reason"]) for item in error.get("details", []) if "reason" in item]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
    known = next((reason for reason in reasons if any(reason == row[1] for row in _TABLE)), None)
    return known or (reasons[0] if reasons else ""), message


def _seconds(retry_after: str | None, now: datetime) -> float:
    """Retry-After in seconds, from either form of RFC 9110 section 10.2.3; 1.0 where absent or unreadable."""
    if not retry_after:
        return 1.0
    if retry_after.strip().isdigit():
        return min(float(retry_after), _LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return 1.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_WAIT_S)
