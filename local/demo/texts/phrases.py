"""The building blocks of a letter in one language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """Templates for str.format.

    They may name `{reader}`, `{writer}`, `{company}`, `{product}`, `{day}` (a day to come) and `{past}`.
    """

    subjects: tuple[str, ...]
    greeting: str
    openings: tuple[str, ...]
    details: tuple[str, ...]
    closings: tuple[str, ...]
    farewell: str
    wrote: str
    reply_prefix: str
    products: tuple[str, ...]
    news_subjects: tuple[str, ...]
    news_title: str
    news_lines: tuple[str, ...]
    unsubscribe: str
    list_subjects: tuple[str, ...]
    spam_subjects: tuple[str, ...]
    spam_line: str
