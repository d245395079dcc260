"""Runs gcloud and terraform."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cli.fault import Fault


@dataclass(frozen=True)
class Answer:
    """What a program said. `error` is its standard error."""

    ok: bool
    text: str
    error: str

    def json(self) -> Any:
        """The text as JSON. Raises Fault where it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            raise Fault(f"A program answered something unexpected: {self.text[:200]!r}") from None


@dataclass(frozen=True)
class Programs:
    """The programs on PATH of `environment`; they run in `folder`."""

    folder: Path
    environment: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Whether there is such a program."""
        return shutil.which(name, path=self.environment.get("PATH", "")) is not None

    def ask(self, *command: str, stdin: bytes | None = None) -> Answer:
        """Runs a program quietly. A program that is not there has answered with an error."""
        try:
            done = subprocess.run(  # noqa: S603  gcloud or terraform with our own arguments
                command,
                cwd=self.folder,
                env=dict(self.environment),
                input=stdin if stdin is not None else b"",
                capture_output=True,
                check=False,
            )
        except OSError as fault:
            return Answer(False, "", str(fault))
        return Answer(done.returncode == 0, _text(done.stdout), _text(done.stderr))

    def read(self, *command: str) -> Answer:
        """Runs a program quietly. Raises Fault where it fails."""
        answer = self.ask(*command)
        if not answer.ok:
            raise Fault(f"`{' '.join(command)}` failed: {answer.error}")
        return answer

    def show(self, command: Sequence[str]) -> None:
        """Runs a program whose output the person sees. Raises Fault where it fails."""
        try:
            done = subprocess.run(command, cwd=self.folder, env=dict(self.environment), check=False)  # noqa: S603
        except OSError as fault:
            raise Fault(f"{command[0]} cannot be run: {fault}.") from None
        if done.returncode:
            raise Fault(f"`{' '.join(command[:3])} …` ended with {done.returncode}; what it said is above.")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").strip()
