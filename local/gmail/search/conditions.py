"""The conditions a query is made of. Each answers one question about a mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Protocol

from local.gmail.search.mail import SearchableMail
from local.gmail.words import contains, normalise


class Condition(Protocol):
    """A test of one mail at the moment `now` (aware)."""

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        """Whether `mail` meets the condition."""


@dataclass(frozen=True)
class AllOf:
    """Every part holds; with no part: always."""

    parts: tuple[Condition, ...] = ()

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return all(part.matches(mail, now) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Some part holds; with no part: never."""

    parts: tuple[Condition, ...] = ()

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return any(part.matches(mail, now) for part in self._other_parts) or any(
            contains(text, phrase)
            for headers, phrases in self._by_first_word.items()
            for text in map(mail.content.header_words, headers)
            for word in text.split()
            for phrase in phrases.get(word, ())
        )

    @cached_property
    def _by_first_word(self) -> dict[tuple[str, ...], dict[str, list[str]]]:
        """The phrases that headers may hold, by their first word: of a hundred senders few need be looked at."""
        found: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for part in self.parts:
            if isinstance(part, HeaderWords) and part.phrase.strip():
                phrases = found.setdefault(part.headers, {})
                phrases.setdefault(part.phrase.split()[0], []).append(part.phrase)
        return found

    @cached_property
    def _other_parts(self) -> tuple[Condition, ...]:
        return tuple(
            part for part in self.parts if not (isinstance(part, HeaderWords) and part.phrase.strip())
        )


@dataclass(frozen=True)
class Not:
    """The part doesn't hold."""

    part: Condition

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return not self.part.matches(mail, now)


@dataclass(frozen=True)
class Anywhere:
    """Always, spam and trash included."""

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return True


@dataclass(frozen=True)
class Words:
    """A normalised phrase stands somewhere in the mail."""

    phrase: str

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return contains(mail.content.words, self.phrase)


@dataclass(frozen=True)
class HeaderWords:
    """A normalised phrase stands in one of these headers."""

    headers: tuple[str, ...]
    phrase: str

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return any(contains(mail.content.header_words(name), self.phrase) for name in self.headers)


@dataclass(frozen=True)
class Me:
    """One of the mailbox's own addresses stands in one of these headers."""

    headers: tuple[str, ...]

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return any(
            contains(mail.content.header_words(name), normalise(address))
            for name in self.headers
            for address in mail.own_addresses
        )


@dataclass(frozen=True)
class FileName:
    """An attachment's name has these words; a value such as `pdf` or `.pdf` also names the ending."""

    phrase: str

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return any(contains(normalise(name), self.phrase) for name in mail.content.attachment_names)


@dataclass(frozen=True)
class HasAttachment:
    """The mail has an attachment."""

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return mail.content.has_attachment


@dataclass(frozen=True)
class LabelId:
    """The mail carries the system label with this id."""

    label_id: str

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return self.label_id in mail.label_ids


@dataclass(frozen=True)
class LabelName:
    """The mail carries one of the mailbox's own labels whose name has this slug."""

    slug: str

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return any(
            label_id in mail.label_names and label_slug(mail.label_names[label_id]) == self.slug
            for label_id in mail.label_ids
        )


@dataclass(frozen=True)
class HasOwnLabel:
    """The mail carries a label its user made: only the ids of system labels are all capitals."""

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return any(not label_id.isupper() for label_id in mail.label_ids)


@dataclass(frozen=True)
class Since:
    """The mail came at this moment (seconds since 1970) or later."""

    epoch_s: int

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return mail.internal_date_ms >= self.epoch_s * 1000


@dataclass(frozen=True)
class YoungerThan:
    """The mail came within this many calendar months and days before now."""

    months: int = 0
    days: int = 0

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return mail.internal_date_ms >= _earlier(now, self.months, self.days).timestamp() * 1000


@dataclass(frozen=True)
class LargerThan:
    """The raw mail has more bytes than this."""

    size: int

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return mail.content.size_estimate > self.size


@dataclass(frozen=True)
class MessageId:
    """The Message-ID header names this mail; the angle brackets don't matter."""

    message_id: str

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        return mail.content.header("Message-ID").strip(" <>") == self.message_id


@lru_cache(maxsize=1024)
def label_slug(name: str) -> str:
    """How a label is written in a query: no case, and "-" for spaces, slashes, brackets and ampersands."""
    return "".join("-" if ch.isspace() or ch in '/\\()[]{}"&|' else ch for ch in name.strip().casefold())


def _earlier(now: datetime, months: int, days: int) -> datetime:
    try:
        index = now.year * 12 + now.month - 1 - months
        moved = _clamped(now, index // 12, index % 12 + 1) if months else now
        return moved - timedelta(days=days)
    except (ValueError, OverflowError):
        # Longer ago than the calendar reaches: everything is younger.
        return datetime(1, 1, 2, tzinfo=now.tzinfo)


def _clamped(moment: datetime, year: int, month: int) -> datetime:
    """`moment` in another month; the 31st becomes that month's last day."""
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month, day=min(moment.day, 28))
