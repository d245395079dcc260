"""E-mail addresses in headers (RFC 5322 section 3.4): strict where identity hangs on them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import errors as email_errors
from email.headerregistry import HeaderRegistry
from typing import Any, Final

_REGISTRY: Final = HeaderRegistry()

# addr-spec with a dot-atom or quoted local part and a dotted domain; no white space, no control characters.
_ADDR_SPEC: Final = re.compile(
    r"""(?:[^\s@<>()\[\]\\,;:"\x00-\x1f\x7f]+|"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+")@"""
    r"""(?:[^\s@<>()\[\]\\,;:"\x00-\x1f\x7f]+|\[[0-9A-Za-z.:]+\])"""
)
# An unquoted display name followed by one address in angle brackets at the very end.
_NAME_ADDR: Final = re.compile(r'([^<>",;:()]*)<([^<>]+)>\s*')
# A plain dot-atom at a plain host: the standard library reads it as it stands, and takes half a millisecond for it.
_BARE: Final = re.compile(
    r"[a-z0-9!#$%&'*+/^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/^_`{|}~-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*",
    re.ASCII | re.IGNORECASE,
)
# Where a semicolon may be more than a separator: groups, quoted strings, comments, domain literals.
_OTHER_SEMICOLONS: Final = re.compile(r'[:"()\[\]\\]')

_WIDEST = 998 * 4
_MARKS_LIMIT = 800
"""Comments and quotation marks in one header: for these the standard library's work grows with the square."""
LONGEST_ADDRESS: Final = 320
"""Characters of an address: 64 before the `@` and 255 behind it (RFC 5321 section 4.5.3.1)."""


@dataclass(frozen=True)
class Address:
    """A mailbox of RFC 5322: the name shown (may be empty) and the addr-spec as written."""

    name: str
    address: str


def normalize(address: str) -> str:
    """The form in which two addresses are compared: in lower case, `+tag` and dots kept.

    RFC 5321 lets a host tell the case of local parts apart; none that a CRM meets does, and a contact typed
    as `Ana@x.example` writes as `ana@x.example`. Not case-folded: that would make `straße.example` the
    `strasse.example` of somebody else (RFC 5892 keeps them apart).
    """
    return address.strip().lower()


def domain_of(address: str) -> str:
    """The lower-case domain of an address, without a trailing dot; empty where there is none."""
    return address.rpartition("@")[2].strip().lower().rstrip(".") if "@" in address else ""


def ascii_domain(domain: str) -> str:
    """A domain in the one form in which two are compared: IDNA (RFC 3490), lower case, no trailing dot.

    What cannot be written so stays as it is and equals nothing else.
    """
    plain = domain.strip().casefold().rstrip(".")
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def is_address(text: str) -> bool:
    """Whether `text` is one plain addr-spec and nothing else: the only form that may enter a Gmail search."""
    return len(text) <= LONGEST_ADDRESS and _ADDR_SPEC.fullmatch(text) is not None


def parse_addresses(value: str) -> tuple[Address, ...]:
    """All addresses of a To, Cc or Reply-To value, as far as they can be read; never raises."""
    # White space between two encoded words is none of the name's (RFC 2047 section 6.2); in a list of several
    # addresses the standard library keeps it.
    joined = re.sub(r"\?=[ \t\r\n]+=\?", "?==?", value)
    # Some programs send the semicolons of Outlook's address line; without a group's colon they mean commas.
    if not _OTHER_SEMICOLONS.search(joined):
        joined = joined.replace(";", ",")
    found, _ = _parse(joined)
    return tuple(address for address in found if is_address(address.address))


def single_from(values: Iterable[str]) -> Address | None:
    """The sender, if there is exactly one From header and it names exactly one well-formed address.

    Otherwise None: an ambiguous sender matches no contact. `alice@allowed<bob@evil>` is bob, whatever
    `email.utils.parseaddr` says below Python 3.13 (CVE-2023-27043); a display name never counts.
    """
    headers = list(values)
    if len(headers) != 1:
        return None
    found, well_formed = _parse(headers[0])
    if len(found) != 1 or not well_formed or not is_address(found[0].address):
        return None
    return found[0]


def _parse(value: str) -> tuple[list[Address], bool]:
    text = re.sub(r"[\r\n]+[ \t]*", " ", value[:_WIDEST]).strip()
    if text.count("(") + text.count('"') > _MARKS_LIMIT:
        return [], False
    simple = _NAME_ADDR.fullmatch(text)
    if simple and is_address(simple[2].strip()):
        return [Address(_decoded(simple[1].strip()), simple[2].strip())], True
    if _BARE.fullmatch(text):
        return [Address("", text)], True
    try:
        header: Any = _REGISTRY("from", text)
        found = [Address(str(a.display_name), str(a.addr_spec)) for a in header.addresses]
        faults = [d for d in header.defects if isinstance(d, email_errors.InvalidHeaderDefect)]
    except Exception:  # the standard library's parser raises a dozen kinds on hostile input
        return [], False
    return found, not faults


def _decoded(phrase: str) -> str:
    try:
        return str(_REGISTRY("subject", phrase))
    except Exception:  # as above
        return phrase
