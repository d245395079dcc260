"""The project's Markdown pages, taken apart as far as the tests need."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

_FENCE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page: its path from the project's root, and its text."""

    path: str
    text: str

    @property
    def prose(self) -> str:
        """The text without fenced blocks."""
        return _FENCE.sub("", self.text)

    @property
    def code(self) -> Sequence[str]:
        """What stands between backticks, in order."""
        return _CODE.findall(self.prose)

    @property
    def links(self) -> Sequence[str]:
        """Where its links and pictures point."""
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> frozenset[str]:
        """The fragments that lead to its headings, as GitHub makes them."""
        return frozenset(_slug(heading) for heading in _HEADING.findall(self.prose))

    @property
    def fenced(self) -> str:
        """The text of its fenced blocks."""
        return "\n".join(_FENCE.findall(self.text))

    def section(self, heading: str) -> str:
        """What stands under a heading, up to the next of the same or a higher level; empty without it."""
        level = len(heading) - len(heading.lstrip("#"))
        _, found, rest = self.text.partition(f"{heading}\n")
        return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0] if found else ""

    def rows(self) -> Iterator[Sequence[str]]:
        """The cells of every table row, headings and rules left out."""
        for line in self.prose.splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.startswith("| `"):
                yield cells


def all_pages() -> Sequence[Page]:
    """README and its neighbours, and everything under docs."""
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [page(file.relative_to(ROOT).as_posix()) for file in sorted(files)]


def page(path: str) -> Page:
    """One page by its path."""
    return Page(path, (ROOT / path).read_text(encoding="utf-8"))


def words_in_code(cell: str) -> Sequence[str]:
    """What stands between backticks in a table's cell."""
    return _CODE.findall(cell)


def _slug(heading: str) -> str:
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
