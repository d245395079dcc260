"""Searching Gmail for mail from addresses: wide enough, and checked again on each hit's parsed From."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from shared.domain.contact_search import searchable

QUERY_LENGTH: Final = 5000
"""Characters of one search: with `@` and spaces escaped it stays below 8 KB. Over 2,048 Google's client posts it."""
ADDRESSES_PER_QUERY: Final = 150


def sender_queries(addresses: Collection[str], since: datetime | None = None) -> tuple[str, ...]:
    """Searches that together find all mail from `addresses`; those that may not enter a search are left out.

    `since` bounds them in epoch seconds: dates would mean midnight Pacific.
    """
    after = "" if since is None else f" after:{int(since.timestamp())}"
    return tuple(f"from:({' OR '.join(chunk)}){after}" for chunk in _chunks(searchable(sorted(addresses))))


def _chunks(addresses: tuple[str, ...]) -> list[list[str]]:
    chunks: list[list[str]] = []
    length = 0
    for address in addresses:
        length += len(address) + 4
        if not chunks or length > QUERY_LENGTH or len(chunks[-1]) == ADDRESSES_PER_QUERY:
            chunks.append([])
            length = len(address) + 4
        chunks[-1].append(address)
    return chunks


def newest_first(message_id: str) -> tuple[int, str]:
    """The order of message ids by age, as sort key for `reverse=True`: Gmail's are growing hexadecimal numbers.

    The order need not be exact; it only has to stay the same from turn to turn.
    """
    return len(message_id), message_id
