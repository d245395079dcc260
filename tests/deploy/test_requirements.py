"""requirements.txt of each function: made from the lock, with hashes, nothing that is not imported."""

import os
import re
import sys
from pathlib import Path

import pytest

from local.bundles.contents import FUNCTIONS
from local.bundles.imports import reachable
from local.bundles.requirements import IMPORTED_AS, direct_dependencies, requirements, unused
from local.cli.installer import find_or_fetch_uv
from tests.deploy.repository import ROOT

_COMMAND = ".venv/bin/python -m local.bundles --requirements"


@pytest.fixture(scope="module")
def uv() -> Path:
    return find_or_fetch_uv(ROOT / ".dev", os.environ)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_file_is_what_the_lock_gives(function: str, uv: Path) -> None:
    written = (ROOT / "functions" / function / "requirements.txt").read_text(encoding="utf-8")
    assert written == requirements(ROOT, function, uv), f"out of date: run {_COMMAND}"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_line_is_pinned_with_a_hash(function: str) -> None:
    text = (ROOT / "functions" / function / "requirements.txt").read_text(encoding="utf-8")
    packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert packages
    assert all(re.match(r"[a-z0-9.-]+==[^ ]+ .*\\$", line) for line in packages)
    assert text.count(" \\\n    --hash=sha256:") >= len(packages)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_package_that_only_builds_or_tests_the_product_is_deployed(function: str) -> None:
    text = (ROOT / "functions" / function / "requirements.txt").read_text(encoding="utf-8")
    assert not re.findall(r"^(pytest|mypy|ruff|playwright|pyyaml|hypothesis)==", text, re.MULTILINE)


def test_it_is_known_how_each_direct_dependency_is_imported() -> None:
    assert set(direct_dependencies(ROOT)) == set(IMPORTED_AS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_imports_from_outside_is_the_standard_library_or_a_named_dependency(
    function: str,
) -> None:
    _, foreign = reachable(ROOT, f"functions.{function}.main")
    named = {module for modules in IMPORTED_AS.values() for module in modules or ()} | {"functions_framework"}
    # Google's own libraries are built on these: each comes with one of them, and in its version.
    named |= {"google.api_core", "google.auth", "google.cloud", "grpc", "httplib2"}
    outside = {name for name in foreign if name.split(".")[0] not in sys.stdlib_module_names}
    strangers = {n for n in outside if not any(n == m or n.startswith(f"{m}.") for m in named)}
    assert not strangers


def test_only_the_function_that_shows_mail_carries_the_html_cleaner() -> None:
    assert [name for name in FUNCTIONS if "nh3" not in unused(ROOT, name)] == ["proxy"]
