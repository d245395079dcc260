"""Header fields as they leave: ASCII lines made of encoded words (RFC 2047), folded by ourselves.

The standard library folds differently from one Python to the next, and has turned an encoded line break into a
header of its own (CVE-2024-6923) and an encoded comma into an address (CVE-2025-1795). Here nothing that came
from outside is ever folded: it is ASCII without line breaks, or it is base64.
"""

import base64
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from shared.domain.addresses import Address

_LINE: Final = 76
_WORD_BYTES: Final = 45
"""Bytes of text in one encoded word: 60 letters of base64 and 12 around them, below the 75 of RFC 2047."""
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PLAIN: Final = re.compile(r"[\x20-\x7e]*")
_FOLD: Final = "\r\n "
_TOKEN: Final = re.compile(r"[A-Za-z0-9._ ()+-]{1,60}")


def field(name: str, value: str) -> bytes:
    """One header field. `value` is made by the functions below; anything else in it is a defect.

    Raises ValueError for a value that would end its line.
    """
    if re.search(r"[\r\n]", value.replace(_FOLD, " ")) or re.search(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", value
    ):
        raise ValueError(f"{name} has a value that is not folded as it must be")
    return f"{name}: {value}\r\n".encode()


def text_value(text: str) -> str:
    """An unstructured value. `text` is one line without controls (`header_text.showable`)."""
    words = text.split(" ")
    if not _PLAIN.fullmatch(text) or "=?" in text or any(len(word) > _LINE for word in words):
        return encoded_words(text)
    return _folded(words)


def encoded_words(text: str) -> str:
    """`text` as base64 words, never cut inside a character."""
    words: list[str] = []
    chunk = b""
    for character in text:
        encoded = character.encode("utf-8")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(_word(chunk))
            chunk = b""
        chunk += encoded
    return _FOLD.join([*words, _word(chunk)])


def address_list(addresses: Iterable[Address]) -> str:
    """A value of From, To, Cc, Bcc or Reply-To: one address a line."""
    return ("," + _FOLD).join(_address(address) for address in addresses)


def id_list(ids: Iterable[str]) -> str:
    """A value of In-Reply-To or References: one Message-ID a line."""
    return _FOLD.join(ids)


def parameter(name: str, value: str) -> str:
    """`; name="value"`, in the continued form of RFC 2231 where the value is not short and plain."""
    if _TOKEN.fullmatch(value):
        return f';{_FOLD}{name}="{value}"'
    coded = quote(value, safe="", errors="replace")
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,20}", coded)
    if len(pieces) == 1:
        return f";{_FOLD}{name}*=UTF-8''{coded}"
    first, *rest = pieces
    parts = [f"{name}*0*=UTF-8''{first}", *(f"{name}*{at}*={piece}" for at, piece in enumerate(rest, 1))]
    return "".join(f";{_FOLD}{part}" for part in parts)


def _address(address: Address) -> str:
    name = address.name
    if not name:
        return address.address
    if "=?" in name or not _PLAIN.fullmatch(name):
        phrase = encoded_words(name)
    elif _ATOMS.fullmatch(name):
        phrase = _folded(name.split(" "))
    else:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        phrase = f'"{escaped}"'
    return f"{phrase}{_FOLD if len(phrase) > 40 else ' '}<{address.address}>"


def _word(chunk: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="


def _folded(words: list[str]) -> str:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE - 12:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return _FOLD.join(lines)
