"""`/batch`: many calls in one multipart/mixed request.

https://developers.google.com/workspace/gmail/api/guides/batch
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from local.gmail.errors import GoogleError, invalid_argument
from local.gmail.exchange import Exchange, Reply, error_reply, read_target
from local.gmail.mime.headers import split_head
from local.gmail.multipart import Part, parse_multipart

PATHS = frozenset({"/batch", "/batch/gmail/v1"})
MAX_CALLS = 100


def answer_batch(exchange: Exchange, answer: Callable[[Exchange], Reply]) -> Reply:
    """The response to a batch: one part per call, in the order of the calls. Raises GoogleError 400."""
    if exchange.http_method != "POST":
        raise GoogleError(405, "httpMethodNotAllowed", "A batch is sent with POST.")
    parts = parse_multipart(exchange.headers.get("content-type", ""), exchange.body)
    if len(parts) > MAX_CALLS:
        raise invalid_argument(f"The batch request has {len(parts)} calls; at most {MAX_CALLS} are allowed.")
    boundary = f"batch_{secrets.token_urlsafe(24)}"
    lines = []
    for part in parts:
        reply = _answer_part(part, exchange, answer)
        lines.append(b"--" + boundary.encode() + b"\r\n" + _write_part(part.headers, reply))
    lines.append(b"--" + boundary.encode() + b"--\r\n")
    return Reply(200, {"Content-Type": f"multipart/mixed; boundary={boundary}"}, b"".join(lines))


def _answer_part(part: Part, outer: Exchange, answer: Callable[[Exchange], Reply]) -> Reply:
    try:
        return answer(_read_call(part, outer))
    except GoogleError as error:
        return error_reply(error)


def _read_call(part: Part, outer: Exchange) -> Exchange:
    if part.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/http":
        raise invalid_argument("A part of a batch has the type application/http.")
    line, _, rest = part.body.lstrip(b"\r\n").partition(b"\n")
    words = line.decode("utf-8", errors="replace").split()
    if len(words) not in (2, 3):
        raise invalid_argument("A part of a batch starts with a request line.")
    path, query = read_target(words[1])
    if path in PATHS or path.startswith(("/upload/", "/resumable/")):
        raise invalid_argument("Batches and media uploads can't be part of a batch.")
    fields, at = split_head(rest, 0, len(rest))
    headers = {field.name.lower(): field.value for field in fields}
    if "authorization" not in headers and "authorization" in outer.headers:
        headers["authorization"] = outer.headers["authorization"]
    # The line break before the next boundary belongs to the boundary; some clients write one more.
    body = rest[at:].strip(b"\r\n")
    return replace(outer, http_method=words[0].upper(), path=path, query=query, headers=headers, body=body)


def _write_part(asked: Mapping[str, str], reply: Reply) -> bytes:
    head = ["Content-Type: application/http"]
    if "content-id" in asked:
        head.append(f"Content-ID: {_response_id(asked['content-id'])}")
    inner = [f"HTTP/1.1 {reply.status_line}"]
    inner += [f"{name}: {value}" for name, value in reply.headers.items()]
    inner.append(f"Content-Length: {len(reply.body)}")
    text = "\r\n".join([*head, "", *inner, "", ""])
    return text.encode("utf-8") + reply.body + b"\r\n"


def _response_id(content_id: str) -> str:
    return f"<response-{content_id[1:]}" if content_id.startswith("<") else f"response-{content_id}"
