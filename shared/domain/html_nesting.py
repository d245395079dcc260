"""How deep a parser would nest a document's tags, and how often it would open formatting elements again.

Follows the tree construction of HTML 13.2.6 as far as nesting needs it, and errs on the deep side.
"""

from collections import Counter
from typing import Final

_VOID: Final = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
        "wbr", "bgsound", "basefont", "frame", "keygen", "image",
    }
)  # fmt: skip
# Opening one closes the one before (HTML 13.1.2.4): a list of 300 unclosed <li> is not 300 deep.
_CLOSED_BY_THE_NEXT: Final = frozenset({"p", "li", "td", "th", "tr", "dd", "dt", "thead", "tbody", "tfoot"})
_FORMATTING: Final = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
# Inside these an end tag does not reach what was opened outside (HTML 13.2.4.2, "in scope").
_FOREIGN: Final = frozenset(
    {"svg", "math", "mi", "mo", "mn", "ms", "mtext", "annotation-xml", "foreignobject", "desc", "title"}
)
_SCOPES: Final = _FOREIGN | {"table", "caption", "template", "select", "object", "applet", "marquee"}
# End tags of other elements do not reach beyond one of these ("special", HTML 13.2.4.2).
_SPECIAL: Final = _SCOPES | {
    "address", "article", "aside", "blockquote", "body", "button", "center", "details", "dir", "div", "dl",
    "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "html", "iframe", "listing", "main", "menu", "nav", "noembed", "noframes", "noscript",
    "ol", "plaintext", "pre", "search", "section", "style", "summary", "textarea", "ul", "xmp", "script", "head",
}  # fmt: skip
# A fragment has none of these; their tags are passed over (HTML 13.4).
_IGNORED: Final = frozenset({"html", "head", "body", "frameset", "frame"})
# An end tag of these closes the element alone and leaves open what was opened inside it.
_CLOSED_ALONE: Final = _FORMATTING | {"form"}
_ALIKE: Final = 3
"""Equal formatting elements that a parser remembers (the "Noah's Ark clause")."""


class Nesting:
    """The open elements while the tags go by. `depth` is their number, `reopened` a running total."""

    def __init__(self) -> None:
        self.reopened = 0
        self._open: list[str] = []
        self._count: Counter[str] = Counter()
        self._remembered: dict[str, Counter[str]] = {}
        self._formatting = 0

    @property
    def depth(self) -> int:
        """Elements that are open now."""
        return len(self._open)

    @property
    def in_foreign_content(self) -> bool:
        """Whether SVG or MathML may be open, where no element holds raw text."""
        return self._count["svg"] > 0 or self._count["math"] > 0

    def start(self, name: str, attributes: str) -> None:
        """Takes a start tag; `name` is in lower case."""
        if name in _IGNORED:
            return
        if name not in _FORMATTING:
            self.reopened += self._formatting
        elif name in {"a", "nobr"}:
            self.end(name)
        if name in _FORMATTING:
            self._remember(name, attributes)
        if name not in _VOID and name not in _CLOSED_BY_THE_NEXT:
            self._open.append(name)
            self._count[name] += 1

    def end(self, name: str) -> None:
        """Takes an end tag; one that a parser would not heed changes nothing."""
        if name in _FORMATTING:
            self._forget(name)
        else:
            self.reopened += self._formatting
        if not self._count[name]:
            return
        at = self._reach(name)
        if at is None:
            return
        if name in _CLOSED_ALONE:
            # The adoption agency closes this one and leaves open the blocks that were opened inside it.
            gone = [self._open.pop(at)]
        else:
            gone = self._open[at:]
            del self._open[at:]
        self._count.subtract(gone)

    def _reach(self, name: str) -> int | None:
        reaches_far = name in _FORMATTING or (name in _SPECIAL and name not in _FOREIGN)
        walls = _SCOPES if reaches_far else _SPECIAL
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at] == name:
                return at
            if self._open[at] in walls and name != "table":
                return None
        return None

    def _remember(self, name: str, attributes: str) -> None:
        alike = self._remembered.setdefault(name, Counter())
        if alike[attributes] < _ALIKE:
            alike[attributes] += 1
            self._formatting += 1

    def _forget(self, name: str) -> None:
        alike = self._remembered.get(name)
        if alike:
            latest = next(reversed(alike))
            alike[latest] -= 1
            self._formatting -= 1
            if not alike[latest]:
                del alike[latest]
