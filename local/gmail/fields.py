"""Partial responses: the `fields` mask of Google's APIs (`a,b(c,d/e),items/id`, `*`).

https://developers.google.com/workspace/gmail/api/guides/performance#partial-response
"""

import re
from collections.abc import Mapping
from typing import Any

from local.gmail.errors import GoogleError

# A mask is a tree: a name leads to the mask of its children, an empty tree keeps everything below.
Mask = dict[str, "Mask"]
_TOKEN = re.compile(r"\s*([A-Za-z_][\w-]*|[*,/()])")
_MAX_DEPTH = 50


def parse(text: str) -> Mask:
    """The mask that `text` writes. Raises GoogleError 400 where it is not a mask."""
    tokens = _tokens(text)
    mask, rest = _list(tokens, 0, text, 0)
    if rest != len(tokens):
        raise _invalid(text)
    return mask


def apply(mask: Mask, value: Any) -> Any:
    """The parts of `value` that the mask names; lists are masked item by item."""
    if not mask:
        return value
    if isinstance(value, list):
        return [apply(mask, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    everything = mask.get("*")
    kept: dict[str, Any] = {}
    for name, item in value.items():
        inner = mask.get(name, everything)
        if inner is not None:
            kept[name] = apply(inner, item)
    return kept


def check_names(mask: Mask, schema: str | None, schemas: Mapping[str, Any]) -> None:
    """Raises GoogleError 400 for a name that the answer's schema does not have."""
    for name, inner in mask.items():
        if schema is None:
            raise _invalid(name)
        if name == "*":
            continue
        described = schemas[schema].get("properties", {}).get(name)
        if described is None:
            raise _invalid(name)
        item = described.get("items", described)
        check_names(inner, item.get("$ref"), schemas)


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if not found:
            raise _invalid(text)
        tokens.append(found.group(1))
        position = found.end()
    return tokens


def _list(tokens: list[str], at: int, text: str, depth: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        at = _path(tokens, at, text, depth, mask)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
            continue
        return mask, at


def _path(tokens: list[str], at: int, text: str, depth: int, mask: Mask) -> int:
    if depth > _MAX_DEPTH or at >= len(tokens) or tokens[at] in ",/()":
        raise _invalid(text)
    known = tokens[at] in mask
    inner: Mask = {}
    at, name = at + 1, tokens[at]
    if at < len(tokens) and tokens[at] == "/":
        at = _path(tokens, at + 1, text, depth + 1, inner)
    elif at < len(tokens) and tokens[at] == "(":
        inner, at = _list(tokens, at + 1, text, depth + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise _invalid(text)
        at += 1
    _merge(mask, name, inner, known)
    return at


def _merge(mask: Mask, name: str, inner: Mask, known: bool) -> None:
    if not known or (mask[name] and inner):
        existing = mask.setdefault(name, {})
        for child, below in inner.items():
            _merge(existing, child, below, child in existing)
    else:
        mask[name] = {}


def _invalid(text: str) -> GoogleError:
    return GoogleError(400, "invalidParameter", f"Invalid field selection {text}", status="INVALID_ARGUMENT")
