"""The single values of a policy and of settings: what each may be. All raise ValueError with the reason."""

import re
import unicodedata
from typing import Final
from zoneinfo import available_timezones

from shared.domain.addresses import ascii_domain, is_address

_NAME: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}$){_NAME}(\.{_NAME})+", re.ASCII)
_ORIGIN: Final = re.compile(
    rf"(?P<scheme>https?)://(?P<host>(?=[^:]{{1,253}}(:|$)){_NAME}(\.{_NAME})*)(:(?P<port>[1-9]\d{{0,4}}))?",
    re.ASCII,
)
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1"})
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_NO_PLACES: Final = frozenset({"localtime", "Factory", "posixrules"})
"""Files beside the zones of the tz database: the machine's own zone, and none at all."""
_RESERVED: Final = frozenset(
    {"inbox", "sent", "draft", "drafts", "spam", "trash", "unread", "starred", "important", "chat"}
)
"""Gmail's own: no other label may have these names, in any case (nor one that begins as its categories do)."""
_JOINERS: Final = "\u200c\u200d"
"""Invisible, and part of how some scripts and emoji are written."""


def domain(text: str) -> str:
    """A domain in lower case, in any script, without a trailing dot."""
    if not _DOMAIN.fullmatch(ascii_domain(text)):
        raise ValueError("is not a domain")
    return text.lower().rstrip(".")


def address_or_domain(text: str) -> str:
    """One plain address, or a domain, in lower case."""
    return text.lower() if is_address(text) else domain(text)


def zone(text: str) -> str:
    """The IANA name of a time zone."""
    if text not in available_timezones() or text in _NO_PLACES:
        raise ValueError("is not an IANA time zone")
    return text


def origin(text: str) -> str:
    """An origin as browsers write it (RFC 6454 section 6.2): lower case, without the scheme's own port."""
    found = _ORIGIN.fullmatch(text.lower())
    if found is None or (found["scheme"] == "http" and found["host"] not in _THIS_MACHINE):
        raise ValueError("is not an origin: https://host, or http://localhost for a trial")
    port = int(found["port"] or 0)
    if port > 65535:
        raise ValueError("has a port beyond 65535")
    if port == _DEFAULT_PORTS[found["scheme"]]:
        raise ValueError("names the port that browsers leave out")
    return text.lower()


def label_name(text: str) -> str:
    """The name of a Gmail label; `/` nests it under another. Spaces around it are dropped."""
    name = text.strip()
    if not all(_is_plain(character) for character in name):
        raise ValueError("has a character that does not show")
    if not all(part and part == part.strip() for part in name.split("/")) or "  " in name:
        raise ValueError("has an empty part, or spaces that do not show")
    if name.lower() in _RESERVED or name.lower().startswith("category_"):
        raise ValueError("is a name that Gmail keeps for itself")
    return name


def identifier(text: str) -> str:
    """An id of the CRM's that names a field of the stored policy: Firestore keeps `__…__` for itself."""
    if text.startswith("__") and text.endswith("__"):
        raise ValueError("begins and ends with two underscores")
    return text


def _is_plain(character: str) -> bool:
    """Neither a control, nor a mark that turns the direction of writing, nor white space but the space."""
    kind = unicodedata.category(character)
    return (kind[0] not in "CZ") or character == " " or character in _JOINERS
