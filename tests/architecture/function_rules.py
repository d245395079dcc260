"""Rules for the files of a function: its doorbell, its table of routes, its use cases, its wiring."""

import ast
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.architecture.sources import Def, Source, decorators, sources_under, statements, written

ENTRY_POINTS: Final[Mapping[str, Sequence[str]]] = {
    "oauth": ("oauth",),
    "proxy": ("proxy",),
    "notify": ("notify", "on_gmail_push", "renew_watches", "recount", "deliver_event"),
    "labeler": ("labeler", "tick", "label_mailbox"),
}
"""Function -> the names it is deployed under. functions-framework finds an entry point by the def's own name."""

PUBLIC_PAGES: Final = frozenset({"/oauth/authorize", "/oauth/callback"})
"""The popup's own pages: a browser that Google sends back carries no token of the CRM."""

_CACHES: Final = frozenset({"functools.cache", "functools.lru_cache", "cache", "functools.cached_property"})
_VERB_NOUN: Final = re.compile(r"[a-z]+(_[a-z]+)+")


def main_is_a_doorbell(source: Source) -> Iterator[str]:
    text = " ".join((ast.get_docstring(source.tree) or "").split())
    for heading in ("Trigger:", "Who may call:", "Needs:"):
        if heading not in text:
            yield source.at(1, f'the docstring has no "{heading}"')
    for node in source.tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom | Def) and not _is_docstring(node):
            yield source.at(node.lineno, "main.py holds imports and entry points only")
    for function in source.top_functions:
        if decorators(function) != ["functions_framework.http"]:
            yield source.at(
                function.lineno, f"{function.name} needs the one decorator functions_framework.http"
            )
        if len(statements(function)) > 3:
            yield source.at(function.lineno, f"{function.name} does more than decode, call, answer")
    deployed = ENTRY_POINTS.get(source.path.split("/")[1], ())
    if [f.name for f in source.top_functions] != list(deployed):
        yield source.at(1, f"the entry points are not {', '.join(deployed)}")


def routes_are_a_table(source: Source) -> Iterator[str]:
    rows = _rows(source)
    if not rows:
        yield source.at(1, "has no ROUTES, a tuple of Route(method, path, view)")
    seen: set[tuple[str, str]] = set()
    for row in rows:
        method, path = (part.value if isinstance(part, ast.Constant) else None for part in row.args[:2])
        if not isinstance(method, str) or not isinstance(path, str) or not isinstance(row.args[2], ast.Name):
            yield source.at(row.lineno, "a row is method, path and the name of a view")
            continue
        if not path.startswith(f"/{source.path.split('/')[1]}/"):
            yield source.at(row.lineno, f"{path} is outside the function's own path")
        if (method, path) in seen:
            yield source.at(row.lineno, f"{method} {path} stands there twice")
        seen.add((method, path))
        public = any(k.arg == "permission" and written(k.value) == "None" for k in row.keywords)
        if public != (path in PUBLIC_PAGES):
            yield source.at(row.lineno, f"{path}: only the popup's own pages go without a token")


def views_are_short(source: Source) -> Iterator[str]:
    views = {row.args[2].id for row in _rows(source) if isinstance(row.args[2], ast.Name)}
    for view in source.top_functions:
        if view.name not in views:
            continue
        if len(statements(view)) > 5:
            yield source.at(view.lineno, f"{view.name} does more than parse, call one use case, return")
        if any(isinstance(node, ast.For | ast.While | ast.If) for node in ast.walk(view)):
            yield source.at(view.lineno, f"{view.name} decides something; that belongs into a use case")


def use_cases_have_one_shape(source: Source) -> Iterator[str]:
    """`verb_noun(values, services)`: at most one value beside `services`, and it is a frozen dataclass."""
    for function in use_cases(source):
        yield from _misshapes(function, source)


def a_view_calls_one_use_case(source: Source) -> Iterator[str]:
    called = [(name, view) for name, view in handed_services(source) if view.name.startswith("_")]
    for view in source.top_functions:
        names = [name for name, caller in called if caller is view]
        if len(names) > 1:
            yield source.at(view.lineno, f"{view.name} calls {' and '.join(names)}")


def gmail_clients_are_built_per_call(source: Source) -> Iterator[str]:
    """httplib2 below Google's client is not thread-safe: a client is handed out as it is built, and kept nowhere."""
    returned = {
        id(n.value) for n in ast.walk(source.tree) if isinstance(n, ast.Return) and n.value is not None
    }
    cached = {id(n) for f in source.functions if set(decorators(f)) & _CACHES for n in ast.walk(f)}
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and written(node.func).split(".")[-1] == "GmailClient"):
            continue
        if id(node) not in returned or id(node) in cached:
            yield source.at(node.lineno, "keeps a Gmail client; two threads would share it")


def services_are_frozen(source: Source) -> Iterator[str]:
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Services":
            if [written(d) for d in node.decorator_list] != ["dataclass(frozen=True)"]:
                yield source.at(node.lineno, "Services is not a frozen dataclass")
            return
    yield source.at(1, "has no class Services")


def wiring_is_one_cached_function(source: Source) -> Iterator[str]:
    for node in source.tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom | Def) and not _is_docstring(node):
            yield source.at(node.lineno, "wiring does something when it is imported")
    cached = [f for f in source.top_functions if "functools.cache" in decorators(f)]
    if not any(f.name == "app" and not f.args.args for f in cached):
        yield source.at(1, "has no cached app()")
    inside = {id(node) for function in cached for node in ast.walk(function)}
    for call in ast.walk(source.tree):
        if isinstance(call, ast.Call) and written(call.func) in ("Common", "App") and id(call) not in inside:
            yield source.at(call.lineno, f"builds {written(call.func)} anew at each call")


def handed_services(source: Source) -> Iterator[tuple[str, Def]]:
    """(called function, caller) wherever a route or a wiring hands `services` to a function."""
    for caller in source.top_functions:
        for node in ast.walk(caller):
            last = node.args[-1] if isinstance(node, ast.Call) and node.args else None
            is_own = isinstance(node, ast.Call) and written(node.func).startswith("_")
            if (
                isinstance(node, ast.Call)
                and written(last) in ("services", "services(common())")
                and not is_own
            ):
                yield written(node.func), caller


def use_cases(source: Source) -> Iterator[Def]:
    """The functions over `services: Services` that the routes or the wiring of the folder call.

    A folder without those, such as an example's, has only use cases.
    """
    folder = source.path.rpartition("/")[0]
    called = _called_by_edges(folder)
    for function in source.top_functions:
        arguments = {argument.arg: written(argument.annotation) for argument in function.args.args}
        is_edge = source.name in ("routes.py", "wiring.py")
        if (
            arguments.get("services") == "Services"
            and not is_edge
            and function.name in (called or {function.name})
        ):
            yield function


@functools.cache
def _called_by_edges(folder: str) -> frozenset[str]:
    edges = [
        s for s in sources_under("functions") if s.path in (f"{folder}/routes.py", f"{folder}/wiring.py")
    ]
    return frozenset(name for source in edges for name, _ in handed_services(source))


def _misshapes(function: Def, source: Source) -> Iterator[str]:
    if not _VERB_NOUN.fullmatch(function.name):
        yield source.at(function.lineno, f"{function.name} is no verb_noun")
    values = [argument for argument in function.args.args if argument.arg != "services"]
    if len(values) > 1 or function.args.kwonlyargs or function.args.args[-1].arg != "services":
        yield source.at(function.lineno, f"{function.name} takes more than (values, services)")
    for value in values[:1]:
        if written(value.annotation) not in (*_frozen_dataclasses(source), "Caller"):
            yield source.at(
                function.lineno, f"{function.name}: {value.arg} is no frozen dataclass of its own"
            )


def _frozen_dataclasses(source: Source) -> list[str]:
    return [
        node.name
        for node in source.tree.body
        if isinstance(node, ast.ClassDef)
        and any(re.fullmatch(r"dataclass\(.*frozen=True.*\)", written(d)) for d in node.decorator_list)
    ]


def _rows(source: Source) -> list[ast.Call]:
    for node in source.tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "ROUTES" and isinstance(node, ast.AnnAssign):
            rows = node.value.elts if isinstance(node.value, ast.Tuple) else []
            return [
                r for r in rows if isinstance(r, ast.Call) and written(r.func) == "Route" and len(r.args) >= 3
            ]
    return []


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
