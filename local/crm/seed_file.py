"""Takes the content of `crm.yaml` as people write it: empty sections, numbers as ids, dates with a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from local.crm.models import Seed

# The sections that hold records, and the sections of those.
_SECTIONS: Final[Mapping[str, Any]] = {"org": {}, "users": {}, "contacts": {"deals": {}}}
_MAY_BE_EMPTY: Final = frozenset(
    {"keys", "contacts", "deals", "addresses", "roles", "permissions", "domains"}
)
_TEXTS: Final = frozenset({"id", "name", "superior"})
_LISTS_OF_IDS: Final = frozenset({"roles", "permissions", "visible_to"})


def read_seed(content: object) -> Seed:
    """The seed in what YAML gave. Raises pydantic's ValidationError."""
    return Seed.model_validate(_record(content, _SECTIONS))


def _record(fields: object, sections: Mapping[str, Any]) -> object:
    if not isinstance(fields, dict):
        return fields
    return {
        key: _field(key, value, sections)
        for key, value in fields.items()
        if value is not None or key not in _MAY_BE_EMPTY
    }


def _field(key: str, value: object, sections: Mapping[str, Any]) -> object:
    if key in sections:
        inner = sections[key]
        return [_record(one, inner) for one in value] if isinstance(value, list) else _record(value, inner)
    if key in _TEXTS:
        return _text(value)
    if key in _LISTS_OF_IDS and isinstance(value, list):
        return [_text(one) for one in value]
    return _day(value) if key == "closing_date" else value


def _text(value: object) -> object:
    # YAML takes `name: 2026` for a number; `name: yes` stays the fault that it is.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _day(value: object) -> object:
    """The day that was written, whatever its time of day and zone."""
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        return value
