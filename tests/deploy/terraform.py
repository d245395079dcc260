"""Terraform with a provider: the stand-in that needs no network where there is one, else the real one."""

import functools
import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.repository import ROOT, TERRAFORM, is_not_tried

ENVIRONMENTS = ("staging", "production")
_CACHE = ROOT / ".dev"
_NOT_COPIED = shutil.ignore_patterns(
    ".terraform", ".terraform.lock.hcl", "*.tfstate*", "*.tfplan", "backend.tf"
)


@dataclass(frozen=True)
class Terraform:
    """A copy of infra/terraform that is initialised. `offline`: the provider is the stand-in."""

    folder: Path
    environment: Mapping[str, str]
    offline: bool

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one command in the copy; it asks nothing and uses no colour."""
        return _terraform(self.folder, self.environment, *arguments)


@dataclass(frozen=True)
class Resource:
    """A resource of a plan: its address and type, and its attributes as far as they are known."""

    address: str
    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What `terraform test` said of one environment: outcome by run, its words, and the plan behind it."""

    environment: str
    outcomes: Mapping[str, str]
    told: str
    resources: tuple[Resource, ...]

    def of(self, kind: str) -> Iterator[Resource]:
        """The resources of a type."""
        return (each for each in self.resources if each.kind == kind)


def prepare(folder: Path) -> Terraform:
    """Copies infra/terraform to `folder` and initialises it. Where that cannot be, `is_not_tried`."""
    if shutil.which("terraform") is None:
        is_not_tried("TERRAFORM IS NOT INSTALLED: nothing of infra/terraform was tested")
    shutil.copytree(TERRAFORM, folder, ignore=_NOT_COPIED)
    stand_in = _stand_in()
    environment = _environment(stand_in)
    made = _terraform(folder, environment, "init", "-backend=false", "-input=false")
    if made.returncode and stand_in is None and "registry.terraform.io" in made.stderr:
        is_not_tried("NO TERRAFORM PROVIDER CAN BE REACHED: nothing of infra/terraform was tested")
    assert made.returncode == 0, made.stderr
    return Terraform(folder, environment, offline=stand_in is not None)


def skip_without_stand_in(terraform: Terraform) -> None:
    """For tests of `terraform plan`: the real provider plans with a cloud account only. Skips, loudly."""
    if not terraform.offline:
        warnings.warn("NO STAND-IN FOR THE PROVIDER: `terraform plan` was not tried", stacklevel=2)
        pytest.skip("ONLY THE REAL PROVIDER IS HERE: `terraform plan` was not tried; `terraform test` was")


def run_tests(terraform: Terraform, environment: str) -> Verdict:
    """Runs the tests of the system with the settings of an environment; with the first one's, all others too."""
    command = ["test", f"-var-file=environments/{environment}.tfvars", "-json", "-verbose"]
    if environment != ENVIRONMENTS[0]:
        command += [f"-filter={file}" for file in of_every_environment()]
    answer = terraform.run(*command)
    outcomes: dict[str, str] = {}
    told: list[str] = []
    resources: tuple[Resource, ...] = ()
    for line in answer.stdout.splitlines():
        event = json.loads(line)
        run = event.get("test_run", {})
        if event["type"] == "test_run" and run.get("progress") == "complete":
            outcomes[f"{run['path']}:{run['run']}"] = run["status"]
        if event.get("@level") == "error":
            told.append(str(event.get("diagnostic", event["@message"])))
        if event["type"] == "test_plan" and event["@testrun"] == "entry_points":
            resources = tuple(_resources(event["test_plan"]))
    return Verdict(environment, outcomes, "\n".join(told) + answer.stderr, resources)


def of_every_environment() -> list[str]:
    """The test files whose properties hold in each environment."""
    return [f"tests/{path.name}" for path in sorted((TERRAFORM / "tests").glob("system_*.tftest.hcl"))]


def _resources(plan: Mapping[str, Any]) -> Iterator[Resource]:
    for each in plan["resource_changes"]:
        if each["mode"] == "managed":
            yield Resource(each["address"], each["type"], each["change"]["after"])


@functools.cache
def _stand_in() -> Path | None:
    """The configuration file of an installed stand-in; None where there is no stand-in."""
    named = os.environ.get("TERRAFORM_OFFLINE")
    beside = ROOT.parent.glob("*/terraform-offline/setup")
    setup = Path(named) / "setup" if named else next(iter(sorted(beside)), None)
    if setup is None:
        return None
    target = _CACHE / "terraform-offline"
    if not (target / "offline.tfrc").exists():
        subprocess.run([setup, target], check=True, capture_output=True)
    return target / "offline.tfrc"


def _environment(stand_in: Path | None) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    if stand_in is not None:
        return {**ours, "TF_CLI_CONFIG_FILE": str(stand_in)}
    plugins = _CACHE / "terraform-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    return {**ours, "TF_PLUGIN_CACHE_DIR": str(plugins)}


def _terraform(
    folder: Path, environment: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    command = ["terraform", *arguments]
    if arguments[0] != "fmt" and "-json" not in arguments:
        command.append("-no-color")
    return subprocess.run(
        command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )
