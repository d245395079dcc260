"""Options for long runs; and how tests are dealt out to several processes (`pytest -n`): what shares a stack stays
together.
"""

from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Hypothesis takes this one by itself where it knows a CI: no example has a limit of time, and each run has the same
# ones, so that no change is refused for another one's. `--hypothesis-profile anew` draws others and prints what failed.
settings.load_profile("ci")
settings.register_profile("anew", settings.get_profile("ci"), derandomize=False)

TOGETHER = ("tests/e2e/", "tests/browser/", "tests/deploy/", "tests/web/")
"""Folders whose tests share something that is slow to start; elsewhere a file is what stays together."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Deals out whole folders and whole files."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", maxsplit=1)[0]
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """The scheduler, whatever `--dist` says."""
    return Together(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How far tests/e2e/test_openapi.py and test_forged_tokens.py go."""
    parser.addoption(
        "--generated-calls",
        type=int,
        default=4,
        help="generated calls of each route, valid and invalid ones each",
    )
    parser.addoption(
        "--forgeries-of-each",
        type=int,
        default=50,
        help="forged tokens of each of 21 kinds that are sent to the running stack; 260 makes more than 5,000",
    )
