"""Faults on command: which call misbehaves, how, how often."""

import fnmatch
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.gmail.errors import GoogleError
from local.gmail.push import Fate

CALL_KINDS = frozenset(
    {"status", "timeout", "reset", "truncate", "revoke", "expire_history", "narrow", "index_lag"}
)
PUSH_FATES: Mapping[str, Fate] = {
    "duplicate_push": "duplicate",
    "drop_push": "drop",
    "reorder_push": "hold",
}
KINDS = CALL_KINDS | PUSH_FATES.keys()
_REASONS = {
    401: ("authError", "global"),
    403: ("rateLimitExceeded", "usageLimits"),
    404: ("notFound", "global"),
    429: ("rateLimitExceeded", "global"),
    500: ("backendError", "global"),
    503: ("backendError", "global"),
}
_OAUTH_REASONS = {400: "invalid_grant", 401: "invalid_client", 429: "rate_limit_exceeded"}
_MAX_SECONDS = 600.0


@dataclass
class Fault:
    """One order to misbehave. `skip` matching calls pass first, then `left` of them fail (None: no end).

    `after` says that the call is carried out before its answer goes wrong. `subtype` is Google's `error_subtype` of an
    OAuth refusal; `scope` is what is left of a consent where `narrow` meets the token endpoint. Under `index_lag` a
    search finds no mail of the last `seconds`. `defaulted`: no reason was asked for.
    """

    kind: str
    match: str
    user: str
    rate: float
    left: int | None
    skip: int
    after: bool
    seconds: float
    status: int
    reason: str
    domain: str
    message: str
    retry_after: str | int | None
    subtype: str
    scope: str
    defaulted: bool

    def error(self) -> GoogleError:
        """The refusal of a `status` fault."""
        return GoogleError(
            self.status, self.reason, self.message, domain=self.domain, retry_after=self.retry_after
        )

    def oauth_refusal(self) -> dict[str, str]:
        """The body of a `status` fault of the OAuth server (RFC 6749 section 5.2, with Google's `error_subtype`)."""
        reason = _OAUTH_REASONS.get(self.status, "internal_failure") if self.defaulted else self.reason
        body = {"error": reason, "error_description": self.message}
        return body | ({"error_subtype": self.subtype} if self.subtype else {})


class Faults:
    """The faults in force, in the order in which they were asked for. The chance of `rate` is seeded."""

    def __init__(self, seed: int = 1) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self._faults: list[Fault] = []
        self._ended = threading.Event()

    def add(self, body: object) -> Fault:
        """Puts a fault in force. Raises GoogleError 422 with a sentence about what is wrong in `body`."""
        fault = read_fault(body)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Ends all faults, and the waiting of calls that hang."""
        with self._lock:
            self._faults.clear()
            self._ended.set()
            self._ended = threading.Event()

    def wait(self, seconds: float) -> None:
        """Hangs for so long, or until the faults are cleared."""
        with self._lock:
            ended = self._ended
        ended.wait(seconds)

    def for_call(self, method: str, path: str, email: str) -> Fault | None:
        """The fault that this call meets, used up by one."""
        return self._take(
            lambda fault: (
                fault.kind in CALL_KINDS - {"narrow"}
                and (
                    path.startswith(fault.match)
                    if fault.match.startswith("/")
                    else fnmatch.fnmatchcase(method, fault.match)
                )
            ),
            email,
        )

    def for_path(self, path: str) -> Fault | None:
        """The fault that a request outside the Gmail API meets: only a path can name it, and no user."""
        kinds = CALL_KINDS - {"revoke", "expire_history", "index_lag"}
        return self._take(
            lambda fault: (
                fault.kind in kinds and fault.match.startswith("/") and path.startswith(fault.match)
            ),
            "",
        )

    def for_push(self, email: str) -> Fate:
        """What happens to a notification about the account."""
        fault = self._take(lambda fault: fault.kind in PUSH_FATES, email)
        return PUSH_FATES[fault.kind] if fault else "deliver"

    def _take(self, concerns: Callable[[Fault], bool], email: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if not concerns(fault) or (fault.user and fault.user != email) or fault.left == 0:
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                elif self._random.random() < fault.rate:
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None


def read_fault(body: object) -> Fault:
    """The fault that a control call's JSON describes. Raises GoogleError 422."""
    if not isinstance(body, dict):
        raise _unfit("A fault is a JSON object.")
    kind = body.get("kind")
    if kind not in KINDS:
        raise _unfit(f"There is no fault of the kind {kind!r}; the kinds are {', '.join(sorted(KINDS))}.")
    known = {"kind", "match", "user", "rate", "count", "skip", "when", "seconds", "status", "reason"}
    known |= {"subtype", "scope"}
    unknown = sorted(set(body) - known - {"domain", "message", "retry_after"})
    if unknown:
        raise _unfit(f"A fault has no field called {', '.join(unknown)}.")
    if body.get("when", "before") not in ("before", "after"):
        raise _unfit("`when` is before or after.")
    status = int(_number(body, "status", 503))
    reason, domain = _REASONS.get(status, ("backendError", "global"))
    retry_after = body.get("retry_after")
    return Fault(
        kind=str(kind),
        match=str(body.get("match", "history.list" if kind == "expire_history" else "*")),
        user=str(body.get("user", "")).lower(),
        rate=_number(body, "rate", 1.0),
        left=None if body.get("count") is None else int(_number(body, "count", 0)),
        skip=int(_number(body, "skip", 0)),
        after=body.get("when") == "after",
        seconds=min(_number(body, "seconds", 30.0), _MAX_SECONDS),
        status=status,
        reason=str(body.get("reason", reason)),
        domain=str(body.get("domain", domain)),
        message=str(body.get("message", "A fault on command.")),
        retry_after=retry_after if isinstance(retry_after, (int, str)) else None,
        subtype=str(body.get("subtype", "")),
        scope=str(body.get("scope", "")),
        defaulted="reason" not in body,
    )


def _number(body: Mapping[str, Any], name: str, default: float) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise _unfit(f"`{name}` is a number that is not negative.")
    return float(value)


def _unfit(sentence: str) -> GoogleError:
    return GoogleError(422, "invalidArgument", sentence)
