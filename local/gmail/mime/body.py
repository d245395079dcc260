"""Bodies of MIME parts with their transfer encoding undone, whatever state they are in."""

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ", re.MULTILINE)
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_ENCODING_NAME = re.compile(r"[\w-]*")


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """`body` without its Content-Transfer-Encoding. An unknown one changes nothing (RFC 2045 section 6.4)."""
    found = _ENCODING_NAME.match(encoding.strip().strip('"').lower())
    name = found[0] if found else ""
    if name == "base64":
        return decode_base64(body)
    if name == "quoted-printable":
        return binascii.a2b_qp(body)
    if name in _UU_NAMES:
        return _decode_uu(body)
    return body


def decode_base64(payload: bytes) -> bytes:
    """What can be read of base64: foreign characters are skipped, padding ends it and may be missing."""
    letters = _NOT_BASE64.sub(b"", payload).partition(b"=")[0]
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


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
