"""A mail as Gmail hands it out, in our own shape. Held in memory for one call only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_UNLISTED: Final = frozenset({"CHAT", "DRAFT", "SPAM", "TRASH"})


@dataclass(frozen=True)
class Header:
    """One header field, unfolded."""

    name: str
    value: str


@dataclass(frozen=True)
class MailMetadata:
    """What a list row needs. `received_at` is Gmail's internalDate in UTC; `snippet` is plain text;
    `history_id` says when it last changed."""

    id: str
    thread_id: str
    label_ids: frozenset[str]
    received_at: datetime
    headers: tuple[Header, ...] = ()
    snippet: str = ""
    size: int = 0
    has_attachments: bool = False
    history_id: int = 0

    @property
    def is_unlisted(self) -> bool:
        """Whether it is a chat, a draft, spam or trash: no mail exchanged with anybody."""
        return not _UNLISTED.isdisjoint(self.label_ids)

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a header, in order; the name is compared without case."""
        wanted = name.lower()
        return tuple(header.value for header in self.headers if header.name.lower() == wanted)

    def first(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return next(iter(self.values(name)), "")


@dataclass(frozen=True)
class Part:
    """One node of the MIME tree. `body` is decoded bytes, None where it is fetched by `attachment_id`."""

    id: str
    mime_type: str
    filename: str = ""
    headers: tuple[Header, ...] = ()
    body: bytes | None = None
    size: int = 0
    attachment_id: str | None = None
    parts: tuple["Part", ...] = ()

    def first(self, name: str) -> str:
        """The first value of a header of this part, or an empty string."""
        wanted = name.lower()
        return next((header.value for header in self.headers if header.name.lower() == wanted), "")

    def walk(self, limit: int = 500) -> Iterator["Part"]:
        """This part and all below it, depth first, at most `limit` of them and without recursion."""
        waiting = [self]
        while waiting and limit > 0:
            part = waiting.pop()
            limit -= 1
            yield part
            waiting.extend(reversed(part.parts))


@dataclass(frozen=True)
class Mail:
    """A whole mail: metadata and its MIME tree."""

    metadata: MailMetadata
    root: Part
