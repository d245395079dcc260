"""What search knows of one mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from local.gmail.payload import ParsedMail
from local.gmail.search.words import normalise


@dataclass(frozen=True)
class SearchableMail:
    """One mail as the search language sees it. Header values are decoded text, "" where the mail has none."""

    from_: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    delivered_to: str = ""
    list_id: str = ""
    message_id: str = ""
    # normalise() of all text of the mail, made once when the mail arrives.
    words: str = " "
    label_ids: frozenset[str] = frozenset()
    # id -> name of the mailbox's own labels; system labels need no entry.
    label_names: Mapping[str, str] = field(default_factory=dict)
    internal_date_ms: int = 0
    size: int = 0
    has_attachment: bool = False
    attachment_names: tuple[str, ...] = ()
    # The addresses that "me" stands for.
    own_addresses: tuple[str, ...] = ()

    @cached_property
    def _normalised(self) -> dict[str, str]:
        return {"any": self.words}

    def words_of(self, name: str) -> str:
        """Normalised words of one field: `any`, or a header field of this class by its name."""
        if name not in self._normalised:
            self._normalised[name] = normalise(getattr(self, name))
        return self._normalised[name]


def searchable(
    mail: ParsedMail,
    label_ids: frozenset[str] = frozenset(),
    label_names: Mapping[str, str] | None = None,
    internal_date_ms: int | None = None,
    own_addresses: tuple[str, ...] = (),
) -> SearchableMail:
    """The searchable form of a parsed mail; `internal_date_ms` replaces the date of its header."""
    return SearchableMail(
        from_=mail.header("From"),
        to=mail.header("To"),
        cc=mail.header("Cc"),
        bcc=mail.header("Bcc"),
        subject=mail.header("Subject"),
        delivered_to=mail.header("Delivered-To"),
        list_id=f"{mail.header('List-Id')} {mail.header('List-Post')}",
        message_id=mail.header("Message-Id"),
        words=normalise(mail.text),
        label_ids=label_ids,
        label_names=label_names or {},
        internal_date_ms=mail.internal_date if internal_date_ms is None else internal_date_ms,
        size=mail.size_estimate,
        has_attachment=mail.has_attachment,
        attachment_names=mail.attachment_names,
        own_addresses=own_addresses,
    )
