"""What is deployed may be used and can be traced: licences, pinned actions, the same bytes from the same commit."""

import importlib.metadata
import re
from pathlib import Path

import pytest
import yaml

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
