"""The stacks of the end-to-end tests: one with Google's emulators where they are, one with nothing but Python."""

from collections.abc import Iterator

import pytest

from tests.e2e import data_sets
from tests.e2e.driver import Driver
from tests.e2e.stacks import running_stack

WHOLE, ONLY_PYTHON = "whole machine", "only Python"
ON_BOTH = {"test_main_job", "test_connect", "test_notices", "test_webhook"}
"""Modules whose story runs through every part; the rest asks one stack, for the parts keep to one contract."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Says on which stacks a test runs."""
    if "stack" in metafunc.fixturenames:
        both = metafunc.module.__name__.rpartition(".")[2] in ON_BOTH
        kinds = [WHOLE, ONLY_PYTHON] if both else [ONLY_PYTHON]
        metafunc.parametrize("stack", kinds, indirect=True, scope="package")


@pytest.fixture(scope="package")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """A running stack on the tests' own data set; the second time on a machine without Java and Node."""
    folder = tmp_path_factory.mktemp("stack")
    without = ("java", "node", "npm", "gcloud") if request.param == ONLY_PYTHON else ()
    with running_stack(data_sets.write(folder / "harbour"), folder, without=without) as driver:
        yield driver
