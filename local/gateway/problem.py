"""Answers of the gateway itself: JSON, and RFC 9457 problem JSON for what went wrong."""

import json
import uuid
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Literal

from werkzeug.wrappers import Response

Act = Literal["user", "admin", "operator", "retry"]


class Problem(Exception):
    """Becomes a problem answer: a status, a stable `code`, who must act, a sentence, and headers."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        act: Act = "user",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.act = act
        self.headers = dict(headers or {})


def bad_input(detail: str) -> Problem:
    """422: the request is not what the contract asks for."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", detail)


def unavailable(detail: str) -> Problem:
    """503: a part of the stack does not answer now."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "upstream_down", detail, act="retry")


def wrong_method(allowed: Iterable[str]) -> Problem:
    """405, with the Allow header that RFC 9110 section 15.5.6 asks for."""
    names = sorted(allowed)
    return Problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        f"This takes {' or '.join(names)}.",
        headers={"Allow": ", ".join(names)},
    )


def to_response(problem: Problem) -> Response:
    """The `application/problem+json` answer. It closes the connection: a body may be left unread."""
    body = {
        "type": f"urn:crm-gmail:problem:{problem.code}",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "code": problem.code,
        "act": problem.act,
        "request_id": uuid.uuid4().hex,
    }
    response = to_json(body, problem.status)
    response.mimetype = "application/problem+json"
    response.headers["Connection"] = "close"
    response.headers.update(problem.headers)
    return response


def to_json(body: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A JSON answer that nobody keeps."""
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status.value, {"Cache-Control": "no-store"}, mimetype="application/json")
