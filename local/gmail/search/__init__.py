"""Gmail's search language, as `q` of `messages.list` and `threads.list` takes it.

    query = parse("from:(amy OR bob) is:unread")
    query.matches(searchable(mail, label_ids), now)

Which mail is looked at is the caller's part: spam and trash are left out if `leaves_out_spam_trash(query)`.
"""

from dataclasses import dataclass
from datetime import datetime

from local.gmail.search.conditions import AllOf, AnyOf, Anywhere, Condition, LabelId
from local.gmail.search.mail import MailContent, SearchableMail, searchable
from local.gmail.search.parser import parse_condition

__all__ = ["MailContent", "Query", "SearchableMail", "leaves_out_spam_trash", "parse", "searchable"]


@dataclass(frozen=True)
class Query:
    """A parsed query."""

    condition: Condition

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        """Whether `mail` is what the query asks for at the moment `now` (aware)."""
        return self.condition.matches(mail, now)


def parse(q: str) -> Query:
    """Reads a query; every string is one. Raises nothing."""
    return Query(parse_condition(q))


def leaves_out_spam_trash(query: Query) -> bool:
    """Whether mail in SPAM or TRASH is no result of `query`, as it is unless a place with them is named.

    Naming it in a negation does not count: `-in:trash` still leaves out spam.
    """
    waiting = [query.condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Anywhere) or (isinstance(part, LabelId) and part.label_id in ("SPAM", "TRASH")):
            return False
        if isinstance(part, (AllOf, AnyOf)):
            waiting.extend(part.parts)
    return True
