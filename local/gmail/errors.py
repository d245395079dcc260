"""Google's JSON errors (https://cloud.google.com/apis/design/errors, with Gmail's older `errors` list)."""

import json
from collections.abc import Mapping, Sequence

from werkzeug.wrappers import Response

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    413: "INVALID_ARGUMENT",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class GoogleError(Exception):
    """A refusal that reaches the client as Google's JSON error.

    `code` is the HTTP status, `reason` the word that clients decide by (`notFound`, `rateLimitExceeded`),
    `domain` its name space (`global`, `usageLimits`), `status` the canonical gRPC name (derived from `code`
    if not given), `retry_after` the Retry-After header as sent (seconds or an HTTP date), `details` the
    `google.rpc` details.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        status: str | None = None,
        retry_after: str | int | None = None,
        details: Sequence[Mapping[str, object]] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.domain = domain
        self.status = status or _STATUS.get(code, "UNKNOWN")
        self.retry_after = retry_after
        self.details = tuple(details)

    def body(self) -> dict[str, object]:
        """The JSON body: `{"error": {"code", "message", "errors": [...], "status"}}`."""
        error: dict[str, object] = {
            "code": self.code,
            "message": self.message,
            "errors": [{"message": self.message, "domain": self.domain, "reason": self.reason}],
            "status": self.status,
        }
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}

    def headers(self) -> dict[str, str]:
        """Content type, and the headers that Google adds to 401 and to throttled answers."""
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.code == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
        return headers

    def response(self) -> Response:
        """The same as a werkzeug response."""
        return Response(json.dumps(self.body(), indent=2), status=self.code, headers=self.headers())


def invalid_argument(message: str) -> GoogleError:
    """400 for a request that can never succeed as it stands."""
    return GoogleError(400, "invalidArgument", message)


def not_found() -> GoogleError:
    """404 in Gmail's words."""
    return GoogleError(404, "notFound", "Requested entity was not found.")


def unauthenticated() -> GoogleError:
    """401 for a missing, unknown, expired or revoked access token."""
    return GoogleError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )
