"""Rules for what touches the world: logs, the environment, errors, the words of the ports."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from shared.log import FIELDS
from tests.architecture.sources import Source, written

_EVENT_NAME: Final = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?")
_OUTPUT: Final = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})
_ENVIRONMENT: Final = frozenset({"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"})


def only_the_log_writes(source: Source) -> Iterator[str]:
    """A program that an operator runs by hand (`if __name__ == "__main__"`) answers on its output, though."""
    is_program = any(isinstance(n, ast.If) and "__name__" in written(n.test) for n in source.tree.body)
    if source.path == "shared/log.py" or is_program:
        return
    for module, line in source.imports():
        if module.split(".")[0] in ("logging", "structlog", "syslog", "warnings"):
            yield source.at(line, f"imports {module}; logs go through shared.log")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and written(node.func) in ("print", "pprint"):
            yield source.at(node.lineno, "prints")
        if isinstance(node, ast.Attribute) and written(node) in _OUTPUT:
            yield source.at(node.lineno, f"writes to {written(node)}")


def log_lines_are_named_and_hold_ids(source: Source) -> Iterator[str]:
    """One fixed event name a line, and fields of the allow-list, written out: no dictionary may widen them."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and written(node.func).endswith("log.event")):
            continue
        name = node.args[0] if node.args else None
        if not (isinstance(name, ast.Constant) and _EVENT_NAME.fullmatch(str(name.value))):
            yield source.at(node.lineno, "the event has no fixed dotted name")
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg not in FIELDS:
                yield source.at(node.lineno, f"logs {keyword.arg or 'a dictionary'}, outside the allow-list")


def only_config_reads_the_environment(source: Source) -> Iterator[str]:
    if source.path == "shared/config.py":
        return
    for module, line in source.imports():
        if module in _ENVIRONMENT:
            yield source.at(line, f"imports {module}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and written(node) in _ENVIRONMENT:
            yield source.at(node.lineno, f"reads {written(node)}; only shared/config.py may")


def only_the_edges_catch_everything(source: Source) -> Iterator[str]:
    """A bare `except` or `except Exception` makes a defect look like an outcome, but for where work is handed in.

    The standard library's mail parsers are the exception: they raise a dozen kinds on hostile input.
    """
    parses_headers = any(module.startswith("email.") for module, _ in source.imports())
    if source.path in ("shared/web.py", "shared/events.py") or parses_headers:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler) or written(node.type) not in (
            "",
            "Exception",
            "BaseException",
        ):
            continue
        if not (node.body and isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None):
            yield source.at(node.lineno, "catches everything, and does not raise it on")


def ports_speak_our_own_types(source: Source) -> Iterator[str]:
    """No `Any` and no dict in a port: a vendor's answer would pass through it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id in ("Any", "dict", "Dict"):
            yield source.at(node.lineno, f"{node.id} lets a vendor's answer pass")


def retries_live_in_one_module(source: Source) -> Iterator[str]:
    if source.path == "shared/retry.py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and written(node.func) in ("time.sleep", "sleep"):
            yield source.at(node.lineno, "sleeps; waiting and trying again belong into shared/retry.py")
