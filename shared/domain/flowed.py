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
    lines: list[str] = []
    open_depth: int | None = None
    for raw in text.split("\n"):
        quote, content = _unstuffed(raw)
        depth = len(quote)
        if open_depth == depth and content != _SIGNATURE and lines:
            lines[-1] += content
        else:
            lines.append(f"{quote} {content}" if quote else content)
        soft = content.endswith(" ") and content != _SIGNATURE
        if soft and delete_space:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if soft else None
    return "\n".join(lines)


def _unstuffed(line: str) -> tuple[str, str]:
    found = _QUOTE.match(line)
    return (found[1], found[2]) if found else ("", line)
