"""The checks that come before the tests: format, lint, types, layers, docs. All run, whatever fails."""

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TYPED = ("functions", "shared", "local", "tests", "bench")


@dataclass(frozen=True)
class Check:
    """One step: its name and the program (found in `.venv/bin`) with its arguments."""

    name: str
    command: tuple[str, ...]


def checks_of(root: Path) -> list[Check]:
    """The checks for the tree as it is: folders that hold Python are typed, docs are checked once tested."""
    typed = [name for name in _TYPED if any((root / name).rglob("*.py"))]
    checks = [
        Check("format", ("ruff", "format", "--check", "--quiet", ".")),
        Check("lint", ("ruff", "check", "--quiet", ".")),
        Check("types", ("mypy", *typed)),
        Check("layers", ("lint-imports", "--no-logo")),
    ]
    if (root / "tests" / "test_docs.py").exists():
        checks.append(
            Check("docs", ("python", "-m", "pytest", "-q", "tests/test_docs.py", "tests/docs/test_cost.py"))
        )
    return checks


def run_checks(root: Path, settings: Mapping[str, str]) -> bool:
    """Runs each check, prints its name, outcome and seconds, and the output of those that failed."""
    outcomes = [_run(check, root, settings) for check in checks_of(root)]
    return all(outcomes)


def _run(check: Check, root: Path, settings: Mapping[str, str]) -> bool:
    print(f"{check.name:<8}", end="", flush=True)
    began = time.monotonic()
    program = root / ".venv" / "bin" / check.command[0]
    answer = subprocess.run(  # noqa: S603  a tool of our own environment
        [program, *check.command[1:]],
        cwd=root,
        env=dict(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    passed = answer.returncode == 0
    print(f"{'ok' if passed else 'FAILED':<8}{time.monotonic() - began:6.1f} s", flush=True)
    if not passed:
        print((answer.stdout + answer.stderr).rstrip(), flush=True)
    return passed
