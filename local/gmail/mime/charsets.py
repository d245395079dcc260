"""Bytes to text, whatever charset they claim. Nothing here raises."""

import codecs
import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}\Z")

# What senders write and mean, where Python knows another name or a narrower repertoire. The first two as browsers
# read them (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
# Python codecs that turn bytes into text and yet are no charset of mail.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
# Declared by senders that know nothing of what they send.
_UNDECLARED = frozenset({"", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "default"})


def decode_undeclared(value: bytes) -> str:
    """Bytes without a declared charset: UTF-8 if they are UTF-8, else windows-1252."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")


def decode_charset(value: bytes, charset: str) -> str:
    """`value` in `charset`; an unknown charset counts as none, bytes that are not in it become U+FFFD."""
    name = charset.strip().strip("'\"").lower()
    if name in _UNDECLARED or not _NAME.match(name):
        return decode_undeclared(value)
    name = _MEANT.get(name, name)
    try:
        codec = codecs.lookup(name)
        # Not every Python codec is a charset: "zlib" and "rot13" are codecs, too.
        if not codec._is_text_encoding or codec.name.replace("-", "_") in _NO_CHARSETS:
            return decode_undeclared(value)
        return _without_surrogates(value.decode(name, errors="replace"))
    except (LookupError, ValueError):
        return decode_undeclared(value)


def _without_surrogates(text: str) -> str:
    """UTF-7 can spell half a character, which no UTF-8 answer could carry."""
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
