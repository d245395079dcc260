"""Whether Gmail itself confirmed a From address (RFC 8601, RFC 7489)."""

import re
from collections.abc import Sequence
from typing import Final

from shared.domain.addresses import domain_of

_GMAIL: Final = "mx.google.com"
# Read to its end also where it has none: from each quotation mark anew would be work in the square.
_QUOTED: Final = re.compile(r'"(?:[^"\\]++|\\.)*+("?)')
_COMMENT: Final = re.compile(r"\([^()]*\)")
_PROPERTY: Final = re.compile(r"(?i)\b(header\.(?:i|d|from)|smtp\.(?:mailfrom|mail))\s*=\s*([^\s;]+)")


def is_confirmed(results: Sequence[str], sender: str) -> bool:
    """Whether the topmost Authentication-Results, if it is Gmail's, vouches for `sender`'s domain.

    A mail can bring any number of such headers of its own; Gmail puts its own above them, so only the first
    counts. Passing means dmarc=pass, or dkim/spf=pass for the very domain of From or one above it.
    """
    domain = domain_of(sender)
    if not results or not domain:
        return False
    # The envelope sender is the writer's to choose: a quoted local part could hold a whole clause of its own.
    plain: str = _COMMENT.sub("", _QUOTED.sub(_unclosed, results[0][:8000]))
    server, *clauses = plain.split(";")
    if '"' in plain or "(" in plain or server.split()[:1] != [_GMAIL]:
        return False
    return any(_vouches(clause.strip(), domain) for clause in clauses)


def _unclosed(quoted: re.Match[str]) -> str:
    """What stays of a quoted string: nothing, or its mark where none closes it."""
    return "" if quoted[1] else '"'


def _vouches(clause: str, domain: str) -> bool:
    method, _, _ = clause.partition(" ")
    properties: dict[str, str] = {name.lower(): value for name, value in _PROPERTY.findall(clause)}
    match method.lower().replace(" ", ""):
        case "dmarc=pass":
            named = properties.get("header.from", "")
            return named.casefold().rstrip(".") == domain
        case "dkim=pass":
            signer = properties.get("header.d") or properties.get("header.i", "")
            return _covers(signer, domain)
        case "spf=pass":
            return _covers(properties.get("smtp.mailfrom") or properties.get("smtp.mail", ""), domain)
    return False


def _covers(identity: str, domain: str) -> bool:
    named: str = identity.rpartition("@")[2].casefold().rstrip(".")
    return "." in named and (domain == named or domain.endswith(f".{named}"))
