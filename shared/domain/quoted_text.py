"""Where quoted history begins in a plain text, so that a page can fold it."""

import re
from collections.abc import Sequence
from typing import Final

# "-----Original Message-----", "---------- Forwarded message ---------", in any language; not what OpenPGP writes
# around signed or encrypted text (RFC 9580 section 6.2).
_RULE: Final = re.compile(r"-{3,}(?! ?(?:BEGIN|END) ) ?[^-\n]{3,60}? ?-{3,}")
# Outlook: a line of underscores, then the old mail's headers.
_UNDERSCORES: Final = re.compile(r"_{20,}")
_HEADER: Final = re.compile(r"\*?[^\W\d][^:：\n]{0,30} ?[:：]\*? ?\S.*")
_TIME: Final = re.compile(r"\d[:.]\d\d")
# "On …, Bo <bo@own.example> wrote:", in any language: a year, a time of day and an address before a colon.
_ATTRIBUTION: Final = re.compile(r"(?=.*\d{4})(?=.*\d[:.]\d\d).*<[^<>\s]+@[^<>\s]+>[^<>]{0,20}[:：]")
_ATTRIBUTION_LIMIT: Final = 300


def quote_line(text: str) -> int | None:
    """The number (from 0) of the line where the history at the end of `text` begins, or None.

    None too where nothing stands before it: a mail that is all quotation is not folded away.
    """
    lines = [line.strip() for line in text.split("\n")]
    starts = [start for start in (_trailing_quote(lines), _separator(lines)) if start is not None]
    start = min(starts, default=None)
    return start if start is not None and any(lines[:start]) else None


def _trailing_quote(lines: Sequence[str]) -> int | None:
    """The `>` lines that the text ends in, with the "On … wrote:" above them."""
    start: int | None = None
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].startswith(">"):
            start = at
        elif lines[at]:
            break
    return None if start is None else _with_attribution(lines, start)


def _with_attribution(lines: Sequence[str], start: int) -> int:
    above = start - 1
    while above >= 0 and not lines[above]:
        above -= 1
    if above < 0 or not lines[above].endswith((":", "：")) or len(lines[above]) > _ATTRIBUTION_LIMIT:
        return start
    # It may be broken into two lines; the first then has an empty line above it.
    broken = above >= 2 and lines[above - 1] and not lines[above - 2]
    return above - 1 if broken else above


def _separator(lines: Sequence[str]) -> int | None:
    marked = max((at for at, line in enumerate(lines) if line.startswith(">")), default=-1)
    for at, line in enumerate(lines):
        if _RULE.fullmatch(line) or _begins_headers(lines, at):
            return at
        following = next((later for later in lines[at + 1 : at + 3] if later), "")
        if _UNDERSCORES.fullmatch(line) and _HEADER.fullmatch(following):
            return at
        # Yahoo marks no line of what it quotes; where lines are marked, answers may stand between them.
        if at > marked and len(line) <= _ATTRIBUTION_LIMIT and _ATTRIBUTION.fullmatch(line):
            return at
    return None


def _begins_headers(lines: Sequence[str], at: int) -> bool:
    """Whether the headers of an older mail begin at `at`: newer Outlooks and Apple Mail draw no rule above them.

    Told by their shape, in any language: after an empty line, three or more, an address in the first, a time of
    day in one of the next.
    """
    if "@" not in lines[at] or (at > 0 and lines[at - 1]):
        return False
    block = lines[at : at + 3]
    return (
        len(block) == 3
        and all(len(line) <= _ATTRIBUTION_LIMIT and _HEADER.fullmatch(line) for line in block)
        and any(_TIME.search(line) for line in block[1:])
    )
