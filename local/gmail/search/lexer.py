"""Cuts a `q` string into tokens. Every string has a reading; nothing is an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

OPERATORS = frozenset(
    {"from", "to", "cc", "bcc", "deliveredto", "list", "subject", "filename", "rfc822msgid"}
    | {"label", "in", "is", "has", "category", "larger", "smaller", "size"}
    | {"after", "before", "older", "newer", "newer_than", "older_than"}
)


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    PHRASE = auto()
    OPERATOR = auto()
    MINUS = auto()
    OR = auto()
    AROUND = auto()
    OPEN = auto()
    OPEN_ANY = auto()
    CLOSE = auto()


@dataclass(frozen=True)
class Token:
    """One token; `text` is the word or words, the phrase without quotes, the operator's name in lower case."""

    kind: Kind
    text: str = ""


_MARKS = {
    "(": Token(Kind.OPEN),
    "{": Token(Kind.OPEN_ANY),
    ")": Token(Kind.CLOSE),
    "}": Token(Kind.CLOSE),
    "|": Token(Kind.OR),
}
_SPACE = re.compile(r"\s+")
_RUN = re.compile(r'[^\s"(){}|]+')
_AROUND = re.compile(r"AROUND\s+\d{1,4}(?!\S)")
_NAME = re.compile(r"([A-Za-z0-9_]+):")
# A Message-ID may hold any of the marks.
_ANGLED = re.compile(r"<[^<>\s]*>")


def tokens(q: str) -> Iterator[Token]:
    """The tokens of `q` in order."""
    at = 0
    fresh = True  # a "-" negates only at the start of a term: "foo-bar" is one term
    while at < len(q):
        space = _SPACE.match(q, at)
        if space:
            at, fresh = space.end(), True
            continue
        token, at = _next(q, at, fresh)
        fresh = token is None or token.kind not in (Kind.WORD, Kind.PHRASE, Kind.OPERATOR)
        if token is not None:
            yield token


def _next(q: str, at: int, fresh: bool) -> tuple[Token | None, int]:
    mark = q[at]
    angled = _ANGLED.match(q, at)
    if angled:
        return Token(Kind.WORD, angled[0]), angled.end()
    if mark in _MARKS:
        return _MARKS[mark], at + 1
    if mark == '"':
        end = q.find('"', at + 1)
        end = len(q) if end < 0 else end
        return Token(Kind.PHRASE, q[at + 1 : end]), end + 1
    if mark == "-" and fresh:
        negates = at + 1 < len(q) and not q[at + 1].isspace()
        return (Token(Kind.MINUS) if negates else None), at + 1
    around = _AROUND.match(q, at) if fresh else None
    if around:
        return Token(Kind.AROUND, around[0]), around.end()
    name = _NAME.match(q, at) if fresh else None
    if name and name[1].lower() in OPERATORS:
        return Token(Kind.OPERATOR, name[1].lower()), name.end()
    return _word(q, at)


def _word(q: str, at: int) -> tuple[Token | None, int]:
    run = _RUN.match(q, at)
    assert run is not None  # noqa: S101  every other first character was taken by a rule above
    text = run[0]
    if text == "OR":
        return Token(Kind.OR), run.end()
    if text == "AND":
        return None, run.end()
    return Token(Kind.WORD, text), run.end()
