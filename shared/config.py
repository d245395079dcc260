"""Reads settings: a mapping of strings into one frozen dataclass, all faults reported together.

This is the only module that touches the process environment (`read_environment`). Each function names its
settings in its own dataclass; `parse` fills any such class from the fields' types.
"""

import dataclasses
import os
import typing
from collections.abc import Mapping

from shared.errors import Misconfigured

S = typing.TypeVar("S")


def read_environment() -> Mapping[str, str]:
    """The process environment, as a copy."""
    return dict(os.environ)


def parse(settings_class: type[S], values: Mapping[str, str]) -> S:
    """Builds `settings_class`, a frozen dataclass, from `values`.

    A field `public_url: str` is read from `PUBLIC_URL`. Types: str, int, bool (true or false), tuple[str, ...] (comma
    separated), str | None. A field without default is required, and an empty string counts as absent.
    Raises Misconfigured with one sentence per fault; a value is never repeated in it.
    """
    hints = typing.get_type_hints(settings_class)
    faults: list[str] = []
    filled: dict[str, object] = {}
    for field in dataclasses.fields(settings_class):  # type: ignore[arg-type]
        name = field.name.upper()
        text = values.get(name, "").strip()
        if not text:
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                faults.append(f"{name} is not set.")
            continue
        try:
            filled[field.name] = _convert(hints[field.name], text)
        except ValueError as fault:
            faults.append(f"{name} {fault}.")
    if faults:
        raise Misconfigured(" ".join(faults), code="settings_invalid")
    return settings_class(**filled)


def _convert(kind: object, text: str) -> object:
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ValueError("is not a whole number") from None
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError("is neither true nor false")
        return text.lower() == "true"
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
