"""Remembers on this machine which bundles were deployed to a project, for a rollback."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.cli.fault import Fault

_KEPT: Final = 20


@dataclass(frozen=True)
class History:
    """A file of one project: a list of what Terraform's variable `bundles` was, oldest first."""

    file: Path

    def add(self, variables: Path) -> None:
        """Notes the bundles of a deploy that has ended well; the same again is one entry."""
        entry = json.loads(variables.read_text(encoding="utf-8"))
        entries = [each for each in self._entries() if each != entry]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps([*entries, entry][-_KEPT:], indent=1), encoding="utf-8")

    def previous(self) -> str:
        """The variables of the deploy before the last, as JSON. Raises Fault where there is none."""
        entries = self._entries()
        if len(entries) < 2:
            raise Fault(
                "This machine knows of no deploy before the last one: check out the commit that you want back "
                "and deploy it (the same commit gives the same bundles)."
            )
        lost = [row["path"] for row in entries[-2]["bundles"].values() if not Path(row["path"]).exists()]
        if lost:
            raise Fault(f"The bundle {lost[0]} is gone: check out its commit and deploy that.")
        return json.dumps(entries[-2])

    def _entries(self) -> list[dict[str, dict[str, dict[str, str]]]]:
        if not self.file.exists():
            return []
        entries: list[dict[str, dict[str, dict[str, str]]]] = json.loads(
            self.file.read_text(encoding="utf-8")
        )
        return entries
