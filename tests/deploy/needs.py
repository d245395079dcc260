"""What each entry point needs of the cloud, read from the sources: which ports its use cases touch."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from local.bundles.imports import imported_by, reachable
from tests.deploy.repository import ROOT, entry_points

T = TypeVar("T", bound=ast.AST)

# Field of a function's `Services` -> the secrets that the adapter behind it reads (shared/wiring.py).
SECRETS_OF: Final[Mapping[str, frozenset[str]]] = {
    "gmail": frozenset({"google-client-secret", "token-key"}),
    "consent": frozenset({"google-client-secret"}),
    "cipher": frozenset({"token-key"}),
    "connector": frozenset({"crm-service-token"}),
    "contacts": frozenset({"crm-service-token"}),
    "crm": frozenset({"crm-service-token"}),
    "webhook": frozenset({"webhook-secret"}),
    "cursors": frozenset({"cursor-key"}),
    "finish_leaving": frozenset({"google-client-secret", "token-key"}),
}

# The same for topics. Whatever opens a mailbox may find its consent lost, or new mail: events for the CRM.
TOPICS_OF: Final[Mapping[str, frozenset[str]]] = {
    "gmail": frozenset({"events"}),
    "publisher": frozenset({"label-mailbox"}),
    "dead_letters": frozenset({"events-dead-letter"}),
    "finish_leaving": frozenset({"events"}),
}


def needed_topics(entry_point: str) -> frozenset[str]:
    """The topics that something on the way of this entry point publishes to."""
    return frozenset().union(*(TOPICS_OF.get(name, frozenset()) for name in touched(entry_point)))


def needed_secrets(entry_point: str) -> frozenset[str]:
    """The secrets that something on the way of this entry point reads."""
    return frozenset().union(*(SECRETS_OF.get(name, frozenset()) for name in touched(entry_point)))


def touched(entry_point: str) -> frozenset[str]:
    """Names x of every `services.x` in the use cases that this entry point leads to."""
    function = entry_points()[entry_point]
    found: set[str] = set()
    # It lists what all entry points of the function share: no way leads through it.
    shared_by_all = [ROOT / "functions" / function / "services.py"]
    for module in _first_modules(function, entry_point):
        files, _ = reachable(ROOT, module, passing_by=shared_by_all)
        for file in files:
            if file.parent in {ROOT / "functions" / function, ROOT / "shared" / "usecases"}:
                found |= set(_services_touched(file))
    return frozenset(found)


def _first_modules(function: str, entry_point: str) -> Iterator[str]:
    """A public one leads to its routes, a private one to what its function in wiring.py calls."""
    if entry_point == function:
        yield f"functions.{function}.routes"
        return
    called = {
        node.attr for node in _nodes(_definition(_source(function, "main"), entry_point), ast.Attribute)
    }
    wiring = _source(function, "wiring")
    mentioned: set[str] = set()
    for tree in (_definition(wiring, name) for name in called if _defines(wiring, name)):
        mentioned |= {node.id for node in _nodes(tree, ast.Name)}
    for name in imported_by(wiring):
        if name.startswith(f"functions.{function}.") and name.split(".")[-1] in mentioned:
            yield name.rpartition(".")[0]


def _source(function: str, module: str) -> Path:
    return ROOT / "functions" / function / f"{module}.py"


def _defines(file: Path, name: str) -> bool:
    return any(isinstance(n, ast.FunctionDef) and n.name == name for n in _tree(file).body)


def _definition(file: Path, name: str) -> ast.AST:
    return next(n for n in _tree(file).body if isinstance(n, ast.FunctionDef) and n.name == name)


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _nodes(tree: ast.AST, kind: type[T]) -> Iterator[T]:
    return (node for node in ast.walk(tree) if isinstance(node, kind))


def _services_touched(file: Path) -> Iterator[str]:
    for node in _nodes(_tree(file), ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "services":
            yield node.attr
