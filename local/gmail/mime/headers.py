"""Header fields of one MIME part, read from bytes that may break every rule of RFC 5322.

Nothing here raises on malformed input: what can't be understood is kept as text.
"""

import base64
import binascii
import codecs
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# Fields beyond this are dropped: a megabyte of "a:\n" would otherwise become an answer of a gigabyte.
MAX_FIELDS = 5000

_FIELD_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_GAP_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?[^?\s]+\?[bBqQ]\?[^?\r\n]*\?=)")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?\Z")


@dataclass(frozen=True)
class Field:
    """One header field: `name` as written, `value` unfolded Unicode text with encoded words still encoded."""

    name: str
    value: str

    @property
    def decoded(self) -> str:
        """The value with its RFC 2047 encoded words turned into the text they stand for."""
        return decode_words(self.value)


def split_head(raw: bytes, start: int, end: int) -> tuple[list[Field], int]:
    """The header fields of `raw[start:end]` and the offset where its body begins.

    The head ends at the first empty line, or at the first line that can't belong to a head: mail without any
    header is all body.
    """
    lines: list[bytes] = []
    at = start
    while at < end:
        stop = raw.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        line = raw[at:after].rstrip(b"\r\n")
        if not line:
            at = after
            break
        if line[:1] in b" \t" and lines:
            lines[-1] += b"\n" + line
        elif _FIELD_NAME.match(line):
            lines.append(line)
        elif not (at == start and line.startswith((b"From ", b">From "))):
            # "From " lines are mbox separators, not mail; anything else starts the body.
            break
        at = after
    return [_field(line) for line in lines[:MAX_FIELDS]], at


def _field(line: bytes) -> Field:
    name, _, value = line.partition(b":")
    return Field(name.strip().decode("ascii"), _unfold(text_of(value)))


def _unfold(value: str) -> str:
    # RFC 5322 section 2.2.3: only the line break goes, the white space after it stays.
    return value.replace("\r", "").replace("\n", "").strip(" \t")


def first(fields: list[Field], name: str) -> str:
    """The undecoded value of the first field called `name` (any case), or ""."""
    wanted = name.lower()
    return next((field.value for field in fields if field.name.lower() == wanted), "")


def text_of(value: bytes) -> str:
    """Bytes of no declared charset as text: UTF-8 if they are UTF-8, else windows-1252, never an error."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")


def decode_charset(value: bytes, charset: str) -> str:
    """`value` in `charset`; an unknown or false charset falls back to `text_of`."""
    try:
        # Python also has codecs that are no charset ("zlib", "idna"); none of them is meant.
        if not codecs.lookup(charset)._is_text_encoding or charset.lower() in _NO_CHARSETS:
            return text_of(value)
        return value.decode(charset, errors="replace")
    except (LookupError, ValueError):
        return text_of(value)


_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)


def decode_words(value: str) -> str:
    """Replaces RFC 2047 encoded words; white space between two of them disappears (section 6.2)."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_decode_word, _GAP_BETWEEN_WORDS.sub(r"\1", value))


def _decode_word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    payload = text.encode("utf-8", errors="replace")
    decoded = decode_base64(payload) if encoding in "bB" else binascii.a2b_qp(payload, header=True)
    return decode_charset(decoded, charset)


def decode_base64(payload: bytes) -> bytes:
    """What can be read of base64 text: foreign characters are skipped, missing padding is supplied."""
    cleaned = re.sub(rb"[^A-Za-z0-9+/]", b"", payload)
    if len(cleaned) % 4 == 1:
        cleaned = cleaned[:-1]
    return base64.b64decode(cleaned + b"=" * (-len(cleaned) % 4))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition value, names in lower case.

    RFC 2231 continuations and charsets are put together, RFC 2047 words (forbidden there, but usual) decoded.
    """
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, written in _PARAMETER.findall(value):
        found = _SECTION.match(name.lower())
        if found:
            base, number, extended = found.groups()
            parts = sections.setdefault(base, {})
            parts.setdefault(int(number or 0), (_unquote(written), extended is not None))
    return {name: _join(parts) for name, parts in sections.items()}


def _unquote(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        value = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
        return re.sub(r"\\(.)", r"\1", value)
    return value


def _join(parts: dict[int, tuple[str, bool]]) -> str:
    ordered = [parts[number] for number in sorted(parts)]
    if not any(extended for _, extended in ordered):
        return decode_words("".join(text for text, _ in ordered))
    charset, rest = _extended_charset(ordered[0])
    pieces = [(rest, ordered[0][1]), *ordered[1:]]
    encoded = [unquote_to_bytes(text) if extended else text.encode("utf-8") for text, extended in pieces]
    return decode_charset(b"".join(encoded), charset or "utf-8")


def _extended_charset(part: tuple[str, bool]) -> tuple[str, str]:
    text, extended = part
    if extended and text.count("'") >= 2:
        charset, _, rest = text.split("'", 2)
        return charset, rest
    return "", text
