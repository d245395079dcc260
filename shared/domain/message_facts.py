"""What of a message decides about sharing, read from its headers."""

import re
from typing import Final

from shared.domain.addresses import normalize, parse_addresses
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
_UNLISTED: Final = frozenset({"CHAT", "DRAFT", "SPAM", "TRASH"})
_SEPARATORS: Final = re.compile(r"[\s<>()\[\],:;\"]+")


def facts_of(mail: MailMetadata) -> MessageFacts:
    """The facts of one message. Never raises."""
    values = [value for name in ADDRESS_HEADERS for value in mail.values(name)]
    found = {address.address for value in values for address in parse_addresses(value)}
    for value in values:
        found.update(_like_addresses(value))
        if "=?" in value:
            found.update(_like_addresses(decode_header(value)))
    return MessageFacts(
        participants=participants(mail),
        mentioned=frozenset(normalize(address) for address in found),
        unlisted=not _UNLISTED.isdisjoint(mail.label_ids),
    )


def _like_addresses(text: str) -> set[str]:
    """Whatever might be an address, also in a malformed header: it can only keep a message private."""
    words = (word.split("@") for word in _SEPARATORS.split(text) if "@" in word)
    return {f"{local}@{domain}" for local, *domains in words for domain in domains if domain}
