"""`./dev deploy --destroy` asks, destroys all but the data, and says what is left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.cli.fault import Fault
from local.deploy.programs import Programs
from local.deploy.removal import destroy
from local.deploy.terraform import Plan
from tests.deploy.cloud import PROJECT, Cloud, options
from tests.deploy.repository import ROOT

KEPT = ["Firestore database (default): forgotten by Terraform, not deleted", "APIs: stay on"]
SECRET = 'google_secret_manager_secret.secret["token-key"]'
SERVICE = 'google_project_service.api["run.googleapis.com"]'


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    """A system that is deployed, and a Terraform that can destroy it."""
    (tmp_path / "bin").mkdir()
    cloud = Cloud(tmp_path)
    cloud.installs("terraform")
    for command in ("init", "workspace select", "plan", "apply"):
        cloud.answers(f"terraform {command}")
    cloud.answers("terraform workspace list", f"  default\n* {PROJECT}\n")
    outputs = {
        "kept_by_destroy": {"value": KEPT},
        "public_url": {"value": "https://mail.acme.invalid"},
        "secrets": {"value": {"token-key": "projects/7/secrets/crm-gmail-token-key"}},
    }
    cloud.answers("terraform output", json.dumps(outputs))
    return cloud


def destroyed(cloud: Cloud, *, yes: bool = True) -> int:
    plan = Plan(
        options(yes=yes, destroy=True), Path("ours.tfvars"), Path("bundles.tfvars.json"), Path("plan.tfplan")
    )
    return destroy(Programs(cloud.home, cloud.environment), plan)


def commands(cloud: Cloud) -> list[str]:
    return [words[1] for words in cloud.asked()]


def test_what_is_left_is_told(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert destroyed(cloud) == 0
    assert commands(cloud) == ["init", "workspace", "workspace", "output", "plan", "apply"]
    assert "-destroy" in cloud.asked()[-2]
    assert cloud.asked()[-1][-1] == "plan.tfplan"
    told = capsys.readouterr().out
    assert all(told.count(each) == 2 for each in KEPT)
    assert "gcloud" not in told, "nothing was protected"
    assert "Terraform's workspace tested-project" in told
    assert "DNS record of mail.acme.invalid" in told


@pytest.mark.parametrize("typed", ["", "yes", "another-project"])
def test_nothing_goes_before_the_project_is_typed(
    typed: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    assert destroyed(cloud, yes=False) == 0
    assert "apply" not in commands(cloud)
    assert "Nothing was changed." in capsys.readouterr().out


def test_where_nobody_can_be_asked_nothing_goes(cloud: Cloud) -> None:
    with pytest.raises(Fault, match="Nobody can be asked here"):
        destroyed(cloud, yes=False)
    assert "apply" not in commands(cloud)


def test_where_nothing_is_deployed_nothing_is_planned(cloud: Cloud) -> None:
    cloud.answers("terraform output", "{}")
    with pytest.raises(Fault, match="nothing to destroy"):
        destroyed(cloud)
    assert commands(cloud) == ["init", "workspace", "workspace", "output"]


def test_a_destroy_that_stopped_at_protected_secrets_alone_is_complete_and_says_how_to_lose_the_rest(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    (cloud.home / "terraform-apply").unlink()
    cloud.answers("terraform state list", f"data.google_project.this\n{SERVICE}\n{SECRET}\n")
    assert destroyed(cloud) == 0
    told = capsys.readouterr().out
    assert "The system is gone." in told
    # Terraform no longer knows the database: another deploy would stop at it.
    assert "protect_data" not in told
    assert [line.strip() for line in told.splitlines() if "gcloud" in line] == [
        "gcloud firestore databases update --database='(default)' --project tested-project --no-delete-protection",
        "gcloud firestore databases delete --database='(default)' --project tested-project",
        "gcloud secrets delete crm-gmail-token-key --project tested-project",
    ]


@pytest.mark.parametrize(
    "state",
    [None, "", f"{SERVICE}\n", f'{SECRET}\ngoogle_pubsub_topic.topic["gmail"]\n'],
    ids=["unknown", "empty", "no secret", "a topic"],
)
def test_a_destroy_that_stopped_at_anything_else_is_a_fault(state: str | None, cloud: Cloud) -> None:
    (cloud.home / "terraform-apply").unlink()
    if state is not None:
        cloud.answers("terraform state list", state)
    with pytest.raises(Fault, match="Not all is gone"):
        destroyed(cloud)


def test_the_command_is_one_of_the_ways_to_deploy() -> None:
    words = ["deploy", "--project", "tested-project", "--region", "europe-west1", "--destroy", "--rollback"]
    answer = subprocess.run(
        [sys.executable, "-m", "local.cli", *words],
        cwd=ROOT,
        check=False,
        env=dict(os.environ),
        capture_output=True,
        text=True,
    )
    assert "not allowed with argument --destroy" in answer.stderr
