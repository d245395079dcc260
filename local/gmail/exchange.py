"""A request and a response without WSGI, so that a part of a batch is one like any other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

from local.gmail.errors import GoogleError, invalid_argument

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True)
class Exchange:
    """One request; `headers` by lower-case name, `query` by name with all its values."""

    http_method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    # Where this server is reached, without a slash at the end: a resumable upload answers with it.
    host_url: str = ""

    def as_meant(self) -> "Exchange":
        """The request that is meant where a POST carries `X-HTTP-Method-Override: GET` and the query as a form.

        google-api-python-client sends any GET whose URI is longer than 2,048 characters in this way.
        """
        if self.http_method != "POST" or self.headers.get("x-http-method-override", "").upper() != "GET":
            return self
        try:
            moved = parse_qs(self.body.decode("ascii"), keep_blank_values=True, max_num_fields=2000)
        except ValueError:
            raise invalid_argument("Invalid form of an overridden method.") from None
        return replace(self, http_method="GET", query={**self.query, **moved}, body=b"")

    @property
    def upload_session(self) -> str:
        """The id of the resumable upload that the request goes on with, or ""."""
        return self.query.get("upload_id", [""])[0]

    @property
    def bearer(self) -> str | None:
        """The access token from the header or the query, None without one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return token.strip()
        for name in ("access_token", "oauth_token"):
            if self.query.get(name):
                return self.query[name][0]
        return None


@dataclass(frozen=True)
class Reply:
    """One response."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def status_line(self) -> str:
        """`200 OK`; codes that HTTP does not name get no words."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)


def read_target(target: str) -> tuple[str, dict[str, list[str]]]:
    """The decoded path and query of a request target. Raises GoogleError 400 if it can't be read."""
    try:
        split = urlsplit(target)
        query = parse_qs(split.query, keep_blank_values=True, max_num_fields=2000)
    except ValueError:
        raise invalid_argument("Invalid request target.") from None
    return unquote(split.path), query


def json_reply(status: int, content: object, *, pretty: bool = True) -> Reply:
    """A JSON response."""
    text = json.dumps(content, indent=2 if pretty else None, ensure_ascii=False)
    # Lone surrogates can't be written in UTF-8; a broken mail may hold them.
    return Reply(status, {"Content-Type": JSON_TYPE}, text.encode("utf-8", errors="replace"))


def error_reply(error: GoogleError) -> Reply:
    """A refusal as a response."""
    reply = json_reply(error.code, error.body())
    return Reply(reply.status, error.headers(), reply.body)
