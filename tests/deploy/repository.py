"""The repository under test, and facts read from its sources without importing them."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM = ROOT / "infra" / "terraform"
PLAYBOOKS = ROOT / "docs" / "playbooks"


def is_not_tried(told: str) -> NoReturn:
    """A person's machine may lack what a test needs, loudly; where CI is "true" that fails: it installs all."""
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def entry_points() -> dict[str, str]:
    """Entry point -> function, from the decorated `def`s of functions/*/main.py."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "functions").glob("*/main.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                found[node.name] = file.parent.name
    return found


def log_events() -> frozenset[str]:
    """The names of all events that the functions write to their log."""
    names: set[str] = set()
    for folder in ("functions", "shared"):
        for file in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r"\.event\(\s*\"([a-z._]+)\"", file.read_text(encoding="utf-8")))
    return frozenset(names)


def resources(kind: str) -> Iterator[tuple[str, Path]]:
    """(name, file) of each Terraform resource of that type."""
    pattern = re.compile(rf'^resource "{kind}" "(\w+)"', re.MULTILINE)
    for file in sorted(TERRAFORM.rglob("*.tf")):
        for name in pattern.findall(file.read_text(encoding="utf-8")):
            yield name, file
