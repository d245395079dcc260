"""`./dev deploy` says what is missing, asks before it changes anything, and looks at what it has made."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.cli.fault import Fault
from local.deploy.deployment import Folders, deploy
from local.deploy.preflight import RIGHTS
from tests.deploy.cloud import PROJECT, Cloud, options
from tests.deploy.terraform import Terraform, skip_without_stand_in


def changing(cloud: Cloud) -> list[list[str]]:
    """Commands that change something in the cloud."""
    return [words for words in cloud.asked() if words[:2] == ["terraform", "apply"] or "add" in words]


def test_a_dry_run_needs_neither_cloud_nor_programs(
    root: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(options(dry_run=True), root, cloud.environment) == 0
    assert "terraform apply" in capsys.readouterr().out
    assert cloud.asked() == []


def test_a_dry_run_without_settings_says_that_the_example_stands_in(
    root: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").unlink()
    assert deploy(options(dry_run=True), root, cloud.environment) == 0
    assert "production.tfvars stands in, an example" in capsys.readouterr().out


def test_all_that_is_missing_is_told_at_once_with_what_helps(
    root: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").unlink()
    assert deploy(options(), root, cloud.environment) == 1
    told = capsys.readouterr().err
    assert "gcloud is not installed." in told
    assert "Terraform is not installed." in told
    assert "There are no settings" in told
    assert told.count("https://") == 2


def test_a_destroy_says_what_it_cannot_begin_without(
    root: Path, cloud: Cloud, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").unlink()
    (cloud.home / "gcloud-auth-application-default-print-access-token").unlink()
    assert deploy(options(destroy=True, yes=True), root, ready) == 1
    told = capsys.readouterr().err
    assert "Before this can be destroyed:" in told
    assert "There are no settings" in told
    assert "Terraform has no credentials." in told
    assert not any(words[0] == "terraform" and words[1] != "version" for words in cloud.asked())


def test_a_destroy_needs_no_gcloud(root: Path, cloud: Cloud, ready: dict[str, str]) -> None:
    (Path(ready["PATH"]) / "gcloud").unlink()
    with pytest.raises(Fault, match="nothing to destroy"):
        deploy(options(destroy=True, yes=True), root, ready)


@pytest.mark.parametrize(
    ("command", "answer", "told"),
    [
        ("gcloud projects describe", '{"lifecycleState": "DELETE_REQUESTED"}', "There is no project"),
        ("gcloud billing projects describe", '{"billingEnabled": false}', "billing/linkedaccount"),
        ("gcloud services list", "iam.googleapis.com", "gcloud services enable cloudresourcemanager"),
        ("terraform version", '{"terraform_version": "1.5.7"}', "Terraform 1.9 or newer"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(
    command: str,
    answer: str,
    told: str,
    root: Path,
    cloud: Cloud,
    ready: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    cloud.answers(command, answer)
    assert deploy(options(yes=True), root, ready) == 1
    assert told in capsys.readouterr().err
    assert changing(cloud) == []


def test_a_right_that_the_person_lacks_is_named(
    root: Path,
    cloud: Cloud,
    ready: dict[str, str],
    rights: tuple[str, list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    rights[1].remove("run.services.setIamPolicy")
    assert deploy(options(yes=True), root, ready) == 1
    assert "You may not run.services.setIamPolicy in tested-project." in capsys.readouterr().err


BUDGET = 'budget = { billing_account = "012345-6789AB-CDEF01", amount = 100, currency = "EUR" }'


@pytest.mark.parametrize(
    ("budget", "rollback", "held", "warned"),
    [
        (BUDGET, False, "", True),
        (BUDGET, True, "", False),
        (BUDGET, False, "billing.budgets.create", False),
        (BUDGET, False, "billing.resourcebudgets.write", False),
        (f"# {BUDGET}\n// {BUDGET}\n/*\n{BUDGET}\n*/", False, "", False),
    ],
)
def test_who_may_not_make_the_budget_is_warned_and_not_stopped(
    budget: str,
    rollback: bool,
    held: str,
    warned: bool,
    root: Path,
    ready: dict[str, str],
    rights: tuple[str, list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").open("a") as settings:
        settings.write(f"\n{budget}\n")
    rights[1][:] = [*RIGHTS, held]
    if rollback:
        with pytest.raises(Fault, match="no good deploy before"):
            deploy(options(rollback=True), root, ready)
    else:
        assert deploy(options(plan_only=True), root, ready) == 0
    told = "neither billing.budgets.create on billing account 012345-6789AB-CDEF01 nor"
    assert (told in capsys.readouterr().out) == warned


def test_an_oauth_client_of_another_project_is_told(
    root: Path, cloud: Cloud, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.answers("gcloud projects describe", {"lifecycleState": "ACTIVE", "projectNumber": "8"})
    assert deploy(options(yes=True), root, ready) == 1
    told = capsys.readouterr().err
    assert "is of another project" in told
    assert "auth/clients?project=tested-project" in told


def test_what_google_does_not_tell_of_the_consent_screen_is_told_to_be_looked_at(
    root: Path, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(options(plan_only=True), root, ready) == 0
    told = capsys.readouterr().out
    assert "Look at the consent screen yourself" in told
    assert "auth/branding?project=tested-project" in told


def test_values_of_the_example_are_not_deployed(
    root: Path, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    environments = root / "infra" / "terraform" / "environments"
    shutil.copy(environments / "production.tfvars", environments / f"{PROJECT}.tfvars")
    assert deploy(options(yes=True), root, ready) == 1
    told = capsys.readouterr().err
    assert "no OAuth client of yours" in told
    examples = re.findall(
        r'"[^"\n]*(?:example|000000)[^"\n]*"', (environments / "production.tfvars").read_text()
    )
    assert len(examples) >= 10
    assert [example for example in examples if example not in told] == []


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ('alert_emails = ["me@acme.invalid", "on-call@example.com"]', True),
        ('budget = { billing_account = "000000-000000-000000", amount = 1, currency = "EUR" }', True),
        ('playbooks_url = "https://git.example.com/x"', True),
        ('# alert_emails = ["on-call@example.com"]', False),
        ('playbooks_url = "https://my-example.com/x" # not example.com', False),
    ],
)
def test_one_value_of_the_example_is_enough_to_stop_and_a_comment_is_none(
    line: str, refused: bool, root: Path, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with (root / "infra" / "terraform" / "environments" / f"{PROJECT}.tfvars").open("a") as settings:
        settings.write(f"\n{line}\n")
    assert deploy(options(plan_only=True), root, ready) == int(refused)
    assert ("values of the example" in capsys.readouterr().err) == refused


def test_a_plan_only_changes_nothing(root: Path, cloud: Cloud, ready: dict[str, str]) -> None:
    assert deploy(options(plan_only=True), root, ready) == 0
    assert ["terraform", "plan"] in [words[:2] for words in cloud.asked()]
    assert changing(cloud) == []


def test_where_nobody_can_be_asked_nothing_is_applied(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    with pytest.raises(Fault, match="--yes"):
        deploy(options(), root, ready)
    assert changing(cloud) == []


def test_a_deploy_makes_keys_asks_for_the_other_secrets_and_prints_what_to_paste(
    root: Path, cloud: Cloud, ready: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy(options(yes=True), root, ready) == 0
    told = capsys.readouterr().out
    assert "https://192.0.2.9/oauth/callback" in told
    assert "gcloud secrets versions add crm-gmail-google-client-secret" in told
    assert "192.0.2.9 -> 192.0.2.1" in told
    added = [words for words in cloud.asked() if "add" in words]
    assert [words[4] for words in added] == ["crm-gmail-token-key"]
    assert len(bytes.fromhex(added[0][-1])) == 32
    assert added[0][-1] not in told


def test_a_second_deploy_leaves_secrets_that_have_a_version_alone(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    cloud.answers("gcloud secrets versions list", "1")
    assert deploy(options(yes=True), root, ready) == 0
    assert [words for words in cloud.asked() if "add" in words] == []


def test_pubsub_has_its_service_agent_before_terraform_grants_it_anything(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    assert deploy(options(yes=True), root, ready) == 0
    asked = [" ".join(words) for words in cloud.asked()]
    agent = "gcloud beta services identity create --service pubsub.googleapis.com --project tested-project --quiet"
    on = "gcloud services enable pubsub.googleapis.com --project tested-project --quiet"
    apply = next(place for place, command in enumerate(asked) if command.startswith("terraform apply"))
    assert asked.index(on) < asked.index(agent) < apply


def test_without_the_service_agent_nothing_is_applied(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    (cloud.home / "gcloud-beta-services-identity-create").unlink()
    with pytest.raises(Fault, match="service agent cannot be made: no answer to beta"):
        deploy(options(yes=True), root, ready)
    assert changing(cloud) == []


def test_a_failing_apply_ends_the_deploy(root: Path, cloud: Cloud, ready: dict[str, str]) -> None:
    (cloud.home / "terraform-apply").unlink()
    with pytest.raises(Fault, match="terraform apply"):
        deploy(options(yes=True), root, ready)
    assert [words for words in cloud.asked() if "add" in words] == []


def test_a_destroy_of_what_was_never_deployed_changes_nothing(
    root: Path, cloud: Cloud, ready: dict[str, str]
) -> None:
    with pytest.raises(Fault, match="nothing to destroy"):
        deploy(options(yes=True, destroy=True), root, ready)
    assert changing(cloud) == []


def test_the_plan_of_the_command_is_one_that_terraform_takes(
    root: Path, ready: dict[str, str], terraform: Terraform
) -> None:
    skip_without_stand_in(terraform)
    real = shutil.which("terraform")
    assert real is not None
    program = Path(ready["PATH"]) / "terraform"
    program.unlink()
    program.symlink_to(real)
    environment = {**terraform.environment, **ready, "PATH": f"{ready['PATH']}:/usr/bin:/bin"}
    (root / "infra" / "terraform" / "backend.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    assert deploy(options(plan_only=True), root, environment) == 0
    plan = root / ".dev" / "deploy" / PROJECT / "plan.tfplan"
    shown = subprocess.run(
        [real, "show", "-no-color", str(plan)],
        cwd=root / "infra" / "terraform",
        env={**environment, "TF_DATA_DIR": str(Folders(root).working_directory(options()))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 to change, 0 to destroy" in shown.stdout
