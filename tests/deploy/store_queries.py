"""Finds every query of the Firestore stores in their sources, and runs each with every choice of its options."""

import ast
import importlib
import inspect
import itertools
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.adapters.clock import SystemClock
from shared.adapters.firestore.documents import Document, Documents
from shared.ports.clock import Clock
from tests.deploy.repository import ROOT

_STORES = ROOT / "shared" / "adapters" / "firestore"
_ASKING = frozenset({"query", "count", "delete_collection", "listen"})
_DOCUMENTS_FILE = sys.modules[Documents.__module__].__file__
_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_SAMPLES: Mapping[Any, Any] = {str: "x", int: 2, bool: True, datetime: _NOW}


class ListeningDocuments(Documents):
    """Notes which function of which store asked: `file:function`."""

    def __init__(self, client: Callable[[], Any]) -> None:
        super().__init__(client)
        self.asked: set[str] = set()

    def query(self, collection: str, shape: Callable[[Any], Any] = lambda query: query) -> Sequence[Document]:
        self._note()
        return super().query(collection, shape)

    def count(self, collection: str) -> int:
        self._note()
        return super().count(collection)

    def delete_collection(self, collection: str) -> int:
        self._note()
        return super().delete_collection(collection)

    def listen(
        self, collection: str, shape: Callable[[Any], Any], changed: Callable[[Any, Any, Any], None]
    ) -> Any:
        # Asked once, as any query is: what an index is missing for is refused at the beginning.
        self._note()
        super().query(collection, shape)
        return types.SimpleNamespace(_rpc=None)

    def _note(self) -> None:
        code = sys._getframe(2).f_code
        if code.co_filename != _DOCUMENTS_FILE:
            self.asked.add(f"{Path(code.co_filename).name}:{code.co_name}")


def asking_functions() -> frozenset[str]:
    """`file:function` of all that ask Firestore for more than named documents, by their sources."""
    found: set[str] = set()
    for file in _store_files():
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and _asks(function):
                found.add(f"{file.name}:{function.name}")
    return frozenset(found)


def _store_files() -> list[Path]:
    """Without the door that all of them go through, and the client behind it."""
    return [file for file in sorted(_STORES.glob("*.py")) if file.stem not in {"client", "documents"}]


def _asks(function: ast.FunctionDef) -> bool:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(
        isinstance(called, ast.Attribute)
        and called.attr in _ASKING
        and isinstance(called.value, ast.Attribute)
        and called.value.attr == "_documents"
        for called in calls
    )


def calls(documents: Documents) -> Iterator[tuple[str, Callable[[], Any]]]:
    """(what, call) for each public method of each store that plain values are enough for, in all variants."""
    for file in _store_files():
        module = importlib.import_module(f"shared.adapters.firestore.{file.stem}")
        stores: list[tuple[str, Any]] = inspect.getmembers(module, inspect.isclass)
        for _, store in stores:
            if store.__module__ == module.__name__ and Documents in _built_from(store):
                yield from _calls_of(store(*_parts(store, documents)))


def _built_from(store: Any) -> Sequence[Any]:
    if "__init__" not in vars(store):
        return ()
    hints = typing.get_type_hints(store.__init__)
    return [hint for name, hint in hints.items() if name != "return"]


def _parts(store: Any, documents: Documents) -> Iterator[Any]:
    """What a store is built from: the documents, and plain stand-ins for what tells the time or passes on."""
    for hint in _built_from(store):
        if hint is Documents:
            yield documents
        elif hint is Clock:
            yield SystemClock()
        elif hint is timedelta:
            yield timedelta(days=90)
        else:
            yield lambda *_arguments: None


def _calls_of(store: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    for name, method in inspect.getmembers(store, inspect.ismethod):
        if name.startswith("_"):
            continue
        for arguments in _variants(method):
            # Bound now: the loop goes on before the call is made.
            yield f"{type(store).__name__}.{name}({arguments})", _bound(method, arguments)


def _bound(method: Callable[..., Any], arguments: Mapping[str, Any]) -> Callable[[], Any]:
    return lambda: method(**arguments)


def _variants(method: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    hints = typing.get_type_hints(method)
    hints.pop("return", None)
    choices = [list(_samples(hint)) for hint in hints.values()]
    for values in itertools.product(*choices):
        yield dict(zip(hints, values, strict=True))


def _samples(hint: Any) -> Iterator[Any]:
    """Values of a type, each that may change a query's shape; none for a type of the domain."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint in _SAMPLES:
        yield _SAMPLES[hint]
    elif hint is types.NoneType:
        yield None
    elif origin in {types.UnionType, typing.Union}:
        for each in inner:
            yield from _samples(each)
    elif origin is typing.Literal:
        yield from inner
    elif origin is tuple and Ellipsis not in inner:
        yield from itertools.product(*(list(_samples(each)) for each in inner))
    elif origin is Callable:
        yield lambda *_arguments: None
    elif origin in {Collection, Sequence, list}:
        yield from ([value] for value in _samples(inner[0]))
