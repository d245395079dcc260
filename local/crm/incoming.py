"""Reading requests: bodies as JSON or records, bearer tokens."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from local.crm.problem import Problem, bad_input, from_validation, not_authenticated

MAX_BODY_BYTES = 64 * 1024
_Model = TypeVar("_Model", bound=BaseModel)


class CrmRequest(Request):
    """A request with the contract's limit on bodies."""

    max_content_length = MAX_BODY_BYTES


def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises Problem 413 or 422."""
    try:
        body = json.loads(request.get_data())
    except RequestEntityTooLarge:
        text = f"A body may have {MAX_BODY_BYTES} bytes at most."
        raise Problem(413, "too_large", "Body too large", text, "user") from None
    except (ValueError, RecursionError):
        raise bad_input("The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise bad_input("The body must be a JSON object.")
    return body


def as_record(model: type[_Model], fields: dict[str, Any]) -> _Model:
    """The fields as this record. Raises Problem 422 that names the faults."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise from_validation(error) from None


def query_value(request: Request, name: str) -> str:
    """A query parameter that must be there. Raises Problem 422."""
    value = request.args.get(name)
    if not value:
        raise bad_input(f"The query parameter `{name}` is missing.")
    return value


def bearer_token(request: Request) -> str:
    """The token of the Authorization header (RFC 6750). Raises Problem 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise not_authenticated("The request carries no bearer token.")
    return token.strip()
