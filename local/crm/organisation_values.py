"""What a mail system takes as an organisation's time zone and domains. All raise ValueError with the reason."""

import re
from typing import Final
from zoneinfo import available_timezones

_NAME: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}$){_NAME}(\.{_NAME})+", re.ASCII)
_NO_PLACES: Final = frozenset({"localtime", "Factory", "posixrules"})
"""Files beside the zones of the tz database: the machine's own zone, and none at all."""


def time_zone(text: str) -> str:
    """The IANA name of a time zone."""
    if text not in available_timezones() or text in _NO_PLACES:
        raise ValueError(f"{text!r} is not an IANA time zone, such as Europe/Paris")
    return text


def domain(text: str) -> str:
    """A domain with a dot in it, in any script (RFC 3490) and case, such as `acme.example`."""
    plain = text.casefold().rstrip(".")
    try:
        ascii_form = plain if plain.isascii() else plain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_form = ""
    if not _DOMAIN.fullmatch(ascii_form):
        raise ValueError(f"{text!r} is not a domain, such as acme.example")
    return text
