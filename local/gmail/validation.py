"""Checks query parameters and JSON bodies against the discovery document, with the answers Google gives."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from local.gmail.discovery import Document, Method
from local.gmail.errors import GoogleError, invalid_argument

Value = str | int | bool | list[str]
_INTEGER = re.compile(r"-?\d{1,20}")
_RANGES = {
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


def check_query(method: Method, query: Mapping[str, Sequence[str]]) -> dict[str, Value]:
    """The query's parameters by name, typed, with the document's defaults filled in.

    Repeated parameters are lists of str, 64-bit integers are int. Raises GoogleError 400 for an unknown
    name, a value of the wrong type or outside its enum, a repetition that is not allowed, and a required
    one missing.
    """
    values: dict[str, Value] = {}
    for name, given in query.items():
        described = method.parameters.get(name)
        if described is None or described.get("location") != "query":
            raise _unknown(name, "Cannot bind query parameter. Field could not be found in request message.")
        if described.get("repeated"):
            values[name] = [str(_typed(name, text, described)) for text in given]
        elif len(given) > 1:
            raise invalid_argument(f"Invalid value at '{name}': the field is not repeated.")
        else:
            values[name] = _typed(name, given[0], described)
    for name, described in method.parameters.items():
        if described.get("location") != "query":
            continue
        if described.get("required") and name not in values:
            raise invalid_argument(f"Missing required parameter: {name}")
        if "default" in described and not described.get("repeated"):
            values.setdefault(name, _typed(name, str(described["default"]), described))
    return values


def _typed(name: str, text: str, described: Mapping[str, Any]) -> str | int | bool:
    kind, form = described.get("type"), described.get("format", "")
    if kind == "boolean":
        if text not in ("true", "false"):
            raise _bad_value(name, "TYPE_BOOL", text)
        return text == "true"
    if kind == "integer" or form in ("uint64", "int64"):
        low, high = _RANGES.get(form, (-(2**63), 2**63 - 1))
        if not _INTEGER.fullmatch(text) or not low <= int(text) <= high:
            raise _bad_value(name, f"TYPE_{form.upper() or 'INT64'}", text)
        return int(text)
    if "enum" in described and text not in described["enum"]:
        raise _bad_value(name, "TYPE_ENUM", text)
    return text


def check_body(source: Document, schema: str, body: object) -> dict[str, Any]:
    """The JSON body without its nulls. Raises GoogleError 400 naming the first field that does not fit."""
    if not isinstance(body, dict):
        raise invalid_argument("Invalid JSON payload received. Expected an object.")
    _check_object(source, schema, body, "")
    return {name: _without_nulls(value) for name, value in body.items() if value is not None}


def _without_nulls(value: Any) -> Any:
    # In Google's JSON null is the same as a field that is not there. Schemas bound how deep this goes.
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _check_object(source: Document, schema: str, body: Mapping[str, object], path: str) -> None:
    properties = source["schemas"][schema].get("properties", {})
    for name, value in body.items():
        if name not in properties:
            raise _unknown(f"{path}{name}", "Cannot find field.")
        if value is not None:
            _check_value(source, properties[name], value, f"{path}{name}")


def _check_value(source: Document, described: Mapping[str, Any], value: object, path: str) -> None:
    if "$ref" in described:
        if not isinstance(value, dict):
            raise _bad_value(path, described["$ref"], value)
        _check_object(source, described["$ref"], value, f"{path}.")
    elif described.get("type") == "array":
        if not isinstance(value, list):
            raise _bad_value(path, "TYPE_ARRAY", value)
        for index, item in enumerate(value):
            _check_value(source, described["items"], item, f"{path}[{index}]")
    elif not _fits(described, value):
        raise _bad_value(path, f"TYPE_{str(described.get('type')).upper()}", value)


def _fits(described: Mapping[str, Any], value: object) -> bool:
    kind, form = described.get("type"), described.get("format")
    if kind == "boolean":
        return isinstance(value, bool)
    if form in _RANGES:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number or (isinstance(value, str) and bool(_INTEGER.fullmatch(value)))
    if kind == "string":
        return isinstance(value, str) and ("enum" not in described or value in described["enum"])
    return True


def decode_base64url(text: str, path: str) -> bytes:
    """Bytes of a `format: byte` field, either alphabet, padding optional; GoogleError 400 otherwise."""
    compact = "".join(text.split()).rstrip("=").replace("+", "-").replace("/", "_")
    failed = invalid_argument(f"Invalid value at '{path}' (TYPE_BYTES), Base64 decoding failed")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", compact):
        raise failed
    try:
        return base64.urlsafe_b64decode(compact + "=" * (-len(compact) % 4))
    except (binascii.Error, ValueError):
        raise failed from None


def encode_base64url(content: bytes) -> str:
    """base64url with padding, as Gmail sends it."""
    return base64.urlsafe_b64encode(content).decode("ascii")


def _unknown(name: str, why: str) -> GoogleError:
    return invalid_argument(f'Invalid JSON payload received. Unknown name "{name}": {why}')


def _bad_value(name: str, kind: str, value: object) -> GoogleError:
    return invalid_argument(f"Invalid value at '{name}' ({kind}), {str(value)[:100]!r}")
