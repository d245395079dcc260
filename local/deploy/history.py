"""Remembers on this machine which bundles were applied to a project, and how that ended, for a rollback."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypedDict

from local.cli.fault import Fault

_KEPT: Final = 20


class Attempt(TypedDict):
    """An apply: what Terraform's variable `bundles` was, and how it ended.

    `begun` is one that failed half-way or was killed; `withdrawn` one that somebody rolled back from.
    """

    bundles: dict[str, dict[str, str]]
    outcome: Literal["begun", "applied", "withdrawn"]


@dataclass(frozen=True)
class History:
    """A file of one project: its attempts, oldest first; what is deployed is the last one's."""

    file: Path

    def begin(self, variables: Path, *, rollback: bool) -> None:
        """Notes that these bundles are about to be applied; a rollback withdraws those that it takes away."""
        bundles = json.loads(variables.read_text(encoding="utf-8"))["bundles"]
        attempts = self._attempts()
        if rollback and attempts[-1]["bundles"] != bundles:
            attempts = _withdraw(attempts, attempts[-1])
        # An older attempt that was applied stays until this one is: a failed apply must not forget it.
        others = [each for each in attempts if each["bundles"] != bundles or each["outcome"] == "applied"]
        self._write([*others, {"bundles": bundles, "outcome": "begun"}])

    def end(self) -> None:
        """Notes that the last attempt was applied; earlier ones of the same bundles are one with it."""
        *others, last = self._attempts()
        others = [each for each in others if each["bundles"] != last["bundles"]]
        self._write([*others, {"bundles": last["bundles"], "outcome": "applied"}])

    def before(self) -> str:
        """The variables of the last good deploy before what is there now, as JSON. Raises Fault where there is none.

        Where the last apply failed, that is the newest that was applied: a rollback that failed is taken up again.
        """
        attempts = self._attempts()
        last = attempts[-1] if attempts else None
        good = [each["bundles"] for each in attempts if each["outcome"] == "applied"]
        if last is not None and last["outcome"] == "applied":
            good = [each for each in good if each != last["bundles"]]
        if not good:
            raise Fault(
                "This machine knows of no good deploy before the last one: check out the commit that you want back "
                "and deploy it (the same commit gives the same bundles)."
            )
        lost = [row["path"] for row in good[-1].values() if not Path(row["path"]).exists()]
        if lost:
            raise Fault(f"The bundle {lost[0]} is gone: check out its commit and deploy that.")
        return json.dumps({"bundles": good[-1]})

    def _attempts(self) -> list[Attempt]:
        if not self.file.exists():
            return []
        attempts: list[Attempt] = json.loads(self.file.read_text(encoding="utf-8"))
        return attempts

    def _write(self, attempts: list[Attempt]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # A file that is half written would fault the one command that is run in a hurry.
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(attempts[-_KEPT:], indent=1), encoding="utf-8")
        beside.replace(self.file)


def _withdraw(attempts: list[Attempt], bad: Attempt) -> list[Attempt]:
    return [
        {"bundles": each["bundles"], "outcome": "withdrawn"} if each["bundles"] == bad["bundles"] else each
        for each in attempts
    ]
