"""multipart bodies of requests, read byte for byte."""

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

from local.gmail.errors import invalid_argument
from local.gmail.mime.headers import parameters, split_head


@dataclass(frozen=True)
class Part:
    """One part: header values by lower-case name, and its bytes."""

    headers: dict[str, str]
    body: bytes


def parse_multipart(content_type: str, body: bytes) -> list[Part]:
    """The parts of a multipart body. Raises GoogleError 400 where it has no boundary or no parts."""
    kind = content_type.partition(";")[0].strip().lower()
    boundary = parameters(content_type).get("boundary", "")
    if not kind.startswith("multipart/") or not boundary:
        raise invalid_argument(
            "Failed to parse batch request, error: expected a multipart body with a boundary"
        )
    delimiter = re.compile(
        rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8")) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
    )
    found = list(delimiter.finditer(body))
    parts = []
    for here, following in itertools.pairwise(found):
        if here.group(1):
            break
        start = (
            body.index(b"\n", here.end()) + 1 if b"\n" in body[here.end() : here.end() + 2] else here.end()
        )
        parts.append(_part(body[start : max(start, following.start())]))
    if not parts:
        raise invalid_argument("Failed to parse batch request, error: no parts")
    return parts


def _part(content: bytes) -> Part:
    fields, at = split_head(content, 0, len(content))
    headers = {field.name.lower(): field.value for field in fields}
    return Part(headers, content[at:])


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object of proper Unicode text. Raises GoogleError 400 for anything else."""
    try:
        parsed = json.loads(body)
        if b"\\ud" in body or b"\\uD" in body:
            # Half of a surrogate pair is no text: nothing could store or send it.
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise invalid_argument("Invalid JSON payload received. Unexpected token.") from None
    if not isinstance(parsed, dict):
        raise invalid_argument("Invalid JSON payload received. Expected an object.")
    return parsed
