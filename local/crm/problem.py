"""Errors as problem JSON (RFC 9457) that say who must act."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from werkzeug.wrappers import Response

from local.crm.fault_words import faults_of


# Not frozen and compared by identity: the interpreter writes to exceptions and keeps them in sets.
@dataclass(eq=False)
class Problem(Exception):
    """An answer that refuses. `code` is stable; `act` is user, admin, operator or retry."""

    status: int
    code: str
    title: str
    detail: str
    act: str = "operator"

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """The problem as an HTTP answer."""
        body = {
            "type": f"urn:crm-gmail:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "act": self.act,
            "request_id": uuid.uuid4().hex,
        }
        return Response(
            json.dumps(body), self.status, headers=headers, content_type="application/problem+json"
        )


def not_found(what: str) -> Problem:
    """404: the thing does not exist, or the caller may not know that it does."""
    return Problem(404, "not_found", "Not found", f"There is no such {what}.", "user")


def bad_input(detail: str) -> Problem:
    """422: the request can be read but not accepted."""
    return Problem(422, "bad_input", "The request is not acceptable", detail, "user")


def from_validation(error: ValidationError) -> Problem:
    """422 that names each field and what is wrong with it, without repeating its value."""
    return bad_input("; ".join(f"{place or 'body'}: {fault}" for place, fault in faults_of(error)))


def not_authenticated(detail: str) -> Problem:
    """401: the caller must show a valid token."""
    return Problem(401, "not_authenticated", "Not authenticated", detail)
