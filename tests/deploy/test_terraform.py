"""infra/terraform is well-formed, and its own tests pass on the plan of two environments."""

import json
from pathlib import Path

from local.bundles.archive import build, write_variables
from tests.deploy.repository import ROOT, TERRAFORM
from tests.deploy.terraform import Terraform, Verdict, of_every_environment, skip_without_stand_in


def test_the_files_are_formatted(terraform: Terraform) -> None:
    answer = terraform.run("fmt", "-check", "-recursive", "-diff")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_configuration_is_valid(terraform: Terraform) -> None:
    answer = terraform.run("validate", "-json")
    assert json.loads(answer.stdout)["valid"], answer.stdout


def test_the_properties_hold_on_the_plan(planned: Verdict) -> None:
    assert set(planned.outcomes.values()) == {"pass"}, planned.told


def test_every_test_file_was_run(verdicts: dict[str, Verdict]) -> None:
    files = {f"tests/{path.name}" for path in (TERRAFORM / "tests").glob("*.tftest.hcl")}
    run = {e: {name.split(":")[0] for name in each.outcomes} for e, each in verdicts.items()}
    assert set().union(*run.values()) == files
    assert len(of_every_environment()) >= 4
    assert all(set(of_every_environment()) <= each for each in run.values()), run


def test_a_property_that_does_not_hold_is_told(terraform: Terraform) -> None:
    answer = terraform.run(
        "test",
        "-filter=tests/system_store.tftest.hcl",
        "-var-file=environments/production.tfvars",
        "-var=protect_data=false",
    )
    assert answer.returncode != 0
    assert "Production keeps its data from being deleted." in answer.stdout + answer.stderr


def test_a_plan_with_the_real_bundles_makes_everything_and_changes_nothing(
    terraform: Terraform, tmp_path: Path
) -> None:
    skip_without_stand_in(terraform)
    write_variables(build(ROOT, tmp_path), tmp_path / "bundles.tfvars.json")
    where = ("-var=project=tested-project", "-var=region=europe-west1")
    files = ("-var-file=environments/staging.tfvars", f"-var-file={tmp_path / 'bundles.tfvars.json'}")
    answer = terraform.run("plan", "-input=false", "-lock=false", *where, *files)
    assert answer.returncode == 0, answer.stderr
    assert " to add, 0 to change, 0 to destroy." in answer.stdout


def test_no_value_of_a_secret_passes_through_terraform(planned: Verdict) -> None:
    assert not list(planned.of("google_secret_manager_secret_version"))
    text = "".join(path.read_text(encoding="utf-8") for path in TERRAFORM.rglob("*.tf"))
    assert "secret_data" not in text
    assert "google_service_account_key" not in text
