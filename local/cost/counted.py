"""The numbers of docs/quota.md, each of which a test has measured."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "quota.md"
_ROW: Final = re.compile(r"^\| ([^|]+) \|((?: [\d,]+ \|){8})$", re.MULTILINE)
_OF_LABELS: Final = re.compile(r"^\| ([^|]+) \|((?: [\d,]+ \|){5})[^|]*\|$", re.MULTILINE)
"""The table "What labels cost" ends in words, and tells of nothing published."""


@dataclass(frozen=True)
class Counted:
    """One row. `messages` are those that we publish; Firestore's writes hold deletes too."""

    units: int
    reads: int
    writes: int
    messages: int


def counted(page: str) -> Mapping[str, Counted]:
    """What happens -> what it costs."""
    found: dict[str, Counted] = {}
    for name, cells in _ROW.findall(page):
        units, _, _, _, _, reads, writes, messages = _numbers(cells)
        found[name.strip()] = Counted(units, reads, writes, messages)
    for name, cells in _OF_LABELS.findall(page):
        units, _, _, reads, writes = _numbers(cells)
        found[name.strip()] = Counted(units, reads, writes, 0)
    return found


def _numbers(cells: str) -> list[int]:
    return [int(cell.replace(",", "")) for cell in cells.strip(" |").split(" | ")]
