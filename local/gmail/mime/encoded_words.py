"""RFC 2047 encoded words: text beyond ASCII in header fields. Nothing here raises."""

import binascii
import re

from local.gmail.mime.body import decode_base64
from local.gmail.mime.charsets import decode_charset

_WORD = r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?\r\n]*)\?="
_ENCODED_WORD = re.compile(_WORD)
# Words with nothing but white space between them are one text (section 6.2).
_RUN = re.compile(rf"{_WORD}(?:[ \t]+{_WORD})*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_SPECIALS = re.compile(r'[][()<>:;@\\,."]')


def decode_words(value: str) -> str:
    """Replaces the encoded words in free text, such as a subject."""
    if "=?" not in value:
        return value
    return _RUN.sub(lambda run: _decode_run(run[0]), value)


def decode_address_words(value: str) -> str:
    """Replaces the encoded words in a list of addresses and keeps what they mean.

    A name with a comma or an angle bracket inside is put in quotes: `=?utf-8?q?Doe=2C_Jo?= <a@x>` is one
    address, and stays one.
    """
    if "=?" not in value:
        return value
    pieces: list[str] = []
    at = 0
    for quoted in _QUOTED.finditer(value):
        pieces.append(_RUN.sub(lambda run: _as_phrase(_decode_run(run[0])), value[at : quoted.start()]))
        pieces.append(_RUN.sub(lambda run: _escape(_decode_run(run[0])), quoted[0]))
        at = quoted.end()
    pieces.append(_RUN.sub(lambda run: _as_phrase(_decode_run(run[0])), value[at:]))
    return "".join(pieces)


def _decode_run(run: str) -> str:
    return "".join(_decode_word(*found.groups()) for found in _ENCODED_WORD.finditer(run))


def _decode_word(charset: str, encoding: str, text: str) -> str:
    payload = text.encode("utf-8")
    decoded = decode_base64(payload) if encoding in "bB" else binascii.a2b_qp(payload, header=True)
    return decode_charset(decoded, charset)


def _as_phrase(name: str) -> str:
    return f'"{_escape(name)}"' if _SPECIALS.search(name) else name


def _escape(name: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", name)
