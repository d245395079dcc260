"""A gcloud and a terraform that are scripts: they answer from a folder of files and note what they were asked."""

import json
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.deploy.options import Options

PROJECT = "tested-project"

# The answer of a command is the file whose name begins the command; the longest wins. No file: exit code 1.
_PROGRAM = """#!{python}
import json, sys
from pathlib import Path
home, name, words = Path({home!r}), {name!r}, sys.argv[1:]
given = sys.stdin.buffer.read() if "--data-file=-" in words else b""
with (home / "asked.jsonl").open("a") as asked:
    asked.write(json.dumps([name, *words, *([given.hex()] if given else [])]) + "\\n")
for length in range(len(words), 0, -1):
    answer = home / "-".join([name, *words[:length]]).replace("/", "_")[:200]
    if answer.exists():
        sys.stdout.write(answer.read_text())
        sys.exit(0)
sys.stderr.write("no answer to " + " ".join(words))
sys.exit(1)
"""


@dataclass(frozen=True)
class Cloud:
    """`answers` are set by the words that begin a command: `cloud.answers("gcloud auth print-access-token", "t")`."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """PATH holds nothing else."""
        return {"PATH": str(self.home / "bin"), "HOME": str(self.home)}

    def installs(self, name: str) -> None:
        """Puts the program on PATH."""
        program = self.home / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(
            _PROGRAM.format(python=sys.executable, home=str(self.home), name=name), encoding="utf-8"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def answers(self, command: str, text: str | Mapping[str, object] = "") -> None:
        """From now on a command that begins so answers this, with exit code 0."""
        content = text if isinstance(text, str) else json.dumps(text)
        (self.home / command.replace(" ", "-").replace("/", "_")[:200]).write_text(content, encoding="utf-8")

    def asked(self) -> list[list[str]]:
        """All commands so far, each with its words; what was given on standard input comes last, in hex."""
        file = self.home / "asked.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def options(project: str = PROJECT, **more: bool) -> Options:
    """As the command line gives them, without a switch but these."""
    switches = {
        "plan_only": False,
        "dry_run": False,
        "yes": False,
        "rollback": False,
        "destroy": False,
        **more,
    }
    return Options(project, "europe-west1", None, **switches)
