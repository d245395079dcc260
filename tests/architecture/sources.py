"""The project's own Python files as syntax trees, for rules that read code instead of running it."""

import ast
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("functions", "shared")
EVERYTHING = (*PRODUCT, "local", "tests", "bench")
FUNCTIONS = ("oauth", "proxy", "notify", "labeler")

Def = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the project's root with slashes, its text and its tree."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """`functions.oauth.routes` for `functions/oauth/routes.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @functools.cached_property
    def functions(self) -> Sequence[Def]:
        """Every function and method, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Def)]

    @functools.cached_property
    def top_functions(self) -> Sequence[Def]:
        """The functions of the module itself."""
        return [node for node in self.tree.body if isinstance(node, Def)]

    def imports(self, *, at_import: bool = False) -> Iterator[tuple[str, int]]:
        """(module, line) of what is imported; `at_import` leaves out what a function imports when it runs."""
        later = {id(n) for f in self.functions for n in ast.walk(f)} if at_import else set()
        for node in ast.walk(self.tree):
            if id(node) in later:
                continue
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def at(self, line: int, complaint: str) -> str:
        return f"{self.path}:{line}: {complaint}"


@functools.cache
def sources_under(*folders: str) -> Sequence[Source]:
    """The Python files under these folders of the project, by path."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return [Source(f.relative_to(ROOT).as_posix(), f.read_text(encoding="utf-8")) for f in sorted(files)]


def statements(function: Def) -> Sequence[ast.stmt]:
    """The body's statements without the docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def written(node: ast.expr | None) -> str:
    """An expression as source text, quotes of a forward reference taken off; empty for none."""
    return "" if node is None else ast.unparse(node).strip("'\"")


def decorators(function: Def) -> Sequence[str]:
    return [written(node) for node in function.decorator_list]
