"""What of a message decides about sharing, read from its headers."""

import re
from collections.abc import Sequence
from typing import Final

from shared.domain.addresses import LONGEST_ADDRESS, normalize, parse_addresses
from shared.domain.header_text import decode_header
from shared.domain.mail import MailMetadata
from shared.domain.message import SUMMARY_HEADERS, participants
from shared.domain.sharing import MessageFacts

ADDRESS_HEADERS: Final = (
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Resent-From",
    "Resent-To",
    "Resent-Cc",
)
SHARED_SUMMARY_HEADERS: Final = tuple(dict.fromkeys((*SUMMARY_HEADERS, *ADDRESS_HEADERS)))
"""The headers to ask Gmail for where a list row may be shown to a colleague."""
CHARACTERS_LIMIT: Final = 64 * 1024
"""Characters of all address headers together: a mail to more than a thousand."""
VALUES_LIMIT: Final = 20
"""Address headers. RFC 5322 allows each once, and some programs write one twice."""
MENTIONED_LIMIT: Final = 2_000
"""Addresses that are held against what is never shared. Gmail sends to 500."""
_SEPARATORS: Final = re.compile(r"[\s<>()\[\],:;\"]+")


class _BeyondReading(Exception):
    """The address headers are longer than any that mean what they say."""


def facts_of(mail: MailMetadata) -> MessageFacts:
    """The facts of one message. Never raises; where its address headers are beyond reading, it is unlisted."""
    values = [value for name in ADDRESS_HEADERS for value in mail.values(name)]
    try:
        mentioned = _mentioned(values)
    except _BeyondReading:
        return MessageFacts(frozenset(), frozenset(), unlisted=True)
    return MessageFacts(participants(mail), mentioned, unlisted=mail.is_unlisted)


def _mentioned(values: Sequence[str]) -> frozenset[str]:
    if sum(len(value) for value in values) > CHARACTERS_LIMIT or len(values) > VALUES_LIMIT:
        raise _BeyondReading
    found = {address.address for value in values for address in parse_addresses(value)}
    for value in values:
        found.update(_like_addresses(value))
        if "=?" in value:
            found.update(_like_addresses(decode_header(value)))
        if len(found) > MENTIONED_LIMIT:
            raise _BeyondReading
    return frozenset(normalize(address) for address in found)


def _like_addresses(text: str) -> set[str]:
    """Whatever might be an address, also in a malformed header: it can only keep a message private."""
    words = [word for word in _SEPARATORS.split(text) if "@" in word]
    if any(len(word) > LONGEST_ADDRESS for word in words):
        raise _BeyondReading
    apart = (word.split("@") for word in words)
    return {f"{local}@{domain}" for local, *domains in apart for domain in domains if domain}
