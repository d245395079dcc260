"""Inline styles made safe: an allow-list of properties, and of the kinds of value each may have.

nh3 checks the names of properties only, so values are parsed here (CSS Syntax 3, by tinycss2) and written anew
from their tokens: no function but colours, no url(), no escapes, nothing that positions over other content.
"""

import re
from typing import Any, Final

import tinycss2

STYLE_LIMIT: Final = 4096
"""Characters of one style attribute."""
DISTINCT_LIMIT: Final = 64 * 1024
"""Characters of different style attributes in one document; what comes after goes without style."""

_PROPERTIES: Final = frozenset(
    {
        "background", "background-color", "border-collapse", "border-spacing", "caption-side", "clear", "color",
        "direction", "display", "empty-cells", "float", "font", "font-family", "font-size", "font-style",
        "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style",
        "list-style-position", "list-style-type", "margin", "max-height", "max-width", "min-height", "min-width",
        "overflow", "overflow-wrap", "padding", "table-layout", "text-align", "text-decoration",
        "text-decoration-color", "text-decoration-line", "text-decoration-style", "text-indent",
        "text-transform", "unicode-bidi", "vertical-align", "visibility", "white-space", "width", "word-break",
        "word-spacing", "word-wrap", "border", "border-radius", "border-width", "border-style", "border-color",
        "box-sizing", "outline", "opacity", "mso-line-height-rule", "mso-table-lspace", "mso-table-rspace",
        *(f"{box}-{side}" for box in ("margin", "padding", "border") for side in ("top", "right", "bottom", "left")),
        *(f"border-{s}-{w}" for s in ("top", "right", "bottom", "left") for w in ("width", "style", "color")),
        *(f"border-{y}-{x}-radius" for y in ("top", "bottom") for x in ("left", "right")),
    }
)  # fmt: skip
_COLOUR_FUNCTIONS: Final = frozenset({"rgb", "rgba", "hsl", "hsla"})
_DISPLAY: Final = re.compile(
    r"(none|block|inline|inline-block|list-item|(inline-)?table(-[a-z]+)*)( !important)?"
)
_WORD: Final = re.compile(r"-?[a-zA-Z][a-zA-Z0-9-]{0,40}")
_FAMILY: Final = re.compile(r"[\w .,+&-]{0,80}")


class StyleCleaner:
    """Cleans the style attributes of one document; equal ones are worked out once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}
        self._read = 0

    def clean(self, style: str) -> str | None:
        """The declarations that may stay, in canonical form, or None where none may."""
        if style not in self._known:
            self._read += len(style)
            too_much = len(style) > STYLE_LIMIT or self._read > DISTINCT_LIMIT
            self._known[style] = None if too_much else clean_style(style)
        return self._known[style]


def clean_style(style: str) -> str | None:
    """What may stay of one style attribute, or None."""
    nodes = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    kept = [text for node in nodes if (text := _declaration(node)) is not None]
    return "; ".join(kept) or None


def _declaration(node: Any) -> str | None:
    if node.type != "declaration" or node.lower_name not in _PROPERTIES:
        return None
    parts: list[str] = []
    for token in node.value:
        text = _token(token, node.lower_name)
        if text is None:
            return None
        parts.append(text)
    value = re.sub(r"\s+", " ", "".join(parts)).strip()
    if not value or (node.lower_name == "display" and not _DISPLAY.fullmatch(value)):
        return None
    return f"{node.lower_name}: {value}{' !important' if node.important else ''}"


def _token(token: Any, name: str) -> str | None:
    """A token written anew, or None where it is of a kind that may not be in a value."""
    match token.type:
        case "whitespace" | "comment":
            return " "
        case "ident":
            return str(token.value) if _WORD.fullmatch(token.value) else None
        case "number":
            return _number(token)
        case "percentage":
            return f"{_number(token)}%"
        case "dimension":
            return f"{_number(token)}{token.unit}" if _WORD.fullmatch(token.unit) else None
        case "hash":
            return f"#{token.value}" if re.fullmatch(r"[0-9a-fA-F]{3,8}", token.value) else None
        case "literal":
            return token.value if token.value in (",", "/") else None
        case "string":
            fits = name in ("font", "font-family") and _FAMILY.fullmatch(token.value)
            return f"'{token.value}'" if fits else None
        case "function" if token.lower_name in _COLOUR_FUNCTIONS:
            inner = [_colour_part(part) for part in token.arguments]
            return None if None in inner else f"{token.lower_name}({''.join(map(str, inner))})"
    return None


def _colour_part(token: Any) -> str | None:
    if token.type in ("number", "percentage", "whitespace") or token.type == "literal":
        return _token(token, "color")
    return None


def _number(token: Any) -> str:
    value = max(-100_000.0, min(100_000.0, float(token.value)))
    return f"{value:.4f}".rstrip("0").rstrip(".")
