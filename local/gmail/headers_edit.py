"""Changes header fields of a raw mail and leaves every other byte as it is."""

import re
from collections.abc import Iterable

_HEAD_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")


def remove(raw: bytes, names: Iterable[str]) -> bytes:
    """The mail without the fields called `names` (any case), folded lines included."""
    wanted = {name.lower().encode("ascii") for name in names}
    head, body = _split(raw)
    kept = [field for field in _fields(head) if field.partition(b":")[0].strip().lower() not in wanted]
    return b"".join(kept) + body


def prepend(raw: bytes, fields: Iterable[tuple[str, str]]) -> bytes:
    """The mail with new fields on top, in the line ending that it uses. Values must be ASCII on one line."""
    ending = b"\r\n" if b"\r\n" in raw[:2000] or not raw else b"\n"
    lines = [f"{name}: {value}".encode("ascii") + ending for name, value in fields]
    head, body = _split(raw)
    if not head and not body.startswith((b"\r\n", b"\n")):
        lines.append(ending)
    return b"".join(lines) + head + body


def _split(raw: bytes) -> tuple[bytes, bytes]:
    end = _HEAD_END.search(raw)
    if end is None:
        return (raw, b"") if re.match(rb"[!-9;-~]+[ \t]*:", raw) else (b"", raw)
    # The line break that ends the last field belongs to the head.
    cut = raw.index(b"\n", end.start()) + 1 if end.group().count(b"\n") == 2 else 0
    return raw[:cut], raw[cut:]


def _fields(head: bytes) -> list[bytes]:
    fields: list[bytes] = []
    for line in head.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += line
        else:
            fields.append(line)
    return fields
