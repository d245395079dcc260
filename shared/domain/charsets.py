"""Bytes of a text part become text, whatever charset they claim to have."""

import codecs
from typing import Final

# Single-byte sets and UTF-8: here valid UTF-8 with a byte above 7F is UTF-8, whatever the label says.
_SINGLE_BYTE: Final = frozenset(
    {
        "ascii", "utf-8", "utf-8-sig", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "tis-620", "hp-roman8",
        *(f"iso8859-{n}" for n in range(1, 17)), *(f"cp125{n}" for n in range(9)),
        "cp437", "cp850", "cp852", "cp855", "cp858", "cp862", "cp866", "cp874",
    }
)  # fmt: skip
_MULTI_BYTE: Final = frozenset(
    {
        "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "cp932", "euc_kr", "cp949",
        "johab",
    }
)  # fmt: skip
# Seven-bit or with a fixed unit: bytes that happen to be valid UTF-8 mean nothing here.
_SELF_CONTAINED: Final = frozenset(
    {
        "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_kr", "hz", "utf-7", "utf-16",
        "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
    }
)  # fmt: skip
# The larger set that mail programs mean by the smaller one's name (WHATWG Encoding, section 4.2).
_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_ALIASES: Final = {
    "x-sjis": "shift_jis",
    "x-gbk": "gbk",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode": "utf-16",
    "cp-850": "cp850",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "utf8mb4": "utf-8",
}


def decode_text(data: bytes, charset: str = "") -> tuple[str, bool]:
    """The text of `data`, and whether every byte made sense. Never raises.

    Gmail's API hands text out as UTF-8 while Content-Type keeps the sender's charset, and senders mislabel; so
    valid UTF-8 wins over a label that cannot rule it out.
    """
    codec = _codec(charset)
    if codec not in _SELF_CONTAINED and (codec in _SINGLE_BYTE or not codec or _has_long_sequence(data)):
        text = _strict(data, "utf-8-sig")
        if text is not None:
            return text, True
    codec = _WIDER.get(codec, codec) or "cp1252"
    text = _strict(data, codec)
    if text is not None:
        return text, True
    text = _strict(data, "utf-8-sig")
    if text is not None:
        return text, True
    # Latin-1 gives every byte a character; other sets keep what can be read between replacement marks.
    return data.decode(codec, "replace"), False


def _codec(charset: str) -> str:
    """Python's name of a charset, or an empty string for one that is unknown or no text charset at all."""
    label = charset.strip().strip("\"'").lower()[:40]
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    return name if name in _SINGLE_BYTE | _MULTI_BYTE | _SELF_CONTAINED else ""


def _has_long_sequence(data: bytes) -> bool:
    # Text in an East Asian set may be valid two-byte UTF-8 by chance; three-byte sequences never are in practice.
    return any(byte >= 0xE0 for byte in data[:4096])


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec, "strict")
    except (UnicodeError, ValueError):
        return None
