"""Header fields of one MIME part, read from bytes that may break every rule of RFC 5322.

Nothing here raises on malformed input: what can't be understood is kept as text.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes

from local.gmail.mime.charsets import decode_charset, decode_undeclared
from local.gmail.mime.encoded_words import decode_address_words, decode_words

# Fields beyond this are dropped: a megabyte of "a:\n" would otherwise become an answer of a gigabyte.
MAX_FIELDS = 5000
# Of a megabyte of parameters, this much is read.
_MAX_PARAMETER_TEXT = 64 * 1024

_ADDRESS_FIELDS = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "bcc", "return-path", "delivered-to"}
    | {f"resent-{name}" for name in ("from", "sender", "to", "cc", "bcc")}
)
_FIELD_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
# RFC 2045 section 5.1: `charset=us-ascii (Plain text)`. A file name may well end in brackets.
_COMMENT = re.compile(r"(?<!\s)\s+\([^()]*\)\s*\Z")
_TOKEN_VALUED = frozenset({"boundary", "charset"})
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?\Z", re.ASCII)


@dataclass(frozen=True)
class Field:
    """One header field: `name` as written, `value` unfolded Unicode text with encoded words still encoded."""

    name: str
    value: str

    @cached_property
    def decoded(self) -> str:
        """The value with its RFC 2047 encoded words turned into the text they stand for.

        A line break spelled in such a word stays in: whoever copies the value into a new mail must cope.
        """
        if self.name.lower() in _ADDRESS_FIELDS:
            return decode_address_words(self.value)
        return decode_words(self.value)


def split_head(raw: bytes, start: int, end: int) -> tuple[list[Field], int]:
    """The header fields of `raw[start:end]` and the offset where its body begins.

    The head ends at the first empty line, or before the first line that can't belong to a head: mail without any
    header is all body.
    """
    lines: list[list[bytes]] = []
    at = start
    while at < end:
        stop = raw.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        line = raw[at:after].rstrip(b"\r\n")
        if not line:
            at = after
            break
        if line[:1] in b" \t" and lines:
            lines[-1].append(line)
        elif _FIELD_NAME.match(line):
            lines.append([line])
        elif not (at == start and line.startswith((b"From ", b">From "))):
            # A "From " line separates the mails of an mbox file; any other such line is the body's first.
            break
        at = after
    return [_field(b"".join(folded)) for folded in lines[:MAX_FIELDS]], at


def _field(line: bytes) -> Field:
    # RFC 5322 section 2.2.3: unfolding takes the line break away and leaves the white space after it.
    name, _, value = line.partition(b":")
    return Field(name.strip().decode("ascii"), decode_undeclared(value).replace("\r", "").strip(" \t"))


def first(fields: list[Field], name: str) -> str:
    """The undecoded value of the first field called `name` (any case), or ""."""
    wanted = name.lower()
    return next((field.value for field in fields if field.name.lower() == wanted), "")


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition value, names in lower case.

    RFC 2231 continuations and charsets are put together, RFC 2047 words (forbidden there, but usual) decoded.
    """
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, written in _PARAMETER.findall(value[:_MAX_PARAMETER_TEXT]):
        found = _SECTION.match(name.lower())
        if found:
            base, number, extended = found.groups()
            parts = sections.setdefault(base + ("" if number or extended else "="), {})
            text = _unquote(_COMMENT.sub("", written) if base in _TOKEN_VALUED else written)
            parts.setdefault(int(number or 0), (text, extended is not None))
    # Where a sender gives both forms, the extended one is the true one (RFC 6266 section 4.3).
    plain = {name[:-1]: _join(parts) for name, parts in sections.items() if name.endswith("=")}
    return plain | {name: _join(parts) for name, parts in sections.items() if not name.endswith("=")}


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
    return decode_charset(b"".join(encoded), charset)


def _extended_charset(part: tuple[str, bool]) -> tuple[str, str]:
    text, extended = part
    if extended and text.count("'") >= 2:
        charset, _, rest = text.split("'", 2)
        return charset, rest
    return "", text
