"""Bodies of MIME parts: transfer encodings and charsets undone, whatever state they are in."""

import binascii
import re

from local.gmail.mime.headers import decode_base64, decode_charset

_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ", re.MULTILINE)
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """`body` without its Content-Transfer-Encoding. An unknown one changes nothing (RFC 2045, 6.4)."""
    name = encoding.strip().lower()
    if name == "base64":
        return decode_base64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in _UU_NAMES:
        return _decode_uu(body)
    return body


def _decode_uu(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    if begin is None:
        return body
    decoded = bytearray()
    for line in body[begin.start() :].splitlines()[1:]:
        if line.strip() in (b"", b"`", b"end"):
            break
        decoded += _decode_uu_line(line)
    return bytes(decoded)


def _decode_uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad a line beyond the length it names; the length decides.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""


def text_body(body: bytes, charset: str) -> str:
    """A decoded text body as Unicode, without the byte order mark some senders put in front."""
    return decode_charset(body, charset or "utf-8").removeprefix("\ufeff")
