"""A field of the edges: moments as callers write them: RFC 3339 with a zone, within the years that the store knows."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_FORM: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:")


def _written_out(value: object) -> object:
    """Pydantic alone would read `2026`, as text or number, as seconds since 1970."""
    if value is None or (isinstance(value, str) and _FORM.match(value)):
        return value
    raise ValueError("give a date and time with a zone (RFC 3339)")


def _in_utc(value: datetime | None) -> datetime | None:
    """The first and the last hours of the calendar are outside it in UTC, in which moments are stored."""
    try:
        return None if value is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("give a moment of the years 1 to 9999 in UTC") from None


OptionalMoment = Annotated[
    AwareDatetime | None, Field(strict=False), BeforeValidator(_written_out), AfterValidator(_in_utc)
]
