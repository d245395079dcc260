"""docs/openapi.yaml against the functions' tables of routes: every route is in it, and nothing else."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from functions.labeler.routes import ROUTES as LABELER
from functions.notify.routes import ROUTES as NOTIFY
from functions.oauth.bodies import PolicyBody, SettingsBody
from functions.oauth.routes import ROUTES as OAUTH
from functions.proxy.outgoing_bodies import Outgoing
from functions.proxy.routes import ROUTES as PROXY
from shared.web import Route

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)
ROUTES: tuple[Route[Any], ...] = (*OAUTH, *PROXY, *NOTIFY, *LABELER)
SCHEMAS: Mapping[str, Any] = DOCUMENT["components"]["schemas"]


def documented() -> dict[tuple[str, str], Mapping[str, Any]]:
    """Operations by method and path."""
    return {
        (method.upper(), path): operation
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }


def as_documented(route: Route[Any]) -> tuple[str, str]:
    return route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)


def test_every_route_is_documented_and_nothing_else() -> None:
    assert set(documented()) == {as_documented(route) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_each_route_needs_the_permission_that_it_is_said_to_need(route: Route[Any]) -> None:
    operation = documented()[as_documented(route)]
    assert operation.get("x-permission") == route.permission
    assert operation.get("security", DOCUMENT["security"]) == ([{"crm": []}] if route.permission else [])


@pytest.mark.parametrize("key", documented(), ids=" ".join)
def test_each_path_parameter_is_declared_and_each_error_is_problem_json(key: tuple[str, str]) -> None:
    operation = documented()[key]
    in_path = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", key[1]))
    assert operation["operationId"]
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            found = _resolved(response)
            assert found["content"]["application/problem+json"]["schema"] == {
                "$ref": "#/components/schemas/Problem"
            }


def _resolved(response: Mapping[str, Any]) -> Mapping[str, Any]:
    name = response.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = DOCUMENT["components"]["responses"][name] if name else response
    return found


def _with_examples(node: Any, place: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield place, node
        for name, child in node.items():
            yield from _with_examples(child, f"{place}/{name}")


EXAMPLES = [
    (place, schema, example) for place, schema in _with_examples(DOCUMENT) for example in schema["examples"]
]


@pytest.mark.parametrize(
    ("schema", "example"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES]
)
def test_each_example_fits_its_schema(schema: Mapping[str, Any], example: object) -> None:
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": DOCUMENT["components"],
        **{k: v for k, v in schema.items() if k != "examples"},
    }
    assert list(jsonschema_rs.validator_for(whole).iter_errors(example)) == []


@pytest.mark.parametrize(
    ("name", "body"), [("SettingsChange", SettingsBody), ("Policy", PolicyBody), ("Outgoing", Outgoing)]
)
def test_a_documented_body_has_the_fields_that_the_code_takes(name: str, body: Any) -> None:
    taken = {field.alias or key for key, field in body.model_fields.items()}
    assert set(SCHEMAS[name]["properties"]) == taken
    assert SCHEMAS[name]["additionalProperties"] is False


def test_every_health_code_and_warning_is_documented() -> None:
    from shared.domain.health import MEANINGS, WARNINGS

    assert set(SCHEMAS["Health"]["properties"]["code"]["enum"]) == set(MEANINGS)
    assert set(SCHEMAS["Warning"]["properties"]["code"]["enum"]) == set(WARNINGS)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8, "the control"
