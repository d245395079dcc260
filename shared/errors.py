"""Every error the product raises on purpose: one root, and leaves that say who must act.

`detail` is a sentence for a person; it never holds mail content, an address, a token or a payload.
`code` is stable snake case for programs. How an error is answered is decided at each edge: HTTP in
`shared/web.py`, events in `shared/events.py`.
"""

from typing import ClassVar, Literal

Act = Literal["user", "admin", "operator", "retry"]


class AppError(Exception):
    """The root of our own errors; anything else that is raised is a defect."""

    act: ClassVar[Act] = "operator"
    default_code: ClassVar[str] = "internal"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code


class BadInput(AppError):
    """The request is not what the contract asks for."""

    act = "user"
    default_code = "invalid_request"


class TooLarge(BadInput):
    """The body is over the limit of its route."""

    default_code = "body_too_large"


class NotAuthenticated(AppError):
    """No token, or one that does not verify."""

    act = "user"
    default_code = "not_authenticated"


class NotAllowed(AppError):
    """The caller is known and may not do this."""

    act = "admin"
    default_code = "not_allowed"


class NotFound(AppError):
    """Missing, hidden or another organisation's: these three look the same from outside."""

    act = "user"
    default_code = "not_found"


class MethodNotAllowed(BadInput):
    """The path exists, the method does not."""

    default_code = "method_not_allowed"

    def __init__(self, detail: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.allowed = allowed


class Conflict(AppError):
    """What is stored does not allow this now."""

    act = "user"
    default_code = "conflict"


class Stale(Conflict):
    """The caller's If-Match no longer names what is stored."""

    default_code = "precondition_failed"


class GrantLost(AppError):
    """Google's consent is gone for good: revoked, expired or refused by an admin's policy."""

    act = "user"
    default_code = "grant_lost"

    def __init__(self, detail: str, *, mailbox: str | None = None, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.mailbox = mailbox


class ScopeMissing(GrantLost):
    """The grant lives, but lacks a scope that this needs. `features`, where known, are those not allowed."""

    default_code = "scope_missing"

    def __init__(
        self,
        detail: str,
        *,
        mailbox: str | None = None,
        code: str | None = None,
        features: tuple[str, ...] = (),
    ) -> None:
        super().__init__(detail, mailbox=mailbox, code=code)
        self.features = features


class LabelGone(AppError):
    """A Gmail label that we knew by its id has been deleted."""

    act = "retry"
    default_code = "label_gone"


class Throttled(AppError):
    """Gmail, or our own governor, asks to wait. `retry_after_s` is in seconds."""

    act = "retry"
    default_code = "throttled"

    def __init__(self, detail: str, *, retry_after_s: float = 1.0, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s


class Postponed(Throttled):
    """Our own governor has no Gmail units for this now. Background work waits for the next tick; nothing is lost."""

    default_code = "quota_postponed"


class UpstreamDown(AppError):
    """Google, the CRM or a store did not answer, or answered with a fault of its own."""

    act = "retry"
    default_code = "upstream_down"


class TryAgain(AppError):
    """Somebody else is at work on the same thing; a redelivery finds it free."""

    act = "retry"
    default_code = "busy"


class Misconfigured(AppError):
    """A setting, permission or resource of the deployment is wrong; only the operator can mend it."""

    act = "operator"
    default_code = "misconfigured"
