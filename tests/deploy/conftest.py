"""Terraform's tests run once for all tests of this folder, both environments at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.terraform import ENVIRONMENTS, Terraform, Verdict, prepare, run_tests


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    return prepare(tmp_path_factory.mktemp("terraform") / "copy")


@pytest.fixture(scope="session")
def verdicts(terraform: Terraform) -> dict[str, Verdict]:
    """Environment -> what Terraform's own tests said, and the plan that they looked at."""
    with ThreadPoolExecutor(len(ENVIRONMENTS)) as pool:
        return {each.environment: each for each in pool.map(lambda e: run_tests(terraform, e), ENVIRONMENTS)}


@pytest.fixture(params=ENVIRONMENTS)
def planned(request: pytest.FixtureRequest, verdicts: dict[str, Verdict]) -> Verdict:
    """The same for each environment in turn."""
    return verdicts[request.param]
