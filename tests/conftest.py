"""How the tests are dealt out when several processes run them (`pytest -n`): what shares a stack stays together."""

import pytest

TOGETHER = ("tests/e2e/", "tests/browser/", "tests/deploy/", "tests/web/")
"""Folders whose tests share something that is slow to start; elsewhere a file is what stays together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Names the group of each test for `--dist loadgroup`."""
    for item in items:
        file = item.nodeid.split("::")[0]
        group = next((folder for folder in TOGETHER if file.startswith(folder)), file)
        item.add_marker(pytest.mark.xdist_group(group))
