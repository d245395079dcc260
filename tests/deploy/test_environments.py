"""Projects that are deployed from one checkout, with the real Terraform: each keeps to its own state."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.cli.fault import Fault
from local.deploy.deployment import Folders
from local.deploy.programs import Programs
from local.deploy.removal import destroy
from local.deploy.terraform import Plan, take_state
from tests.deploy.cloud import options
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
NOTHING, THERE = [["create"]], [["no-op"]]


@dataclass(frozen=True)
class Project:
    """A project that is deployed from the checkout."""

    programs: Programs
    plan: Plan

    def planned(self) -> list[list[str]]:
        """What is planned to be done with each resource, with the state that is selected."""
        self.programs.show(self.plan.plan())
        told = self.programs.ask("terraform", "show", "-json", str(self.plan.file)).json()
        return [row["change"]["actions"] for row in told.get("resource_changes", [])]

    def deploy(self) -> None:
        take_state(self.programs, self.plan)
        self.apply()

    def apply(self) -> None:
        """All is made anew."""
        assert self.planned() == NOTHING
        self.programs.show(self.plan.apply())


@pytest.fixture
def checkout(tmp_path: Path) -> Folders:
    if shutil.which("terraform") is None:
        is_not_tried("TERRAFORM IS NOT INSTALLED: the states of two projects were not tried")
    folders = Folders(tmp_path)
    folders.terraform.mkdir(parents=True)
    (folders.terraform / "main.tf").write_text(SYSTEM, encoding="utf-8")
    (tmp_path / "empty.tfvars").touch()
    return folders


def project(name: str, checkout: Folders, **how: bool) -> Project:
    asked, nothing = options(name, yes=True, **how), checkout.root / "empty.tfvars"
    environment = {"PATH": os.environ["PATH"], "HOME": str(checkout.root)}
    plan = Plan(asked, nothing, nothing, checkout.root / f"{name}.tfplan")
    return Project(checkout.programs(asked, environment), plan)


def workspaces(checkout: Folders) -> list[str]:
    return sorted(each.name for each in checkout.terraform.glob("terraform.tfstate.d/*"))


def test_two_projects_that_are_deployed_at_once_keep_to_their_own(checkout: Folders) -> None:
    staging, production = project("acme-staging", checkout), project("acme-production", checkout)
    take_state(staging.programs, staging.plan)
    production.deploy()
    staging.apply()
    assert (staging.planned(), production.planned()) == (THERE, THERE)


def test_the_control_in_one_working_directory_the_first_finds_the_seconds_state_selected(
    checkout: Folders,
) -> None:
    staging = project("acme-staging", checkout)
    staging.deploy()
    production = Project(staging.programs, project("acme-production", checkout).plan)
    production.deploy()
    assert staging.planned() == [["delete", "create"]]


def test_a_look_at_a_project_that_was_never_deployed_makes_nothing(checkout: Folders) -> None:
    project("acme-staging", checkout).deploy()
    look = project("acme-production", checkout, plan_only=True)
    take_state(look.programs, look.plan)
    assert look.planned() == NOTHING
    never = project("acme-production", checkout, destroy=True)
    with pytest.raises(Fault, match="knows of nothing in acme-production"):
        destroy(never.programs, never.plan)
    assert workspaces(checkout) == ["acme-staging"]


def test_destroying_one_project_leaves_the_other(checkout: Folders) -> None:
    staging, production = project("acme-staging", checkout), project("acme-production", checkout)
    staging.deploy()
    production.deploy()
    gone = project("acme-staging", checkout, destroy=True)
    assert destroy(gone.programs, gone.plan) == 0
    assert (staging.planned(), production.planned()) == (NOTHING, THERE)


def test_a_state_from_before_there_were_workspaces_is_not_left_behind_but_moved(checkout: Folders) -> None:
    staging = project("acme-staging", checkout)
    staging.programs.show(staging.plan.init())
    staging.apply()
    with pytest.raises(Fault, match="acme-staging has no workspace of its own") as fault:
        take_state(staging.programs, staging.plan)
    assert workspaces(checkout) == []

    told = [line.strip() for line in str(fault.value).splitlines() if line.startswith("  ")]
    by_hand = {"PATH": os.environ["PATH"], "HOME": str(checkout.root)}
    script = "set -e\n" + "\n".join(told).replace("ID", "acme-staging")
    subprocess.run(["sh", "-c", script], cwd=checkout.terraform, env=by_hand, check=True)
    take_state(staging.programs, staging.plan)
    assert staging.planned() == THERE
    project("acme-production", checkout).deploy()
