"""Two projects that are deployed from one checkout, with the real Terraform: none touches what the other has."""

import json
import os
import shutil
from pathlib import Path

import pytest

from local.cli.fault import Fault
from local.deploy.options import Options
from local.deploy.programs import Programs
from local.deploy.removal import destroy
from local.deploy.terraform import Plan
from tests.deploy.repository import is_not_tried

SYSTEM = """
variable "project" {}
variable "region" {}
resource "terraform_data" "system" { triggers_replace = var.project }
output "kept_by_destroy" { value = [] }
output "public_url" { value = "https://${var.project}.invalid" }
output "secrets" { value = {} }
"""
"""What needs no provider, and would be replaced as everything in a project is where the project is another one."""


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    if shutil.which("terraform") is None:
        is_not_tried("TERRAFORM IS NOT INSTALLED: the states of two projects were not tried")
    (tmp_path / "main.tf").write_text(SYSTEM, encoding="utf-8")
    (tmp_path / "empty.tfvars").touch()
    return Programs(tmp_path, {"PATH": os.environ["PATH"], "HOME": str(tmp_path)})


def plan_for(project: str, programs: Programs, *, gone: bool = False) -> Plan:
    options = Options(project, "europe-west1", None, False, False, True, False, destroy=gone)
    nothing = programs.folder / "empty.tfvars"
    return Plan(options, nothing, nothing, programs.folder / f"{project}.tfplan")


def planned(plan: Plan, programs: Programs, *, own_state: bool = True) -> list[list[str]]:
    """What is planned to be done with each resource."""
    for command in (plan.init(), *([plan.select()] if own_state else []), plan.plan()):
        programs.show(command)
    told = programs.ask("terraform", "show", "-json", str(plan.file)).json()
    return [row["change"]["actions"] for row in told.get("resource_changes", [])]


@pytest.fixture
def staging(programs: Programs) -> Plan:
    """A project that is deployed."""
    plan = plan_for("acme-staging", programs)
    assert planned(plan, programs) == [["create"]]
    programs.show(plan.apply())
    return plan


def test_the_second_project_takes_nothing_of_the_first(programs: Programs, staging: Plan) -> None:
    production = plan_for("acme-production", programs)
    assert planned(production, programs) == [["create"]]
    programs.show(production.apply())
    assert planned(staging, programs) == [["no-op"]]


def test_the_control_in_one_state_the_second_project_is_the_end_of_the_first(
    programs: Programs, staging: Plan
) -> None:
    assert planned(plan_for("acme-production", programs), programs, own_state=False) == [["delete", "create"]]


def test_destroying_one_project_leaves_the_other(programs: Programs, staging: Plan) -> None:
    with pytest.raises(Fault, match="knows of nothing in acme-production"):
        destroy(programs, plan_for("acme-production", programs, gone=True))
    assert planned(staging, programs) == [["no-op"]]

    assert destroy(programs, plan_for("acme-staging", programs, gone=True)) == 0
    assert json.loads(programs.ask("terraform", "output", "-json").text) == {}
