"""Finding the mail exchanged with a contact: a Gmail search that is wide enough, and the exact match that decides.

Search is a pre-filter only: Gmail splits `foo+bar` into words and its index lags, so each hit is checked again on
its parsed headers (https://support.google.com/mail/answer/7190).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from shared.domain.addresses import is_address, normalize
from shared.domain.mail import MailMetadata
from shared.domain.message import participants

ADDRESSES_PER_QUERY: Final = 20
"""Three terms each: keeps a query well below 8 KB of URL."""
# Stricter than RFC 5322: nothing that is an operator, a group or a quote in Gmail's search language.
_SEARCHABLE: Final = re.compile(r"[^\W_][\w.!#$%&'*+/=?^`~-]*@[^\W_][\w.-]*")


def searchable(addresses: Iterable[str]) -> tuple[str, ...]:
    """The addresses that may enter a search, each once, normalised and in order."""
    plain = (normalize(address) for address in addresses)
    return tuple(dict.fromkeys(a for a in plain if is_address(a) and _SEARCHABLE.fullmatch(a)))


def queries(addresses: Sequence[str], before_second: int | None = None) -> tuple[str, ...]:
    """Gmail searches for mail from, to or in copy to any of `addresses` (from `searchable`).

    `before_second` is Unix time, and mail of that very second is included: dates would mean midnight Pacific.
    """
    until = "" if before_second is None else f" before:{before_second + 1}"
    chunks = (
        addresses[at : at + ADDRESSES_PER_QUERY] for at in range(0, len(addresses), ADDRESSES_PER_QUERY)
    )
    return tuple(
        f"{{{' '.join(f'from:{a} to:{a} cc:{a}' for a in chunk)}}} -in:chats -in:drafts{until}"
        for chunk in chunks
    )


def belongs(mail: MailMetadata, addresses: Collection[str]) -> bool:
    """Whether a hit truly is mail with one of these normalised addresses, and of the kind that is listed."""
    return not mail.is_unlisted and not participants(mail).isdisjoint(addresses)
