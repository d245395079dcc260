"""The demo CRM's pages come from a stack on a machine without Node: what is built is part of the project."""

from pathlib import Path

import pytest

from tests.e2e.driver import Driver

BUILT = Path(__file__).resolve().parents[2] / "web" / "dist" / "crm-gmail.js"


@pytest.mark.parametrize("path", ["/", "/deals", "/contacts/won", "/notices", "/settings", "/admin"])
def test_each_page_is_served_without_node(stack: Driver, path: str) -> None:
    answer = stack.raw("GET", path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_components_are_served_without_node_as_they_were_built(stack: Driver) -> None:
    answer = stack.raw("GET", "/assets/crm-gmail.js")
    assert answer.status_code == 200
    assert answer.content == BUILT.read_bytes()
