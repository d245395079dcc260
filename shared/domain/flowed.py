"""format=flowed (RFC 3676): soft line breaks taken out again."""

import re
from typing import Final

_QUOTE: Final = re.compile(r"(>*) ?(.*)", re.DOTALL)
_SIGNATURE: Final = "-- "


def unflow(text: str, delete_space: bool = False) -> str:
    """Joins the lines that end in a space with the next one of the same quote depth.

    `delete_space` is the parameter DelSp=yes: the space at the end was added and goes too. The signature
    separator `-- ` is never joined. Line ends are LF.
    """
    lines: list[list[str]] = []
    open_depth: int | None = None
    for raw in text.split("\n"):
        quote, content = _unstuffed(raw)
        depth = len(quote)
        soft = content.endswith(" ") and content != _SIGNATURE
        kept = content[:-1] if soft and delete_space else content
        if open_depth == depth and content != _SIGNATURE and lines:
            lines[-1].append(kept)
        else:
            lines.append([f"{quote} {kept}" if quote else kept])
        open_depth = depth if soft else None
    return "\n".join("".join(pieces) for pieces in lines)


def _unstuffed(line: str) -> tuple[str, str]:
    found = _QUOTE.match(line)
    return (found[1], found[2]) if found else ("", line)
