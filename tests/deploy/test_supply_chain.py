"""What is deployed may be used and can be traced: licences, pinned actions, the same bytes from the same commit."""

import importlib.metadata
import json
import os
import re
import shutil
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from local.bundles.archive import build
from local.bundles.audit import Audit, audit
from local.bundles.audit import read as read_audit
from local.bundles.sbom import sbom
from local.cli.installer import find_or_fetch_uv
from tests.deploy.repository import ROOT, entry_points

_WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# Each allows use in a product that is sold, without opening its source. MPL-2.0 asks that only of its own files.
_LICENCES = re.compile(
    r"Apache|MIT|BSD|PSF|Python Software Foundation|MPL|Mozilla Public License", re.IGNORECASE
)
_NOT_OURS = re.compile(r"\bA?GPL|GNU|Commercial|Proprietary|SSPL|Business Source", re.IGNORECASE)


def _deployed() -> list[str]:
    files = [ROOT / "functions" / function / "requirements.txt" for function in set(entry_points().values())]
    lines = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return sorted(set(re.findall(r"^([a-z0-9.-]+)==", lines, re.MULTILINE)))


def _licence(package: str) -> str:
    about = importlib.metadata.metadata(package)
    classifiers = [each for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
    # Some put the whole text into "License": its beginning names it.
    stated = [
        each[:60] for name in ("License-Expression", "License") for each in about.get_all(name) or [] if each
    ]
    return " / ".join([*stated, *classifiers])


@pytest.mark.parametrize("package", _deployed())
def test_every_deployed_package_has_a_licence_that_a_product_may_use(package: str) -> None:
    licence = _licence(package)
    assert _LICENCES.search(licence), f"{package}: {licence or 'none is stated'}"
    assert not _NOT_OURS.search(licence), f"{package}: {licence}"


@pytest.mark.parametrize("workflow", _WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit(workflow: Path) -> None:
    uses = re.findall(r"uses: (.+)", workflow.read_text(encoding="utf-8"))
    assert uses
    for each in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


def test_the_auditor_there_is_the_one_that_is_locked() -> None:
    text = "\n".join(workflow.read_text(encoding="utf-8") for workflow in _WORKFLOWS)
    (installed,) = re.findall(r"pip install (.+)", text)
    asked = dict(re.findall(r'"([a-z-]+)==([0-9.]+)"', installed))
    assert len(asked) == installed.count('"') / 2, f"not each is pinned: {installed}"
    assert asked["pip-audit"] == importlib.metadata.version("pip-audit")


@pytest.mark.parametrize("workflow", _WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_only_read_and_is_given_no_secret(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert content["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in content["jobs"].values())
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_what_runs_there_are_the_commands_of_everybody() -> None:
    commands = [
        step["run"]
        for workflow in _WORKFLOWS
        for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    assert "./dev check" in commands
    assert "./dev test --no-check" in commands
    audited = re.search(r"for function in ([a-z ]+); do", "\n".join(commands))
    assert audited is not None
    assert set(audited[1].split()) == set(entry_points().values())
    assert "pip-audit --strict --require-hashes" in "\n".join(commands)


def test_each_functions_routes_and_every_benchmark_that_can_fail_are_tried_there_once_a_week() -> None:
    weekly = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8"))
    benchmarks = weekly["jobs"]["benchmarks"]
    assert benchmarks["steps"][-1]["run"] == "./dev bench ${{ matrix.name }}"
    can_fail = {
        f.stem for f in (ROOT / "bench").glob("*.py") if "sys.exit(1" in f.read_text(encoding="utf-8")
    }
    assert set(benchmarks["strategy"]["matrix"]["name"]) == can_fail
    calls = weekly["jobs"]["generated-calls"]["strategy"]["matrix"]["include"]
    assert {row["of"].strip("/") for row in calls} == set(entry_points().values())


@pytest.mark.parametrize("function", sorted(set(entry_points().values())))
def test_the_list_of_components_of_a_bundle_is_what_it_installs(function: str, tmp_path: Path) -> None:
    bundle = build(ROOT, tmp_path)[function]
    uv = find_or_fetch_uv(ROOT / ".dev", os.environ)
    text = sbom(ROOT, function, bundle, uv)
    listed = json.loads(text)
    installed = (ROOT / "functions" / function / "requirements.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", installed, re.MULTILINE))
    assert {(each["name"], each["version"]) for each in listed["components"]} == pinned
    assert listed["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": bundle.sha256}]
    assert sbom(ROOT, function, bundle, uv) == text


def test_nothing_that_is_deployed_has_a_known_vulnerability() -> None:
    program = Path(sys.executable).with_name("pip-audit")
    files = [ROOT / "functions" / folder / "requirements.txt" for folder in set(entry_points().values())]
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda file: audit(file, program), files))
    assert [each for outcome in outcomes for each in outcome.vulnerable] == []
    unchecked = {each for outcome in outcomes for each in outcome.unchecked}
    if unchecked:
        told = f"NOT CHECKED FOR VULNERABILITIES (no database can be reached): {len(unchecked)} packages"
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)


def test_a_package_that_could_not_be_looked_up_counts_as_unchecked_and_never_as_sound() -> None:
    told = {
        "dependencies": [
            {"name": "sound", "version": "1", "vulns": []},
            {"name": "ill", "version": "2", "vulns": [{"id": "PYSEC-2026-1"}, {"id": "CVE-2026-2"}]},
            {"name": "unknown", "skip_reason": "Dependency not found on PyPI and could not be audited"},
        ]
    }
    assert read_audit(json.dumps(told)) == Audit(("ill 2: PYSEC-2026-1, CVE-2026-2",), ("unknown",), 2)


@pytest.mark.parametrize("program", ["false", "true"])
def test_an_auditor_that_says_nothing_has_checked_nothing(program: str) -> None:
    path = shutil.which(program)
    assert path is not None
    assert audit(ROOT / "functions" / "oauth" / "requirements.txt", Path(path)).unchecked == (
        "requirements.txt",
    )
