"""What each operator of the query language makes of its value.

Sources: https://support.google.com/mail/answer/7190 (the operators),
https://developers.google.com/workspace/gmail/api/guides/filtering (dates are midnight Pacific, or epoch seconds),
https://webapps.stackexchange.com/q/18713 (`to:` looks at all recipients),
https://github.com/jeremyephron/simplegmail/issues/96 (an age is in days, months or years, nothing shorter).

Emulated: a value that is no date, size or age matches nothing; `after:` includes its moment, `before:` does not;
`K`, `M` and `G` are powers of 1024; `has:` knows attachments, stars and the user's labels, and nothing of Drive.
"""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from local.gmail.search.conditions import (
    AllOf,
    AnyOf,
    Anywhere,
    Condition,
    FileName,
    HasAttachment,
    HasOwnLabel,
    HeaderWords,
    LabelId,
    LabelName,
    LargerThan,
    Me,
    MessageId,
    Not,
    Since,
    Words,
    YoungerThan,
    label_slug,
)
from local.gmail.search.nearness import near, near_in_quotes
from local.gmail.words import normalise, phrases_of

NOTHING: Condition = AnyOf()

_SYSTEM_LABELS = {
    "inbox": "INBOX",
    "sent": "SENT",
    "draft": "DRAFT",
    "drafts": "DRAFT",
    "spam": "SPAM",
    "trash": "TRASH",
    "bin": "TRASH",
    "starred": "STARRED",
    "important": "IMPORTANT",
    "unread": "UNREAD",
    "chat": "CHAT",
    "chats": "CHAT",
}
_CATEGORIES = {
    "primary": "CATEGORY_PERSONAL",
    "social": "CATEGORY_SOCIAL",
    "promotions": "CATEGORY_PROMOTIONS",
    "updates": "CATEGORY_UPDATES",
    "forums": "CATEGORY_FORUMS",
}
_HEADERS = {
    "from": ("From",),
    "to": ("To", "Cc", "Bcc"),
    "cc": ("Cc",),
    "bcc": ("Bcc",),
    "subject": ("Subject",),
    "list": ("List-ID", "List-Post"),
    "deliveredto": ("Delivered-To",),
}
_ADDRESS_OPERATORS = frozenset({"from", "to", "cc", "bcc", "deliveredto"})
_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})\Z|(\d{1,2})[/-](\d{1,2})[/-](\d{4})\Z")
_EPOCH = re.compile(r"\d{5,15}\Z")
_AGE = re.compile(r"(\d{1,6})([dmy])\Z")
_SIZE = re.compile(r"(\d{1,15})([kmg]?)b?\Z")


def condition(operator: str, value: str, quoted: bool) -> Condition | None:
    """The condition that `operator:value` stands for ("" for a bare word), None if it asks for nothing."""
    if operator in _ADDRESS_OPERATORS and value.lower() == "me":
        return Me(_HEADERS[operator])
    if operator == "" or operator in _HEADERS:
        around = near_in_quotes(_HEADERS.get(operator, ()), value) if quoted else None
        if around:
            return around
        phrases = [normalise(value)] if quoted else phrases_of(value)
        parts = tuple(_words(operator, phrase) for phrase in phrases if phrase != " ")
        return (parts[0] if len(parts) == 1 else AllOf(parts)) if parts else None
    value = value.strip()
    return _MAKERS[operator](value) if value else None


def nearness(operator: str, left: str, right: str, distance: int) -> Condition | None:
    """The condition of `operator:left AROUND distance right`, None where nearness has no meaning."""
    if operator and operator not in _HEADERS:
        return None
    return near(_HEADERS.get(operator, ()), left, right, distance)


def _words(operator: str, phrase: str) -> Condition:
    return HeaderWords(_HEADERS[operator], phrase) if operator else Words(phrase)


def _label(value: str) -> Condition:
    slug = label_slug(value)
    if slug in _SYSTEM_LABELS:
        return LabelId(_SYSTEM_LABELS[slug])
    return LabelName(slug)


def _place(value: str) -> Condition:
    """`in:` and `is:`."""
    slug = label_slug(value)
    if slug == "anywhere":
        return Anywhere()
    if slug == "all":
        return AllOf()
    if slug == "read":
        return Not(LabelId("UNREAD"))
    if slug == "archive":
        return Not(AnyOf(tuple(LabelId(name) for name in ("INBOX", "SPAM", "TRASH", "SENT", "DRAFT"))))
    return _label(value)


def _has(value: str) -> Condition:
    name = value.lower()
    if name in ("attachment", "attachments"):
        return HasAttachment()
    if name == "userlabels":
        return HasOwnLabel()
    if name == "nouserlabels":
        return Not(HasOwnLabel())
    return LabelId("STARRED") if name in ("star", "yellow-star") else NOTHING


def _category(value: str) -> Condition:
    name = _CATEGORIES.get(value.lower())
    return LabelId(name) if name else NOTHING


def _file_name(value: str) -> Condition:
    phrase = normalise(value)
    return FileName(phrase) if phrase != " " else NOTHING


def _after(value: str) -> Condition:
    moment = _moment(value)
    return NOTHING if moment is None else Since(moment)


def _before(value: str) -> Condition:
    moment = _moment(value)
    return NOTHING if moment is None else Not(Since(moment))


def _moment(value: str) -> int | None:
    """Seconds since 1970 of a date (midnight Pacific) or of an epoch value; None if it is neither."""
    if _EPOCH.match(value):
        return int(value)
    found = _DATE.match(value)
    if not found:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 4, 5)
    try:
        midnight = datetime(int(year), int(month), int(day), tzinfo=ZoneInfo("America/Los_Angeles"))
        return int(midnight.timestamp())
    except (ValueError, OverflowError):
        return None


def _newer_than(value: str) -> Condition:
    return _age(value) or NOTHING


def _older_than(value: str) -> Condition:
    age = _age(value)
    return Not(age) if age else NOTHING


def _age(value: str) -> Condition | None:
    found = _AGE.match(value.lower())
    if not found:
        return None
    amount = int(found[1])
    if found[2] in "my":
        return YoungerThan(months=amount * (12 if found[2] == "y" else 1))
    return YoungerThan(days=amount)


def _larger(value: str) -> Condition:
    size = _bytes(value)
    return NOTHING if size is None else LargerThan(size)


def _smaller(value: str) -> Condition:
    size = _bytes(value)
    return NOTHING if size is None else Not(LargerThan(size - 1))


def _bytes(value: str) -> int | None:
    found = _SIZE.match(value.lower())
    return int(found[1]) * 1024 ** " kmg".index(found[2] or " ") if found else None


_MAKERS: dict[str, Callable[[str], Condition]] = {
    "label": _label,
    "in": _place,
    "is": _place,
    "has": _has,
    "category": _category,
    "filename": _file_name,
    "after": _after,
    "newer": _after,
    "before": _before,
    "older": _before,
    "newer_than": _newer_than,
    "older_than": _older_than,
    "larger": _larger,
    "size": _larger,
    "smaller": _smaller,
    "rfc822msgid": lambda value: MessageId(value.strip(" <>")),
}
