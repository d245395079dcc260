"""`AROUND`: two phrases close to each other.

Source: https://support.google.com/mail/answer/7190, `holiday AROUND 10 vacation`, and in quotes, where the order
counts, `"secret AROUND 25 birthday"`. Emulated: the number is that of the words between the two.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime

from local.gmail.search.mail import SearchableMail
from local.gmail.words import normalise

_IN_QUOTES = re.compile(r"(.*?)\sAROUND\s+(\d{1,4})\s(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Near:
    """Two normalised phrases stand close to each other, in one of these headers or (none given) in the mail."""

    headers: tuple[str, ...]
    left: str
    right: str
    distance: int
    ordered: bool

    def matches(self, mail: SearchableMail, now: datetime) -> bool:
        texts = [mail.content.header_words(name) for name in self.headers] or [mail.content.words]
        return any(self._stands_in(text) for text in texts)

    def _stands_in(self, text: str) -> bool:
        if self.left not in text or self.right not in text:
            return False
        words = text.split()
        left, right = self.left.split(), self.right.split()
        return self._follows(words, left, right) or (not self.ordered and self._follows(words, right, left))

    def _follows(self, words: list[str], first: list[str], second: list[str]) -> bool:
        """Whether `second` begins at most `distance` words after an end of `first`."""
        starts = _starts(words, second)
        for start in _starts(words, first):
            end = start + len(first)
            nearest = bisect_left(starts, end)
            if nearest < len(starts) and starts[nearest] - end <= self.distance:
                return True
        return False


def near(
    headers: tuple[str, ...], left: str, right: str, distance: int, ordered: bool = False
) -> Near | None:
    """The condition for two terms as written; None if one of them has no words."""
    phrases = normalise(left), normalise(right)
    return None if " " in phrases else Near(headers, *phrases, distance, ordered)


def near_in_quotes(headers: tuple[str, ...], phrase: str) -> Near | None:
    """The condition of a quoted `left AROUND n right`; None if the phrase isn't one."""
    found = _IN_QUOTES.match(phrase)
    return near(headers, found[1], found[3], int(found[2]), ordered=True) if found else None


def _starts(words: list[str], phrase: list[str]) -> list[int]:
    return [
        at for at, word in enumerate(words) if word == phrase[0] and words[at : at + len(phrase)] == phrase
    ]
