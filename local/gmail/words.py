"""How Gmail cuts text into words: whole words are compared, never parts of one, and without case.

The treatment of symbols follows measurements published by others and is emulated:
http://www.sensefulsolutions.com/2010/07/how-gmail-filter-email-matching-works.html
"""

import re
import unicodedata

# Letters, digits, "_" and "&" make words. In scripts written without spaces each character is a word of its
# own, so that a query in them finds any run of characters.
_SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_UNSPACED = _SOUTH_EAST_ASIAN + _CJK
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w&])+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
# In a query these part words that may stand anywhere; all other symbols make a phrase of what they join.
_SEPARATORS = re.compile(r"[:~#$%^*+;,<>?`\s]+")


def normalise(text: str) -> str:
    """The words of `text`, folded, one space before and after each: ` like this `. Idempotent."""
    words = _WORD.findall(_fold(text))
    return f" {' '.join(words)} " if words else " "


def contains(haystack: str, phrase: str) -> bool:
    """Whether the normalised `phrase` stands, word for word, in the normalised `haystack`."""
    return phrase in haystack


def phrases_of(term: str) -> list[str]:
    """The normalised phrases that an unquoted query term asks for: `foo+bar` two, `foo.bar@x.com` one."""
    found = (normalise(piece) for piece in _SEPARATORS.split(term))
    return [phrase for phrase in found if phrase != " "]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", decomposed)))
