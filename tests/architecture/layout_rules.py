"""Rules for every file of the project: how it imports, how long it is, what it is called."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.architecture.sources import Source

LONGEST_FILE: Final = 400
LONGEST_FUNCTION: Final = 40
NAMES_FOR_ANYTHING: Final = frozenset(
    {"util", "utils", "helper", "helpers", "manager", "data", "misc", "common"}
)
OWN_PACKAGES: Final = frozenset({"functions", "shared", "local", "tests", "bench"})

_REASON: Final = re.compile(r"# long because: \S.{9,}")

FORBIDDEN_ARROWS: Final[Mapping[str, Sequence[str]]] = {
    "shared.domain": (
        "shared.ports", "shared.usecases", "shared.adapters", "shared.wiring", "shared.web", "shared.events",
    ),
    "shared.ports": ("shared.usecases", "shared.adapters", "shared.wiring", "shared.web", "shared.events"),
    "shared.usecases": ("shared.adapters", "shared.wiring", "shared.web", "shared.events"),
    "shared.adapters": ("shared.usecases", "shared.wiring"),
    "shared": ("functions", "local", "tests"),
    "functions": ("local", "tests"),
}  # fmt: skip
"""Module prefix -> what it must not import: data flows main, routes, use cases, ports, domain, never back."""

# The edges, where a framework's own types are the matter at hand. Everything else reaches a vendor by an adapter.
EDGES: Final[Mapping[str, Sequence[str]]] = {
    "functions_framework": (r"functions/\w+/main\.py",),
    "werkzeug": (r"functions/\w+/(main|wiring)\.py", r"shared/(web|events)\.py"),
    "pydantic": (r"functions/\w+/((\w+_)?bodies|routes)\.py", r"shared/(web|moments)\.py"),
    "opentelemetry": (r"shared/tracing\.py",),
    "structlog": (r"shared/log\.py",),
    "stamina": (r"shared/retry\.py", r"shared/wiring\.py"),
}


def imports_are_absolute(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield source.at(
                node.lineno, "imports relatively; two main.py in one process would shadow each other"
            )


def files_are_short_or_say_why(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines > LONGEST_FILE and not _REASON.search(source.text):
        yield source.at(lines, f"has {lines} lines, more than {LONGEST_FILE}, and no '# long because: …'")


def functions_are_short_or_say_why(source: Source) -> Iterator[str]:
    rows = source.text.splitlines()
    for function in source.functions:
        end = function.end_lineno or function.lineno
        length = end - function.lineno + 1
        if length > LONGEST_FUNCTION and not _REASON.search("\n".join(rows[function.lineno - 1 : end])):
            yield source.at(function.lineno, f"{function.name} has {length} lines and no '# long because: …'")


def modules_have_one_job_and_say_it(source: Source) -> Iterator[str]:
    for part in source.path.removesuffix(".py").split("/"):
        if part in NAMES_FOR_ANYTHING:
            yield source.at(1, f"is called {part}, which names no job")


def imports_go_one_way(source: Source) -> Iterator[str]:
    forbidden = [
        target
        for prefix, targets in FORBIDDEN_ARROWS.items()
        if _inside(source.module, prefix)
        for target in targets
    ]
    own = source.path.split("/")[1] if source.path.startswith("functions/") else ""
    for module, line in source.imports():
        other = module.split(".")[1] if module.startswith("functions.") else own
        if any(_inside(module, target) for target in forbidden) or (own and other != own):
            yield source.at(line, f"must not import {module}")


def vendors_stop_at_the_adapters(source: Source) -> Iterator[str]:
    if source.path.startswith("shared/adapters/"):
        return
    for module, line in source.imports():
        vendor = module.split(".")[0]
        if vendor in sys.stdlib_module_names or vendor in OWN_PACKAGES:
            continue
        if not any(re.fullmatch(edge, source.path) for edge in EDGES.get(vendor, ())):
            yield source.at(line, f"imports {vendor} outside its adapter")


def use_cases_know_no_adapter(source: Source) -> Iterator[str]:
    """In a function's folder only wiring builds and names adapters."""
    if not source.path.startswith("functions/") or source.name == "wiring.py":
        return
    for module, line in source.imports():
        if _inside(module, "shared.adapters") or _inside(module, "shared.wiring"):
            yield source.at(line, f"imports {module}; only wiring knows adapters")


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
