"""Gmail's discovery document: which method a request calls, and what it may say.

The document ships in google-api-python-client, so emulator and client agree on every path and parameter.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

Document = Mapping[str, Any]
_FOLDER = "discovery_cache/documents"


@functools.cache
def document() -> Document:
    """The discovery document of Gmail v1, as parsed JSON."""
    text = resources.files("googleapiclient").joinpath(_FOLDER, "gmail.v1.json").read_text(encoding="utf-8")
    parsed: Document = json.loads(text)
    return parsed


@dataclass(frozen=True)
class Method:
    """One API method; `name` is Google's without `gmail.users.`: `messages.get`, `getProfile`."""

    name: str
    http_method: str
    scopes: frozenset[str]
    parameters: Mapping[str, Mapping[str, Any]]
    request: str | None
    response: str | None


@dataclass(frozen=True)
class Match:
    """A method found by path; `upload` says that the path is one of the method's media paths."""

    method: Method
    path_parameters: Mapping[str, str]
    upload: bool


class Routes:
    """Finds the method that a path and an HTTP verb call."""

    def __init__(self, source: Document) -> None:
        routes = list(_routes(source, source))
        # A literal segment must win over a parameter that would swallow it.
        self._routes = sorted(routes, key=lambda route: route.template.count("{"))
        self.methods = {route.method.name: route.method for route in routes}

    def match(self, http_method: str, path: str) -> Match | None:
        """None where Gmail has no such path, or not with this verb."""
        for route in self._routes:
            if route.method.http_method == http_method and (found := route.pattern.fullmatch(path)):
                return Match(route.method, found.groupdict(), route.upload)
        return None


@dataclass(frozen=True)
class _Route:
    template: str
    pattern: re.Pattern[str]
    method: Method
    upload: bool


def _routes(resource: Document, source: Document) -> Iterator[_Route]:
    for raw in resource.get("methods", {}).values():
        method = Method(
            name=str(raw["id"]).removeprefix("gmail.users."),
            http_method=raw["httpMethod"],
            scopes=frozenset(raw.get("scopes", ())),
            parameters={**source["parameters"], **raw.get("parameters", {})},
            request=raw.get("request", {}).get("$ref"),
            response=raw.get("response", {}).get("$ref"),
        )
        yield _route("/" + raw["path"], method, upload=False)
        for protocol in raw.get("mediaUpload", {}).get("protocols", {}).values():
            yield _route(protocol["path"], method, upload=True)
    for child in resource.get("resources", {}).values():
        yield from _routes(child, source)


def _route(template: str, method: Method, *, upload: bool) -> _Route:
    pieces = re.split(r"\{\+?(\w+)\}", template)
    pattern = "".join(
        f"(?P<{piece}>[^/]+?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)
    )
    return _Route(template, re.compile(pattern), method, upload)
