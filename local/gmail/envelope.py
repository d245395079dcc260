"""The few header fields of a mail that storing, threading and delivering need."""

import re
from dataclasses import dataclass
from email.utils import getaddresses, parsedate_to_datetime

from local.gmail.mime.headers import Field, split_head

_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_REPLY_PREFIX = re.compile(r"(?:\s*(?:re|fwd?|aw|wg|sv|tr)\s*(?:\[\d+\])?\s*:)+", re.IGNORECASE)


@dataclass(frozen=True)
class Envelope:
    """Decoded header values of one mail; addresses in lower case, `date_ms` None for an unreadable Date."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    from_header: str
    sender: str
    recipients: tuple[str, ...]
    date_ms: int | None

    @property
    def subject_key(self) -> str:
        """What must be equal for two mails to share a thread: the subject without reply prefixes."""
        return " ".join(_REPLY_PREFIX.sub("", self.subject, count=1).split()).casefold()


def read_envelope(raw: bytes) -> Envelope:
    """The envelope of a mail, however broken. Raises nothing."""
    fields, _ = split_head(raw, 0, len(raw))
    return Envelope(
        message_id=_first_id(_values(fields, "message-id")),
        references=_ids(_values(fields, "references")) + _ids(_values(fields, "in-reply-to")),
        subject=next(iter(_values(fields, "subject")), ""),
        from_header=next(iter(_values(fields, "from")), ""),
        sender=next(iter(_addresses(fields, "from")), ""),
        recipients=_addresses(fields, "to", "cc", "bcc"),
        date_ms=_date_ms(_values(fields, "date")),
    )


def _values(fields: list[Field], *names: str) -> list[str]:
    return [field.decoded for field in fields if field.name.lower() in names]


def _ids(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for value in values for found in _MESSAGE_ID.findall(value)))


def _first_id(values: list[str]) -> str:
    return next(iter(_ids(values)), "")


def _addresses(fields: list[Field], *names: str) -> tuple[str, ...]:
    # Before decoding: an encoded word may stand for `, evil@example.com`, which is a name and no address.
    values = [field.value for field in fields if field.name.lower() in names]
    found = (address.strip().lower() for _, address in getaddresses(values))
    return tuple(dict.fromkeys(address for address in found if "@" in address))


def _date_ms(values: list[str]) -> int | None:
    for value in values[:1]:
        try:
            return int(parsedate_to_datetime(value).timestamp() * 1000)
        except (ValueError, OverflowError, OSError, IndexError, TypeError):
            return None
    return None
