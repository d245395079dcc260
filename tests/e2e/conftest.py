"""The stacks of the end-to-end tests: one with Google's emulators where they are, one with nothing but Python."""

from collections.abc import Iterator

import pytest

from tests.e2e import data_sets
from tests.e2e.driver import Driver
from tests.e2e.stacks import running_stack


@pytest.fixture(scope="session", params=["whole machine", "only Python"])
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """A running stack on the tests' own data set; the second time on a machine without Java and Node."""
    folder = tmp_path_factory.mktemp("stack")
    without = ("java", "node", "npm", "gcloud") if request.param == "only Python" else ()
    with running_stack(data_sets.write(folder / "harbour"), folder, without=without) as driver:
        yield driver
