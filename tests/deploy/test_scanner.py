"""checkov over infra/terraform: what it finds is mended, or argued in infra/terraform/findings.md."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.cli.installer import find_or_fetch_uv
from tests.deploy.repository import ROOT, TERRAFORM, is_not_tried

_CHECKOV = "checkov==3.3.30"
_ROW = re.compile(r"^\| (CKV\w+) \| (\S+) \| (.{40,}) \|$", re.MULTILINE)
# It would fetch its texts and modules otherwise.
_OFFLINE = ("--framework", "terraform", "--skip-download", "--quiet", "--output", "json")


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str]]]:
    """(check, resource) of what it finds in "terraform", the files as they are, and in "weakened".

    With the settings that have all options on. Where checkov cannot be had, `is_not_tried`.
    """
    uv = find_or_fetch_uv(ROOT / ".dev", os.environ)
    command: list[str | Path] = [uv, "tool", "run", "--isolated", "--quiet", "--from", _CHECKOV]
    if subprocess.run([*command, "python", "-c", ""], capture_output=True, check=False).returncode:
        is_not_tried("CHECKOV CANNOT BE HAD: infra/terraform was not scanned")
    folder = tmp_path_factory.mktemp("scanned")
    shutil.copytree(
        TERRAFORM, folder / "terraform", ignore=shutil.ignore_patterns(".terraform", "*.tfstate*")
    )
    (folder / "weakened").mkdir()
    edge = (TERRAFORM / "edge.tf").read_text(encoding="utf-8").replace('"TLS_1_2"', '"TLS_1_0"')
    (folder / "weakened" / "edge.tf").write_text(edge, encoding="utf-8")
    settings = folder / "terraform" / "environments" / "production.tfvars"
    answer = subprocess.run(
        [*command, "checkov", "-d", folder, "--var-file", settings, *_OFFLINE],
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(answer.stdout)
    assert told["summary"]["passed"] > 0, answer.stderr
    found: dict[str, set[tuple[str, str]]] = {"terraform": set(), "weakened": set()}
    for each in told["results"]["failed_checks"]:
        found[each["file_path"].split("/")[1]].add((each["check_id"], each["resource"]))
    return found


def test_every_finding_is_argued_and_every_argument_is_about_a_finding(
    findings: dict[str, set[tuple[str, str]]],
) -> None:
    page = (TERRAFORM / "findings.md").read_text(encoding="utf-8")
    assert findings["terraform"] == {(check, resource) for check, resource, _ in _ROW.findall(page)}


def test_the_scanner_sees_what_is_wrong(findings: dict[str, set[tuple[str, str]]]) -> None:
    assert ("CKV_GCP_4", "google_compute_ssl_policy.edge") in findings["weakened"]
