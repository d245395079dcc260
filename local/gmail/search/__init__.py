"""Gmail's search language, as `q` of `messages.list` and `threads.list` takes it.

    query = parse("from:(amy OR bob) -is:read")
    query.matches(mail, now)

Which mail is looked at is the caller's part: spam and trash are left out if `leaves_out_spam_trash(query)`.
"""

from dataclasses import dataclass
from datetime import datetime

from local.gmail.search.conditions import Condition
from local.gmail.search.lexer import Kind, tokens
from local.gmail.search.mail import SearchableMail, searchable
from local.gmail.search.parser import parse_condition
from local.gmail.search.words import normalise

__all__ = ["Query", "SearchableMail", "leaves_out_spam_trash", "normalise", "parse", "searchable"]


@dataclass(frozen=True)
class Query:
    """A parsed query. `reaches_spam_trash`: it names spam, trash or everywhere as the place to look in."""

    condition: Condition
    reaches_spam_trash: bool

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        """Whether `mail` is what the query asks for at the moment `now` (aware)."""
        return self.condition.matches(mail, now)


def parse(q: str) -> Query:
    """Reads a query; every string is one. Raises nothing."""
    return Query(parse_condition(q), _reaches_spam_trash(q))


def leaves_out_spam_trash(query: Query) -> bool:
    """Whether mail in SPAM or TRASH is no result of `query`, as it is unless a place with them is named."""
    return not query.reaches_spam_trash


_PLACES = frozenset({"anywhere", "spam", "trash", "bin"})


def _reaches_spam_trash(q: str) -> bool:
    operator, negated = "", False
    for token in tokens(q):
        if token.kind is Kind.MINUS:
            negated = True
        elif token.kind is Kind.OPERATOR:
            operator = token.text
        else:
            if operator in ("in", "is", "label") and not negated and token.text.strip().lower() in _PLACES:
                return True
            operator, negated = "", False
    return False
