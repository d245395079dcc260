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

# The same for topics. Events for the CRM are traced to the calls that announce them: `announces`.
TOPICS_OF: Final[Mapping[str, frozenset[str]]] = {
    "publisher": frozenset({"label-mailbox"}),
    "dead_letters": frozenset({"events-dead-letter"}),
}
EVENTS: Final = frozenset({"events"})


def needed_topics(entry_point: str) -> frozenset[str]:
    """The topics that something on the way of this entry point publishes to."""
    named = frozenset().union(*(TOPICS_OF.get(name, frozenset()) for name in touched(entry_point)))
    told = any(announces(_tree(file)) for file in _on_the_way(entry_point))
    return named | EVENTS if told else named


def needed_secrets(entry_point: str) -> frozenset[str]:
    """The secrets that something on the way of this entry point reads."""
    return frozenset().union(*(SECRETS_OF.get(name, frozenset()) for name in touched(entry_point)))


def touched(entry_point: str) -> frozenset[str]:
    """Names x of every `services.x` in the use cases that this entry point leads to."""
    return frozenset(name for file in _on_the_way(entry_point) for name in _services_touched(file))


def announces(tree: ast.AST) -> bool:
    """Whether a call in it tells the CRM of something, as `AnnouncedMailboxes` and `announce_notices` do."""
    return any(_announces(call) for call in _nodes(tree, ast.Call) if isinstance(call.func, ast.Attribute))


def _announces(call: ast.Call) -> bool:
    function = call.func
    assert isinstance(function, ast.Attribute)
    if function.attr in {"announce", "announce_warnings", "finish_leaving"}:
        return True
    place = function.value
    held_by = (
        place.attr if isinstance(place, ast.Attribute) else place.id if isinstance(place, ast.Name) else ""
    )
    if held_by != "mailboxes":
        return False
    if function.attr in {"create", "delete"}:
        return True
    # An update tells of a new consent and of a changed health; fields that are not written out may be any.
    told = any(isinstance(each, ast.Starred) or getattr(each, "value", "") == "health" for each in call.args)
    return function.attr == "update" and (told or any(each.arg == "grant" for each in call.keywords))


def _on_the_way(entry_point: str) -> frozenset[Path]:
    """The use cases' files that this entry point leads to."""
    function = entry_points()[entry_point]
    found: set[Path] = set()
    # It lists what all entry points of the function share: no way leads through it.
    shared_by_all = [ROOT / "functions" / function / "services.py"]
    for module in _first_modules(function, entry_point):
        files, _ = reachable(ROOT, module, passing_by=shared_by_all)
        for file in files:
            if file.parent in {ROOT / "functions" / function, ROOT / "shared" / "usecases"}:
                found.add(file)
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
