"""Which modules a function can ever import, read from the sources without running them."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

_OURS: Final = ("functions", "shared")


def reachable(
    root: Path, module: str, passing_by: Collection[Path] = ()
) -> tuple[frozenset[Path], frozenset[str]]:
    """Our files that `module` (such as `functions.oauth.main`) leads to, and the foreign modules they import.

    Imports inside functions count as well; `from a import b` counts as `a` and as `a.b`. Files in `passing_by`
    are not entered.
    """
    files: set[Path] = set(passing_by)
    foreign: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name.split(".")[0] not in _OURS:
            foreign.add(name)
            continue
        for file in _files_of(root, name):
            if file not in files:
                files.add(file)
                waiting.extend(imported_by(file))
    return frozenset(files.difference(passing_by)), frozenset(foreign)


def imported_by(file: Path) -> Iterator[str]:
    """Full names of all that a file imports, submodules and names alike."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files_of(root: Path, module: str) -> Iterator[Path]:
    """The module's file and its packages' `__init__.py`; nothing for a name inside a module."""
    path = root.joinpath(*module.split("."))
    for package in [path, *path.parents]:
        if package == root:
            break
        if (package / "__init__.py").exists():
            yield package / "__init__.py"
    if path.with_suffix(".py").exists():
        yield path.with_suffix(".py")
