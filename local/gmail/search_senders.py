"""The words that a query's senders begin with, so that a search for senders need not read other mail."""

from local.gmail.search.conditions import AllOf, AnyOf, Condition, HeaderWords


def sender_words_of(condition: Condition) -> frozenset[str] | None:
    """Each mail that meets the condition has one of these words in From; None: it may have any."""
    if isinstance(condition, HeaderWords) and condition.headers == ("From",) and condition.phrase.strip():
        return frozenset(condition.phrase.split()[:1])
    if isinstance(condition, AnyOf) and condition.parts:
        found = [sender_words_of(part) for part in condition.parts]
        known = [words for words in found if words is not None]
        return frozenset[str]().union(*known) if len(known) == len(found) else None
    if isinstance(condition, AllOf):
        known = [words for part in condition.parts if (words := sender_words_of(part)) is not None]
        return min(known, key=len, default=None)
    return None
