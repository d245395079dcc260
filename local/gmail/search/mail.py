"""What search knows of one mail."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Protocol


class MailContent(Protocol):
    """The part of a mail that never changes; `local.gmail.payload.ParsedMail` is one."""

    @property
    def words(self) -> str:
        """All text of the mail, normalised."""

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """File names of the attachments."""

    @property
    def has_attachment(self) -> bool:
        """Whether anything is attached."""

    @property
    def size_estimate(self) -> int:
        """Bytes of the raw mail."""

    @property
    def internal_date(self) -> int:
        """Milliseconds since 1970."""

    def header(self, name: str) -> str:
        """The decoded value of a top header, or ""."""

    def header_words(self, name: str) -> str:
        """The same, normalised."""


@dataclass(frozen=True)
class SearchableMail:
    """One mail in one mailbox, as the search language sees it."""

    content: MailContent
    internal_date_ms: int
    label_ids: Set[str] = frozenset()
    # id -> name of the mailbox's own labels; system labels need no entry.
    label_names: Mapping[str, str] = field(default_factory=dict)
    # The addresses that "me" stands for.
    own_addresses: tuple[str, ...] = ()


def searchable(
    content: MailContent,
    label_ids: Set[str] = frozenset(),
    label_names: Mapping[str, str] | None = None,
    internal_date_ms: int | None = None,
    own_addresses: tuple[str, ...] = (),
) -> SearchableMail:
    """A mail with its labels; `internal_date_ms` stands in for the date of its header."""
    return SearchableMail(
        content,
        content.internal_date if internal_date_ms is None else internal_date_ms,
        label_ids,
        label_names or {},
        own_addresses,
    )
